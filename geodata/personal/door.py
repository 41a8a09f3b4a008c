"""The door: a table of communities as it may be kept, without the columns and words that are about one person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.files.headers import assign
from geodata.files.sheet import Table
from geodata.kinds import kind_of
from geodata.personal import cells as looks
from geodata.personal.headers import suspicions
from geodata.personal.rule import Rule, rules
from geodata.personal.texts import SUSPECT, Blotted, blot
from geodata.rows import RowProblem

#: Cells that could hold something, in RE2's spelling; and those of them that are nothing but a number, a moment or a
#: UUID, of which a column may hold a million.
_SUSPECT = rf"[@=]|%40|{SUSPECT}".replace(r"\d", r"\p{Nd}")
_PLAIN = (
    r"^(?:-?[0-9]{0,17}(?:[.,][0-9]*)?|\+?[0-9]{1,3}[.,][0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.+Z-]*"
    r"|(?:uuid:)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$"
)

#: Phone numbers as a spreadsheet keeps them, in a column that nothing explains and that calls itself no code.
_UNBROKEN = re.compile(r"0[1-9]\d{8,9}")
_CODED = re.compile(r"code|geo|id\b|psgc|fips|ref|key|index|uuid|serial", re.IGNORECASE)

#: Share of different cells that hold nothing else, from which the whole column is dropped.
_MOST, _FEWEST = 0.5, 3

#: Parts of a record whose cells are codes, numbers, dates or points.
_CODES = frozenset(
    {
        "id",
        "lat",
        "lon",
        "geometry",
        "r95_m",
        "accuracy_m",
        "country",
        "observed",
        "founded",
        "count_low",
        "count_high",
        "count_date",
    }
)


@dataclass(frozen=True, slots=True)
class DroppedColumn:
    """A column that was not let in, and the rule that says why. Its cells are not told."""

    header: str
    rule: str  # id
    label: str  # what it is, e.g. "phone number"
    why: str
    cells: int  # that held something
    by_header: bool  # the header said so; otherwise the cells did

    def sentence(self) -> str:
        """Return the notice as one line of text."""
        seen = "by its header" if self.by_header else "by its cells"
        return f"column {self.header}: dropped, {self.label} ({seen}; {self.cells:,} cells). {self.why}"

    def notice(self) -> RowProblem:
        """Return the notice as a problem of the header row; nothing of any row was lost besides."""
        hint = "nothing to do; leave it out of the file next time, or give it another header if it is something else"
        message = f"the column was dropped before anything was kept: {self.label}"
        return RowProblem(1, self.header, None, message, hint, fatal=False)


@dataclass(frozen=True)
class Admitted:
    """What was let in, what was not, and where something was blotted out. No notice holds a value."""

    table: Table
    dropped: tuple[DroppedColumn, ...] = ()
    notices: tuple[RowProblem, ...] = ()


def at_the_door(table: Table, kept: Collection[str] = frozenset(), before: Collection[DroppedColumn] = ()) -> Admitted:
    """Return a table without what is about one person.

    `kept` are headers that a person mapped to a part of the record: such a column is kept where its rule allows it, and
    its cells are blotted all the same. `before` are columns that were dropped from earlier parts of the same file; they
    are dropped again, whatever these cells look like. Rows, their numbers and their order stay.
    """
    parts = assign(table.headers).parts()
    gone = {one.header: one for one in before}
    columns: dict[str, pa.Array] = {}
    dropped: list[DroppedColumn] = []
    notices: list[RowProblem] = []
    for header, column in zip(table.headers, table.columns.columns, strict=True):
        part = parts.get(header, "attributes")
        seen = _Column(header, column.combine_chunks(), part, mapped=header in kept)
        found = _again(seen, gone[header]) if header in gone else seen.dropped()
        if found is not None:
            dropped.append(found)
            continue
        columns[header], blotted = seen.blotted(table)
        notices += blotted
    names = frozenset(one.header for one in dropped)
    problems = tuple(_without_value(problem, names) for problem in table.problems)
    kept_columns = pa.table(columns) if columns else table.columns.select([])
    known = {part: header for part, header in table.known.items() if header not in names}
    admitted = replace(table, columns=kept_columns, problems=problems, known=known)
    return Admitted(admitted, tuple(dropped), tuple(notices))


def _again(column: _Column, before: DroppedColumn) -> DroppedColumn:
    return replace(before, cells=column.filled)


class _Column:
    """One column, its different cells, and what the rules find in them."""

    def __init__(self, header: str, cells: pa.Array, part: str, *, mapped: bool) -> None:
        self._header, self._cells, self._mapped = header, cells, mapped
        self._recognised = part != "attributes"
        self._code = part in _CODES or part.startswith("count.") or part.endswith(("code", "_id"))
        different = cells.unique().drop_null()
        self._different = different.filter(pc.not_equal(pc.utf8_trim_whitespace(different), ""))

    @property
    def filled(self) -> int:
        """Cells that hold something."""
        return int(pc.sum(pc.fill_null(pc.greater(pc.utf8_length(self._cells), 0), fill_value=False)).as_py() or 0)

    def dropped(self) -> DroppedColumn | None:
        """Return why the column is not let in, or None."""
        sample = self._different[: looks.SAMPLE].to_pylist()
        for suspicion in suspicions(self._header):
            if looks.are(suspicion.cells, sample):
                return None if self._mapped and suspicion.rule.mapped else self._told(suspicion.rule, by_header=True)
        if self._recognised or self._mapped:
            return None
        rule = self._rule_of(sample)
        return None if rule is None else self._told(rule, by_header=False)

    def _rule_of(self, sample: list[str]) -> Rule | None:
        """Return the rule of most cells, where they hold little else."""
        found = Counter(
            one.rules[0].id for one in map(blot, sample) if one.rules and not looks.words(_unmarked(one.text))
        )
        if len(sample) >= _FEWEST and found.total() >= _MOST * len(sample):
            return rules().rules[found.most_common(1)[0][0]]
        if len(sample) >= _FEWEST and not _CODED.search(self._header) and all(map(_UNBROKEN.fullmatch, sample)):
            return rules().rules["phone"]
        return rules().rules["people"] if kind_of(self._header) is None and looks.people(sample) else None

    def _told(self, rule: Rule, *, by_header: bool) -> DroppedColumn:
        return DroppedColumn(self._header, rule.id, rule.label, rule.why, self.filled, by_header)

    def blotted(self, table: Table) -> tuple[pa.Array, list[RowProblem]]:
        """Return the cells with marks where something stood, and a notice for each."""
        suspect = self._different.filter(pc.match_substring_regex(self._different, _SUSPECT))
        suspect = suspect.filter(pc.invert(pc.match_substring_regex(suspect, _PLAIN)))
        changed = {text: one for text in suspect.to_pylist() if (one := blot(text, code=self._code)).rules}
        if not changed:
            return self._cells, []
        index = pc.index_in(self._cells, pa.array(list(changed), type=pa.string()))
        marked = pa.array([one.text for one in changed.values()], type=pa.string())
        where = np.flatnonzero(np.asarray(index.is_valid()))
        blots = list(changed.values())
        which = index.drop_null().to_pylist()
        notices = [
            notice
            for row, at in zip(table.rows[where].tolist(), which, strict=True)
            for notice in self._notices(row, blots[at])
        ]
        return pc.coalesce(marked.take(index), self._cells), notices

    def _notices(self, row: int, blotted: Blotted) -> Iterator[RowProblem]:
        hint = "nothing to do; leave such things out of the file"
        for rule in blotted.rules:
            yield RowProblem(row, self._header, None, f"{_article(rule.label)} was blotted out", hint, fatal=False)


def _unmarked(text: str) -> str:
    for pattern in rules().patterns:
        text = text.replace(pattern.mark, "")
    return text


def _article(label: str) -> str:
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"


def _without_value(problem: RowProblem, dropped: frozenset[str]) -> RowProblem:
    if problem.value is None:
        return problem
    return replace(problem, value=None if problem.column in dropped else blot(problem.value).text)
