"""A file of known truth: which records a list names, and which are hidden from it."""

from __future__ import annotations

from pathlib import Path

from geodata.files.tables import Table, read_table
from matchers.evaluation.outcomes import Known
from service.errors import INVALID, Problem

#: The columns of the file; `official_id` may be empty or absent, and names several entries as "A|B".
RECORD, LABEL, ENTRY = "record_id", "label", "official_id"
LISTED, HIDDEN = "listed", "hidden"


def read_truth(path: Path) -> dict[str, Known]:
    """Return what is true of each record, by its id, in the order of the file.

    Raises `UnreadableTable` when the file cannot be read, `Problem` (invalid) when it has no such columns, no rows, an
    unknown label, or says two things of one record.
    """
    table = read_table(path)
    ids, labels = _column(table, path, RECORD), _column(table, path, LABEL)
    entries = _column(table, path, ENTRY) if ENTRY in table.headers else [""] * len(table)
    known: dict[str, Known] = {}
    for number, record, label, entry in zip(table.rows.tolist(), ids, labels, entries, strict=True):
        if label.casefold() not in {LISTED, HIDDEN}:
            detail = f"{path.name}, row {number}: the label “{label}” is not known; write {LISTED} or {HIDDEN}."
            raise Problem(INVALID, detail)
        hidden = label.casefold() == HIDDEN
        named = frozenset(one for part in entry.split("|") if (one := part.strip()))
        told = Known(hidden, frozenset() if hidden else named)
        if known.setdefault(record, told) != told:
            detail = f"{path.name}, row {number}: {record} stands here twice, with different truths. Keep one."
            raise Problem(INVALID, detail)
    if not known:
        detail = f"{path.name} holds no rows. Write one per record: {RECORD}, {LABEL}, {ENTRY}."
        raise Problem(INVALID, detail)
    return known


def _column(table: Table, path: Path, header: str) -> list[str]:
    if header not in table.headers:
        there = ", ".join(table.headers) or "none"
        detail = f"{path.name} has no column {header}; its columns are {there}. Name them {RECORD}, {LABEL}, {ENTRY}."
        raise Problem(INVALID, detail)
    return [(value or "").strip() for value in table.columns[header].to_pylist()]
