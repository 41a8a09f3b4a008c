"""Repeated questions, which exports keep in tables of their own, joined to the submission they belong to.

A repeat that asks for names gives other names (with their language where it is asked), a repeat that asks for counts by
group gives a count of each group. What cannot be joined to one row is told and left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from geodata.files.headers import Assignment, assign, fold
from geodata.files.sheet import Table
from geodata.forms.system import OF_SUBMISSION
from geodata.rows import RowProblem

_LANGUAGES = frozenset({"language", "lang", "langue", "idioma", "lingua", "lugha", "language code", "اللغة"})

#: Of the tool, in a table of repeats.
_LINKS = frozenset({"_index", "_parent_index", "_parent_table_name", "key", "parent_key", "__id"})

#: More groups in one form are free text.
_MOST_GROUPS = 200


@dataclass(frozen=True)
class Repeat:
    """The table of a repeat; `parents` says to which row (from 0) of the submissions each of its rows belongs."""

    name: str
    table: Table
    parents: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class _Answers:
    """Columns to be added to the submissions: header -> row -> texts, and the parts that headers do not tell."""

    texts: dict[str, dict[int, list[str]]]
    known: dict[str, str]
    used: set[str]


def with_repeats(table: Table, repeats: Sequence[Repeat]) -> Table:
    """Return the submissions with what their repeats say, as further columns."""
    for repeat in repeats:
        table = _joined(table, repeat)
    return table


def _joined(table: Table, repeat: Repeat) -> Table:
    parts = assign(repeat.table.headers)
    answers = _Answers({}, {}, set())
    _take_names(repeat, parts, answers)
    _take_counts(repeat, parts, answers)
    columns = table.columns
    for header, rows in answers.texts.items():
        cells = [";".join(dict.fromkeys(rows[at])) if at in rows else None for at in range(len(table))]
        columns = columns.append_column(header, pa.array(cells, type=pa.string()))
    known = {**table.known, **answers.known}
    return replace(table, columns=columns, known=known, problems=(*table.problems, *_told(repeat, answers)))


def _column(repeat: Repeat, header: str | None) -> list[str]:
    if header is None:
        return [""] * len(repeat.table)
    return [(cell or "").strip() for cell in repeat.table.columns.column(header).to_pylist()]


def _take_names(repeat: Repeat, parts: Assignment, answers: _Answers) -> None:
    headers = [parts.single.get("name"), *(header for header, _ in parts.alternative_names)]
    spoken = next((header for header in repeat.table.headers if fold(header) in _LANGUAGES), None)
    for header in filter(None, headers):
        answers.used.update({header, spoken} if spoken else {header})
        rows = zip(repeat.parents, _column(repeat, header), _column(repeat, spoken), strict=True)
        for parent, name, language in rows:
            if parent is not None and name:
                code = language.casefold()
                named = f"{repeat.name}/name {code}"
                known = code.isalpha() and bool(assign([named, "name"]).alternative_names)
                column = named if known else f"{repeat.name}/other names"
                answers.texts.setdefault(column, {}).setdefault(parent, []).append(name)


def _take_counts(repeat: Repeat, parts: Assignment, answers: _Answers) -> None:
    group = parts.single.get("count_group") or parts.single.get("groups")
    said = _column(repeat, group)
    if group is None or len(set(said)) > _MOST_GROUPS:
        return
    for count in parts.counts:
        answers.used.update({count.header, group})
        for parent, whose, number in zip(repeat.parents, said, _column(repeat, count.header), strict=True):
            if parent is not None and whose and number:
                header = f"{repeat.name}/{count.unit or 'count'} of {whose}"
                answers.known[f"count.{count.unit or ''}.{whose}"] = header
                answers.texts.setdefault(header, {}).setdefault(parent, [number])


def _told(repeat: Repeat, answers: _Answers) -> list[RowProblem]:
    problems = []
    links = {
        header for header in repeat.table.headers if header.casefold() in _LINKS or header.startswith(OF_SUBMISSION)
    }
    left = [header for header in repeat.table.headers if header not in links | answers.used]
    if left and len(repeat.table):
        which = f"of the repeat {repeat.name} with {len(repeat.table):,} rows"
        message = f"{which} these answers were left out: {', '.join(left)}"
        hint = "names and counts by group are joined to their submission; ask for others outside of the repeat"
        problems.append(RowProblem(None, repeat.name, None, message, hint, fatal=False))
    alone = sum(parent is None for parent in repeat.parents)
    if alone:
        rows = "1 row" if alone == 1 else f"{alone:,} rows"
        message = f"of the repeat {repeat.name} {rows} had no submission in this file"
        hint = "export all submissions with all of their repeats; repeats inside of repeats are not read"
        problems.append(RowProblem(None, repeat.name, None, message, hint, fatal=False))
    return problems
