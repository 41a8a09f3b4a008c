"""Findings beside what is true of them: two files joined by record, with the columns to take them apart by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.files.columns import read_places
from geodata.files.tables import Table, read_table
from geodata.names.scripts import script_of
from matchers.evaluation.outcomes import Outcomes
from service.errors import INVALID, Problem
from service.offline.truth import RECORD, read_truth

#: What findings must say to be measured.
_NEEDED = (RECORD, "verdict", "p_absent", "official_id", "attributes")

Values = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Files:
    """Findings as `uncounted compare` writes them, what is true, and how to take them apart."""

    findings: Path
    truth: Path
    citizen: Path | None = None  # the file that was compared: brings country, kind and its own columns
    by: tuple[str, ...] = ()  # further columns to take the figures apart by
    cluster: str | None = None  # column of what errs together, for the intervals; None: each record by itself


@dataclass(frozen=True)
class Labelled:
    """Findings whose truth is known; every column by record."""

    outcomes: Outcomes
    parts: dict[str, Values]  # columns to take the figures apart by
    cluster: NDArray[np.int64]  # the number of the group each record errs with
    notes: tuple[str, ...]  # what was left out


def read_labelled(files: Files) -> Labelled:
    """Join findings and truth by record. What only one of them has is left out and told in the notes.

    Raises `UnreadableTable` when a file cannot be read, `Problem` (invalid) when columns are missing, a label is not
    known, or the files have no record in common.
    """
    truth = read_truth(files.truth)
    table = _findings(files.findings)
    ids = [_id(written, truth) for written in _texts(table, RECORD)]
    notes = _mismatch(files, ids, set(truth))
    kept = [row for row, record in enumerate(ids) if record in truth]
    rows = _rows(table)
    known = [ids[row] for row in kept]
    outcomes = Outcomes.of([rows[row] for row in kept], [truth[record] for record in known])
    columns = _columns(files, table, ids)
    usual = tuple(name for name in ("script", "country", "kind") if name in columns)
    by = {name: _named(columns, name) for name in (*usual, *files.by)}
    groups = {} if files.cluster is None else _named(columns, files.cluster)
    cluster = np.unique([groups.get(record) or record for record in known], return_inverse=True)[1]
    said: dict[str, Values] = {name: [values.get(record) for record in known] for name, values in by.items()}
    return Labelled(outcomes, said, cluster.astype(np.int64), notes)


def _findings(path: Path) -> Table:
    table = read_table(path)
    if missing := [name for name in _NEEDED if name not in table.headers]:
        detail = f"{path.name} has no column {', '.join(missing)}. Give a file that `uncounted compare` wrote."
        raise Problem(INVALID, detail)
    return table


def _rows(table: Table) -> list[dict[str, Any]]:
    """Return the findings as `Outcomes` reads them; lists were joined with semicolons in CSV."""
    columns = {name: _texts(table, name) for name in _NEEDED}
    return [
        {
            "verdict": columns["verdict"][row],
            "p_absent": _number(columns["p_absent"][row]),
            "official_id": columns["official_id"][row],
            "attributes": [one.strip() for one in columns["attributes"][row].split(";")],
        }
        for row in range(len(table))
    ]


def _columns(files: Files, table: Table, ids: Sequence[str]) -> dict[str, Mapping[str, str | None]]:
    """Return every column either file has, each as record id -> value; the citizen file's go before the findings'."""
    found: dict[str, Mapping[str, str | None]] = {
        header: dict(zip(ids, _texts(table, header), strict=True)) for header in table.headers
    }
    if "name" in found:
        found["script"] = {record: script_of(name or "") for record, name in found["name"].items()}
    return found if files.citizen is None else found | _citizen_columns(files.citizen)


def _citizen_columns(path: Path) -> dict[str, Mapping[str, str | None]]:
    table = read_table(path)
    reading = read_places(table)
    places = reading.places
    header = next((header for header, part in reading.mapping.items() if part == "id"), None)
    written = dict(zip(table.rows.tolist(), _texts(table, header), strict=True)) if header else {}
    numbers = reading.rows.tolist()
    ids = [written.get(number) or own for number, own in zip(numbers, places.ids, strict=True)]
    at = dict(zip(numbers, ids, strict=True))
    own = {
        name: {at[row]: value for row, value in zip(table.rows.tolist(), _texts(table, name), strict=True) if row in at}
        for name in table.headers
    }
    read = {
        "script": [script_of(name) for name in places.primary_names],
        "country": places.texts("country"),
        "kind": places.texts("kind"),
    }
    return own | {name: dict(zip(ids, values, strict=True)) for name, values in read.items()}


def _named(columns: Mapping[str, Mapping[str, str | None]], name: str) -> Mapping[str, str | None]:
    if name not in columns:
        detail = f"No file has a column {name}; there are {', '.join(sorted(columns))}."
        raise Problem(INVALID, detail)
    return columns[name]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")  # nothing was looked for


def _texts(table: Table, header: str) -> list[str]:
    return [(value or "").strip() for value in table.columns[header].to_pylist()]


def _id(written: str, truth: dict[str, Any]) -> str:
    """Return a record's id without the apostrophe that CSV puts before what a spreadsheet would run."""
    return written[1:] if written not in truth and written.startswith("'") else written


def _mismatch(files: Files, ids: Sequence[str], truth: set[str]) -> tuple[str, ...]:
    unknown = [record for record in ids if record not in truth]
    missing = sorted(truth.difference(ids))
    if len(unknown) == len(ids):
        detail = (
            f"No record of {files.findings.name} (such as {_some(ids)}) is in {files.truth.name} "
            f"(such as {_some(sorted(truth))}). Both must call a record by the same record_id."
        )
        raise Problem(INVALID, detail)
    twice = [record for record, count in Counter(ids).items() if count > 1 and record in truth]
    told = (
        (unknown, f"records of {files.findings.name} have no truth and were left out"),
        (missing, f"records of {files.truth.name} have no finding and were left out"),
        (twice, f"record ids stand in several rows of {files.findings.name}; each row counts"),
    )
    return tuple(f"{len(some):,} {what}: {_some(some)}." for some, what in told if some)


def _some(ids: Sequence[str]) -> str:
    return ", ".join(ids[:3]) + (" …" if len(ids) > 3 else "") if ids else "none"  # noqa: PLR2004 - enough to know it by
