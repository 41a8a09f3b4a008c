"""Concordance files: a CSV of which official category holds which group, with who says so.

Columns, under the names that concordances of classifications use: `citizen_group` (an id of the taxonomy or a label as
records write it), `official_code` (code or label of the category), `relation` (exact, narrower, broader or overlap: how
the category stands to the group), and, where known, `share` (of the category's people who are of the group, 0 to 1),
`source` and `reviewer`.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from geodata.taxonomy.declared import Correspondence
from geodata.taxonomy.manifest import InvalidGroups, groups_from

_COLUMNS = {"citizen_group": "group", "official_code": "category", "relation": "relation"}
_OPTIONAL = ("share", "source", "reviewer")


class InvalidConcordance(ValueError):
    """A concordance file cannot be read; the message names the file, the row and the way to mend it."""


def read_concordance(path: Path) -> tuple[Correspondence, ...]:
    """Return the rows of a concordance file. Raises `InvalidConcordance`."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path.name}: the concordance cannot be read as UTF-8 text: {error}"
        raise InvalidConcordance(msg) from error
    reader = csv.DictReader(lines)
    if missing := sorted(set(_COLUMNS) - set(reader.fieldnames or ())):
        msg = f"{path.name}: the concordance has no column {', '.join(missing)}; write it in the first row"
        raise InvalidConcordance(msg)
    return tuple(_row(path.name, number, row) for number, row in enumerate(reader, 2))


def _row(name: str, number: int, row: dict[str, Any]) -> Correspondence:
    said: dict[str, Any] = {field: (row.get(column) or "").strip() for column, field in _COLUMNS.items()}
    said |= {field: text for field in _OPTIONAL if (text := (row.get(field) or "").strip())}
    try:
        if "share" in said:
            said["share"] = float(said["share"])
        return groups_from({"concordance": [said]}).concordance[0]
    except InvalidGroups as error:
        msg = f"{name}, row {number}: {str(error).removeprefix('groups: ')}"
        raise InvalidConcordance(msg) from error
    except ValueError as error:
        msg = f"{name}, row {number}: share = {said['share']!r} is no number; write a share of one half as 0.5"
        raise InvalidConcordance(msg) from error
