"""Submissions as JSON: pages of Kobo's API, bodies of its REST services, OData of ODK Central, and lists of either.

A record is flattened to one level, as the CSV exports are ("group/question"); geometry is written as XForms write it,
latitude first, so that all exports go the same way from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from geodata.files.sheet import Table, from_cells, headers_of
from geodata.forms.repeats import Repeat, with_repeats
from geodata.forms.system import tool_of
from geodata.rows import RowProblem

_WRAPPERS = ("results", "value", "submissions", "records", "data")

#: Kobo and ODK nest groups a few deep; deeper is no form.
_DEEPEST = 12

#: How deep any values of a document may stand in one another; writing them again goes no deeper than 254.
DEEPEST = 100


@dataclass(frozen=True)
class _Record:
    row: int  # from 0
    flat: dict[str, str] = field(default_factory=dict)
    repeats: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)


def nests_too_deep(document: Any) -> bool:
    """Return whether values stand in one another more than `DEEPEST` deep; whoever goes down must not fall."""
    level = [document]
    for _ in range(DEEPEST):
        inner = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [each for held in inner for each in held if isinstance(each, dict | list)]
        if not level:
            return False
    return True


def submissions_of(document: Any) -> Table | None:
    """Return the submissions that a JSON document holds as a table, row n the n-th; None when it holds none."""
    items, problems = _items(document)
    records = [item for item in items if isinstance(item, dict)]
    if not records or any(record.get("type") == "Feature" for record in records):
        return None
    if tool_of([key for record in records[:20] for key in _flat(0, record).flat]) is None:
        return None
    flats: list[_Record] = []
    numbers: list[int] = []
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict):
            flats.append(_flat(len(flats), item))
            numbers.append(number)
        else:
            problems.append(RowProblem(number, None, str(item)[:200], "is not a submission", "give an object"))
    keys = list(dict.fromkeys(key for record in flats for key in record.flat))
    headers, doubts = headers_of(keys)
    arrays = [pa.array([record.flat.get(key) for record in flats], type=pa.string()) for key in keys]
    columns = pa.Table.from_arrays(arrays, names=headers)
    table = Table(columns, np.asarray(numbers, dtype=np.int64), (*problems, *doubts))
    return with_repeats(table, _repeats(flats))


def _items(document: Any) -> tuple[list[Any], list[RowProblem]]:
    if isinstance(document, list):
        return document, []
    if not isinstance(document, dict):
        return [], []
    for wrapper in _WRAPPERS:
        items = document.get(wrapper)
        if isinstance(items, list):
            return items, _unfinished(document, len(items))
    return [document], []


def _unfinished(document: Mapping[str, Any], length: int) -> list[RowProblem]:
    count = document.get("count", document.get("@odata.count"))
    if not (document.get("next") or document.get("@odata.nextLink")):
        return []
    of = f" of {count:,}" if isinstance(count, int) else ""
    message = f"the file is one page of several: {length:,}{of} submissions"
    return [RowProblem(None, None, None, message, "fetch the other pages as well, or export all as CSV", fatal=False)]


def _flat(row: int, item: Mapping[str, Any]) -> _Record:
    record = _Record(row)
    _flatten(record, "", item, _DEEPEST)
    return record


def _flatten(record: _Record, group: str, item: Mapping[str, Any], deepest: int) -> None:
    for name, value in item.items():
        key = f"{group}/{name}" if group else str(name)
        if isinstance(value, dict):
            if name == "_validation_status":
                record.flat[key] = str(value.get("uid") or value.get("label") or "")
            elif "coordinates" in value and "type" in value:
                record.flat[key] = _geometry(value)
            elif deepest:
                _flatten(record, key, value, deepest - 1)
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            record.repeats.setdefault(key, []).extend(one for one in value if isinstance(one, dict))
        else:
            record.flat[key] = _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ";".join(_text(one) for one in value)
    return orjson.dumps(value).decode()


def _geometry(value: Mapping[str, Any]) -> str:
    """Write a point, line or polygon, longitude first, as XForms do, latitude first; anything else as it is."""
    try:
        if value["type"] == "Point":
            lon, lat, *rest = map(float, value["coordinates"])
            accuracy = (value.get("properties") or {}).get("accuracy")
            return " ".join(map(repr, [lat, lon, *(rest[:1] or [0.0]), *([float(accuracy)] if accuracy else [])]))
        ring = value["coordinates"][0] if value["type"] == "Polygon" else value["coordinates"]
        return ";".join(f"{float(point[1])!r} {float(point[0])!r} 0.0 0.0" for point in ring)
    except (TypeError, ValueError, IndexError, KeyError):
        return orjson.dumps(value).decode()


def _repeats(records: list[_Record]) -> list[Repeat]:
    """Return the repeats of all records as tables, but those that the tool keeps for itself, such as attachments."""
    names = dict.fromkeys(name for record in records for name in record.repeats)
    found = []
    for name in names:
        rows = [(record.row, _flat(0, row).flat) for record in records for row in record.repeats.get(name, [])]
        keys = list(dict.fromkeys(key for _, row in rows for key in row))
        if name.startswith("_") or not keys:
            continue
        cells = [[row.get(key, "") for key in keys] for _, row in rows]
        found.append(Repeat(name, from_cells(keys, cells, list(range(1, len(rows) + 1))), [row for row, _ in rows]))
    return found
