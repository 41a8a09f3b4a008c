"""Who competed with each record of a table, told only of those that somebody asks about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.index import PlaceIndex
from geodata.numbering import Numbering
from geodata.places import Places
from geodata.texts import Texts
from matchers.pairs import Rows

_NO_IDS = pa.array([], pa.string())


class Rival(NamedTuple):
    """Who competed with a record, and for what."""

    record: str
    row: int  # the entry of the list that both claim


@dataclass(frozen=True, eq=False)
class Rivals(Sequence[Rival | None]):
    """By record, its rival; None where company changed nothing."""

    ids: pa.Array  # identifiers of all records that take part
    competitor: Rows  # by record, its rival's position in `ids`; -1 for none
    contested: Rows  # by record, the entry that both claim

    @classmethod
    def none(cls, count: int) -> Rivals:
        """Return that nobody competes with any of so many records."""
        nobody = np.full(count, -1, np.int64)
        return cls(_NO_IDS, nobody, nobody)

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.competitor)

    @overload
    def __getitem__(self, record: int) -> Rival | None: ...

    @overload
    def __getitem__(self, record: slice) -> Rivals: ...

    def __getitem__(self, record: int | slice) -> Rival | Rivals | None:
        """Return the rival of one record, or those of some."""
        if isinstance(record, slice):
            return Rivals(self.ids, self.competitor[record], self.contested[record])
        at = int(self.competitor[record])
        return Rival(self.ids[at].as_py(), int(self.contested[record])) if at >= 0 else None

    def __iter__(self) -> Iterator[Rival | None]:
        """Go through the records in order."""
        return (self[record] if at >= 0 else None for record, at in enumerate(self.competitor.tolist()))


def ids_of(places: Places, others: Sequence[str]) -> pa.Array:
    """Return the identifiers of a table's records, and of others behind them."""
    mine = places.column("id")
    return pa.concat_arrays([mine, pa.array(others, mine.type)]) if others else mine


def places_by_id(ids: pa.Array) -> Rows:
    """Return for each identifier its place among all in order."""
    order = np.empty(len(ids), np.int64)
    order[np.asarray(pc.array_sort_indices(ids))] = np.arange(len(ids))
    return order


_known: WeakKeyDictionary[PlaceIndex, Numbering] = WeakKeyDictionary()


def rows_by_id(index: PlaceIndex) -> Numbering:
    """Return the row of each identifier of a list, read on the first call."""
    if index not in _known:
        _known[index] = Numbering.of(Texts.of_column(index.places.column("id")))
    return _known[index]
