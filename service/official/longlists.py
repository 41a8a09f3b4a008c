"""Long lists: official lists of which only what lies near a record is read, indexed and compared with it.

Indexes are mapped from the disk, but to build one takes about 0.7 GB of memory for each million places, and ten million
are beyond a small server. So the ground is divided into cells of one degree, and a record is compared with the piece of
the list that lies in its cell and in those about it. A piece follows from the list and the cell alone: whatever else is
verified beside a record, and whenever that is done again, it is held against the same entries.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from connectors.archive import Archive, Described, SnapshotDamaged, SnapshotMissing
from geodata.degreecells import NOWHERE, around, cells_of
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from service.accounts.account import Account
from service.errors import INVALID, NOT_FOUND, Problem

#: Places from which on a list is a long one. To build the index of a shorter one takes less than 1.5 GB, once.
LONG = 2_000_000

Point = tuple[float, float]  # latitude, longitude in degrees
T = TypeVar("T")

_ROWS_READ = 600_000  # places held as they were read
_ROWS_INDEXED = 150_000  # places held with their index; more only where one piece alone has more
_ROWS_BESIDES = 3_000  # what any index takes, however few its places


@dataclass(eq=False)
class LongList:
    """One official list at one vintage, of which pieces are read when records near them are. Safe between threads."""

    archive: Archive
    snapshot: str  # sha256 of the snapshot's content
    described: Described
    _read: OrderedDict[int, Places] = field(default_factory=OrderedDict)  # by cell, the longest unused first
    _pieces: OrderedDict[int, OfficialList] = field(default_factory=OrderedDict)  # by cell in their middle
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        """Say what the list is, as `OfficialList` does."""
        provenance = self.described.provenance
        self.source, self.title, self.vintage = provenance.source, provenance.title, provenance.vintage
        self.coverage = self.described.coverage
        self.reference_date = self.coverage.reference_date

    def __len__(self) -> int:
        """Return the number of places."""
        return self.described.places

    def pieces(self, points: Sequence[Point | None]) -> Iterator[tuple[OfficialList, list[int]]]:
        """Yield the piece about each point, and the positions of the points it is for; in order of the ground.

        Where a point is not known the piece has no places. Raises `Problem` (not found) where the archive no longer
        holds the list as it was put.
        """
        lat, lon = np.array([point or (np.nan, np.nan) for point in points], np.float64).reshape(-1, 2).T
        members: dict[int, list[int]] = defaultdict(list)
        for position, cell in enumerate(cells_of(lat, lon).tolist()):
            members[cell].append(position)
        for some in self._together(sorted(members)):
            with self._lock:
                self._fetch(some)
            for cell in some:
                with self._lock:
                    piece = self._piece(cell)
                yield piece, members[cell]

    def _together(self, cells: Sequence[int]) -> Iterator[list[int]]:
        """Part cells into runs whose pieces are read at once: the file is gone through once for each run."""
        some: list[int] = []
        rows = 0
        for cell in cells:
            more = int(self._counted[list(_about(cell))].sum())
            if some and rows + more > _ROWS_READ:
                yield some
                some, rows = [], 0
            some.append(cell)
            rows += more
        if some:
            yield some

    @cached_property
    def _counted(self) -> NDArray[np.int64]:
        """How many places lie in each cell."""
        return _translated(self.archive.counted, self.snapshot)

    def _fetch(self, cells: Sequence[int]) -> None:
        """Read what the pieces of these cells need and is not held; let go of what was longest unused."""
        wanted = {one for cell in cells if cell not in self._pieces for one in _about(cell)}
        unread = [one for one in sorted(wanted - self._read.keys()) if self._counted[one]]
        if unread:
            self._read.update(_translated(lambda sha256: self.archive.near(sha256, unread), self.snapshot))
        for one in sorted(wanted & self._read.keys()):
            self._read.move_to_end(one)
        held = sum(map(len, self._read.values()))
        while held > _ROWS_READ and next(iter(self._read), None) not in wanted:
            held -= len(self._read.popitem(last=False)[1])

    def _piece(self, cell: int) -> OfficialList:
        if cell in self._pieces:
            self._pieces.move_to_end(cell)
            return self._pieces[cell]
        self._fetch([cell])
        places = Places.concat([self._read[one] for one in _about(cell) if one in self._read])
        held = sum(map(_weight, self._pieces.values()))
        while self._pieces and held + len(places) + _ROWS_BESIDES > _ROWS_INDEXED:
            held -= _weight(self._pieces.popitem(last=False)[1])
        self._pieces[cell] = OfficialList(
            source=self.source,
            title=self.title,
            snapshot=self.snapshot,
            vintage=self.vintage,
            reference_date=self.reference_date,
            coverage=self.coverage,
            index=PlaceIndex.build(places),
            whole=False,
        )
        return self._pieces[cell]


#: An official list as it is held: with all its places in memory, or read piece by piece.
Listed = OfficialList | LongList


def pieces(official: Listed, accounts: Sequence[Account]) -> Iterator[tuple[OfficialList, list[int]]]:
    """Yield each list in memory that accounts are compared with, and their positions. Raises as `LongList.pieces`."""
    if isinstance(official, LongList):
        yield from official.pieces([account.point() for account in accounts])
    elif accounts:
        yield official, list(range(len(accounts)))


def piece(official: Listed, account: Account) -> OfficialList:
    """Return the list in memory that an account is compared with. Raises as `LongList.pieces`."""
    return next(pieces(official, [account]))[0]


def places_near(official: Listed, accounts: Sequence[Account]) -> Places:
    """Return the places that accounts are compared with; one may stand twice. Raises as `LongList.pieces`."""
    return Places.concat([one.index.places for one, _ in pieces(official, accounts)])


def at_point(official: Listed, point: Point | None) -> OfficialList:
    """Return the list in memory to search near a point (latitude, longitude in degrees), or anywhere.

    Raises `Problem` (invalid) where a long list is searched without a point, otherwise as `LongList.pieces`.
    """
    if not isinstance(official, LongList):
        return official
    if point is None:
        detail = (
            f"{official.title} lists {len(official):,} places and is searched near a point only: "
            "say near=latitude,longitude, or name another list as source."
        )
        raise Problem(INVALID, detail)
    return next(official.pieces([point]))[0]


def in_memory(lists: Sequence[Listed], asked: Sequence[str]) -> list[OfficialList]:
    """Return those of the lists that are held whole. Raises `Problem` (invalid) where one that is not was asked for."""
    for official in lists:
        if isinstance(official, LongList) and official.source in asked:
            detail = f"{official.title} lists {len(official):,} places; that is too many to count those nobody named."
            raise Problem(INVALID, detail)
    return [official for official in lists if isinstance(official, OfficialList)]


def _weight(piece: OfficialList) -> int:
    """Return how much of what may be held a piece takes, in places."""
    return len(piece.index.places) + _ROWS_BESIDES


def _about(cell: int) -> tuple[int, ...]:
    return () if cell == NOWHERE else around(cell)


def _translated(read: Callable[[str], T], sha256: str) -> T:
    try:
        return read(sha256)
    except (SnapshotMissing, SnapshotDamaged) as error:
        detail = f"The official list cannot be read again: {error}."
        raise Problem(NOT_FOUND, detail) from error
