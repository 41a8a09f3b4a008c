"""Questions with several answers: one column for each answer becomes one column that lists the answers given."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from geodata.files.arrays import joined_of
from geodata.files.headers import assign
from geodata.files.sheet import Table

#: As texts: an array of them here would load pandas wherever this module is imported.
_TICKED = ("1", "true", "True", "TRUE")
_GIVEN = ("0", "false", "False", "FALSE", *_TICKED)
_TICKS = ("", *_GIVEN)

#: Fewer columns of ticks under one heading are questions of a group.
_FEWEST = 2


def with_choices(table: Table) -> Table:
    """Return the table with the split columns of each select-multiple question as one, its answers parted by ";"."""
    for question, columns in _questions(table).items():
        ticked = [_ticked(table, header) for header in columns]
        answers = joined_of(ticked, ";")
        if question in table.headers:
            answers = pc.coalesce(answers, table.columns.column(question).combine_chunks())
        table = _put(table, question, answers, columns)
    return table


def _put(table: Table, question: str, answers: pa.Array, split: list[str]) -> Table:
    columns = table.columns
    if question in table.headers:
        columns = columns.set_column(columns.column_names.index(question), question, answers)
    else:
        columns = columns.add_column(columns.column_names.index(split[0]), question, answers)
    return replace(table, columns=columns.drop_columns(split))


def _questions(table: Table) -> dict[str, list[str]]:
    """Return the questions that were split: "threats" -> "threats/fire", "threats/flood"."""
    below: dict[str, list[str]] = {}
    for header in table.headers:
        question, mark, answer = header.rpartition("/")
        if mark and answer:
            below.setdefault(question, []).append(header)
    return {
        question: columns
        for question, columns in below.items()
        if all(_is_ticks(table, header) for header in columns)
        and any(pc.any(pc.is_in(table.columns.column(header), pa.array(_GIVEN))).as_py() for header in columns)
        and (question in table.headers or (len(columns) >= _FEWEST and not _are_questions(columns)))
    }


def _is_ticks(table: Table, header: str) -> bool:
    cells = table.columns.column(header)
    return pc.all(pc.is_in(cells.drop_null(), pa.array(_TICKS))).as_py() is not False


def _are_questions(columns: list[str]) -> bool:
    return any(part != "attributes" for part in assign(columns).parts().values())


def _ticked(table: Table, header: str) -> pa.Array:
    said = pc.is_in(table.columns.column(header).combine_chunks(), pa.array(_TICKED))
    return pc.if_else(said, pa.scalar(header.rpartition("/")[2]), pa.scalar(None, pa.string()))
