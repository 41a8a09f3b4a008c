"""The official lists that records are compared with: those of the present snapshots, loaded once per process.

Of those too long for that, pieces are read when records near them are compared (`service.official.longlists`).
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from functools import partial

import structlog

from connectors.archive import Archive, SnapshotDamaged, SnapshotMissing
from connectors.growth import rates_of
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.compare import compare
from matchers.counting.growth import NO_GROWTH, Growth
from service.errors import NOT_FOUND, Problem
from service.official.indexes import SHARED, Indexes
from service.official.longlists import LONG, Listed, LongList
from service.running.logs import told_safely
from service.store import snapshots
from service.store.engine import Store

log = structlog.get_logger(__name__)


class OfficialLists:
    """The lists of the present snapshots. Safe to share between threads.

    Other processes may bring a source up to date at any time, so `current` asks the catalogue which snapshots are
    present (one indexed query), and only what is new is read from the archive and indexed; where another process has
    built its index, that is opened.
    """

    def __init__(self, store: Store, archive: Archive, indexes: Indexes) -> None:
        """Remember where to look; nothing is loaded yet."""
        self._store = store
        self._archive = archive
        self._indexes = indexes
        self._loaded: dict[str, Listed] = {}
        self._past: dict[str, Listed] = {}
        self._growth = NO_GROWTH
        self._past_growth = NO_GROWTH
        self._lock = threading.Lock()

    def current(self) -> tuple[Listed, ...]:
        """Return the official lists that hold now, in order of their sources.

        A caller waits while a new list is being read: comparing with the old one would give an answer that the
        next moment takes back.
        """
        with self._store.read() as session:
            wanted, rates = snapshots.current_lists(session), snapshots.current_rates(session)
        if self._growth.digest != rates:
            self._growth = self._rates(rates)
        loaded = self._loaded
        if tuple(loaded) != wanted:
            loaded = self._load(wanted)
        return tuple(loaded.values())

    def held(self) -> tuple[Listed, ...]:
        """Return the official lists that held when last asked, none before that; nobody is asked now.

        For who checks afterwards, in the transaction that keeps the result, that these are still the current ones.
        """
        return tuple(self._loaded.values())

    @property
    def loading(self) -> bool:
        """Whether a list is being read just now, for which `current` would wait."""
        return self._lock.locked()

    def growth(self) -> Growth:
        """Return the growth rates that held when the lists were last asked for; none where none were ever synced."""
        return self._growth

    def growth_at(self, sha256: str | None) -> Growth:
        """Return the growth rates of any snapshot in the archive.

        Raises `Problem` (not found) when the archive no longer holds it as it was put.
        """
        for held in (self._growth, self._past_growth):
            if held.digest == sha256:
                return held
        try:
            self._past_growth = self._rates(sha256)
        except (SnapshotMissing, SnapshotDamaged) as error:
            detail = f"The growth rates cannot be read again: {error}."
            raise Problem(NOT_FOUND, detail) from error
        return self._past_growth

    def at(self, sha256: str) -> Listed:
        """Return the list of any snapshot in the archive; of those that are not current the last one asked for is held.

        Raises `Problem` (not found) when the archive no longer holds the snapshot as it was put.
        """
        loaded = self._loaded.get(sha256) or self._past.get(sha256)
        if loaded is None:
            try:
                loaded = self._read(sha256)
            except (SnapshotMissing, SnapshotDamaged) as error:
                detail = f"The official list cannot be read again: {error}."
                raise Problem(NOT_FOUND, detail) from error
            self._past = {sha256: loaded}
        return loaded

    def _rates(self, sha256: str | None) -> Growth:
        if sha256 is None:
            return NO_GROWTH
        snapshot = self._archive.get(sha256)
        observations = snapshot.observations
        rates = () if observations is None else rates_of(observations, "World Bank")
        return Growth.of(rates, sha256)

    def _load(self, wanted: tuple[str, ...]) -> dict[str, Listed]:
        with self._lock:
            held = self._loaded
            loaded = {sha256: held.get(sha256) or self._past.get(sha256) or self._read(sha256) for sha256 in wanted}
            self._loaded = loaded  # exchanged whole, so that a reader never sees half of it
            return loaded

    def _read(self, sha256: str) -> Listed:
        described = self._archive.described(sha256)
        if described.places >= LONG:
            return LongList(self._archive, sha256, described)
        shared = described.places >= SHARED
        index = self._indexes.of(sha256, partial(self._places, sha256)) if shared else None
        provenance, coverage = described.provenance, described.coverage
        official = OfficialList(
            source=provenance.source,
            title=provenance.title,
            snapshot=sha256,
            vintage=provenance.vintage,
            reference_date=coverage.reference_date,
            coverage=coverage,
            index=index or PlaceIndex.build(self._places(sha256)),
        )
        if shared:
            self._indexes.measure(official)
        _compare_once(official)
        return official

    def _places(self, sha256: str) -> Places:
        snapshot = self._archive.get(sha256)
        if snapshot.places is None:
            msg = f"snapshot {sha256} is catalogued with places but holds none"
            raise ValueError(msg)
        return snapshot.places


def _compare_once(official: OfficialList) -> None:
    """Work out what a first comparison works out, now, while nobody waits for an answer about one record."""
    try:
        compare(official.index.places.take([0]), official, today=datetime.now(UTC).date())
    except Exception as error:  # noqa: BLE001 - the list can still be searched; records it fails for are told of one by one
        log.warning("lists.not_warm", source=official.source, snapshot=official.snapshot, **told_safely(error))
