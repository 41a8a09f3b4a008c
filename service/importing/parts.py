"""Parts: a file as rows that can be kept, a part at a time, without what is about one person.

The order is: the door (`geodata.personal`), which column is which, the values, identifiers, what a record needs. The
same file under the same plan gives the same parts, so that an import that broke off goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.files.cellwise import cleaned
from geodata.files.columns import Defaults, Reading, read_places
from geodata.files.headers import Side, UnknownColumn, assign
from geodata.files.sheet import Table
from geodata.files.streaming import open_tables
from geodata.personal.door import Admitted, DroppedColumn, at_the_door
from geodata.places import Places
from geodata.rows import RowProblem
from service.disclosure.policy import Consent, Sensitivity
from service.importing import identity, rows
from service.importing.faults import faults
from service.importing.identity import Seen
from service.importing.plan import Plan
from service.store.import_problems import Fault

_USED = "the id is used before in this file"
_UNKNOWN = "no record of this collection has this id, and only known ones are corrected"


class Known(Protocol):
    """What an organisation keeps already."""

    def __call__(self, own_ids: Sequence[str]) -> Mapping[str, str]:
        """Return the collection of each of these identifiers that is in use."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to import, and how it is read."""

    path: Path
    name: str
    collection: str
    plan: Plan
    only_known: bool = False  # rows that would make a new record are set aside


@dataclass(frozen=True)
class Part:
    """The rows of one part that can be kept, and what is wrong with the others."""

    number: int  # from 0
    places: Places
    said: pa.Table
    rows: NDArray[np.int64]  # original numbers, in the order of `places`
    faults: tuple[Fault, ...]
    read: int
    set_aside: int
    parts_of: Mapping[str, str]  # header -> part
    dropped: tuple[DroppedColumn, ...]  # of the file, as far as it was read then


class Reader:
    """Reads one file from its beginning to its end, once."""

    def __init__(self, file: File, known: Known) -> None:
        """Say which file, and what is known. Nothing is read yet."""
        self._file = file
        self._known = known
        self._made = Seen()  # identifiers made here, without their numbers
        self._used = Seen()  # of rows that can be kept
        self.dropped: tuple[DroppedColumn, ...] = ()
        self.ids = Seen()  # of all rows, also of those that cannot be kept
        self.unsure = False  # some rows cannot be kept, and nobody knows which records they were

    def parts(self) -> Iterator[Part]:
        """Yield the parts. Raises `UnreadableTable` and `UnknownColumn`."""
        tables = open_tables(self._file.path, self._file.name, self._file.plan.sheet)
        for number, table in enumerate(tables):
            yield self.part(table, number)

    def part(self, table: Table, number: int = 0) -> Part:
        """Return one part, of which `table` are the rows. Raises `UnknownColumn`."""
        columns = dict(self._file.plan.columns)
        admitted = self._admitted(table)
        holed = rows.unreadable(admitted.table)
        clean = cleaned(admitted.table.take(~holed))
        said = (None, "the row holds a character that cannot be seen (NUL)", "type it again instead of copying it")
        problems = [*admitted.notices, *rows.problems_of(holed, admitted.table.rows, said)]
        header = assign(clean.headers, Side.CITIZEN, {**clean.known, **columns}).single.get("id")
        given = [None] * len(clean) if header is None else clean.columns.column(header).to_pylist()
        usual = self._file.plan.usual
        read = read_places(
            clean if header is None else _without_ids(clean, header),
            mapping=columns,
            defaults=Defaults(country=usual.country, kind=usual.kind),
        )
        problems += rows.settled(read)
        own_ids, doubts = self._ids(read, given, header, rows.refused(problems))
        problems += doubts
        gone = rows.refused(problems)
        keep = ~np.isin(read.rows, list(gone))
        self._note(keep, own_ids, given, broken=bool(holed.any()) or bool(gone - set(read.rows.tolist())))
        return Part(
            number=number,
            places=identity.with_ids(read.places, own_ids).take(np.flatnonzero(keep)),
            said=rows.strictest(_careful(read), usual).filter(pa.array(keep)),
            rows=read.rows[keep],
            faults=tuple(faults(problems)),
            read=int(keep.sum()) + len(gone),
            set_aside=len(gone),
            parts_of=read.mapping,
            dropped=self.dropped,
        )

    def _admitted(self, table: Table) -> Admitted:
        """Return a table without what is about one person, and without what somebody left out."""
        left_out = [header for header in self._file.plan.left_out if header in table.headers]
        table = replace(table, columns=table.columns.drop_columns(left_out)) if left_out else table
        mapped = frozenset(self._file.plan.columns.values())
        before = {one.header: one.cells for one in self.dropped}
        admitted = at_the_door(table, mapped, self.dropped)
        self.dropped = tuple(replace(one, cells=one.cells + before.get(one.header, 0)) for one in admitted.dropped)
        for one in admitted.dropped:
            if one.header in mapped:
                message = f"column {one.header!r} cannot be mapped, because it is not kept: {one.label}"
                raise UnknownColumn(message, hint=one.why)
        notices = [one.notice() for one in admitted.dropped if one.header not in before]
        return replace(admitted, notices=(*notices, *admitted.notices))

    def _ids(
        self, read: Reading, given: Sequence[str | None], header: str | None, gone: set[int]
    ) -> tuple[list[str], list[RowProblem]]:
        """Return the identifier of every row, and what is wrong with those of some. `gone` are rows not kept anyway."""
        own = np.array([one is not None for one in given], np.bool_)
        problems: list[RowProblem] = []
        whole = ~np.isin(read.rows, list(gone))
        at = np.flatnonzero(~own & whole)
        names = identity.made_ids(read.places.take(at), self._file.collection)
        made = dict(zip(at.tolist(), identity.numbered(names, self._made.add(names)), strict=True))
        wanted = [own_id if own_id is not None else made.get(row, "") for row, own_id in enumerate(given)]
        held = self._known(wanted)
        elsewhere = {own_id: other for own_id, other in held.items() if other != self._file.collection}
        own_ids = identity.qualified(wanted, self._file.collection, elsewhere)
        if self._file.only_known:
            again = self._known([one for one in own_ids if one not in held]) if elsewhere else {}
            known = held.keys() - elsewhere.keys() | again.keys()
            new = np.array([one not in known for one in own_ids], np.bool_) & whole
            problems += rows.problems_of(new, read.rows, (header, _UNKNOWN, "import it with mode append"))
        problems += rows.long_ids(own_ids, read.rows, header)
        usable = np.flatnonzero(whole & ~np.isin(read.rows, list(rows.refused(problems))))
        repeated = np.zeros(len(own_ids), np.bool_)
        repeated[usable] = self._used.add([own_ids[row] for row in usable.tolist()]) > 0
        problems += rows.problems_of(repeated & own, read.rows, (header, _USED, "give each row its own id"))
        return own_ids, problems

    def _note(
        self, keep: NDArray[np.bool_], own_ids: Sequence[str], given: Sequence[str | None], *, broken: bool
    ) -> None:
        named = [own_ids[row] for row, one in enumerate(given) if keep[row] or one is not None]
        self.ids.add(named)
        self.unsure |= broken or any(one is None and not keep[row] for row, one in enumerate(given))


def _careful(read: Reading) -> pa.Table:
    """Return what rows say beyond their place; a word that was not understood counts as the strictest there is."""
    said = read.said
    for part, strictest in (("consent", Consent.INTERNAL.value), ("sensitivity", Sensitivity.CLOSED.value)):
        headers = {header for header, own in read.mapping.items() if own == part}
        doubtful = [problem.row or 0 for problem in read.problems if problem.column in headers]
        if doubtful:
            where = pa.array(np.isin(read.rows, doubtful))
            column = pc.if_else(where, strictest, said.column(part))
            said = said.set_column(said.schema.get_field_index(part), part, column)
    return said


def _without_ids(table: Table, header: str) -> Table:
    """Return a table whose identifiers are its row numbers: they are settled here, not by what reads its columns."""
    numbers = pa.array(table.rows).cast(pa.string())
    at = table.headers.index(header)
    return replace(table, columns=table.columns.set_column(at, header, numbers))
