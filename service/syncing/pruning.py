"""Pruning: remove the content of old snapshots that nothing rests on any more. What they were stays known.

The catalogue is marked first and the archive emptied afterwards, in the turn of the source: a sync that brings the same
content again waits, and finds either all of it or nothing. What a killed run leaves marked and not removed, the next
one removes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from service.context import Context
from service.errors import INTERNAL, INVALID, Problem
from service.sources import turns
from service.store import events, grounds, snapshots
from service.store.engine import Session
from service.store.grounds import Ground
from service.store.values import SnapshotEntry
from service.syncing import kept
from service.syncing.sizes import measure


@dataclass(frozen=True, slots=True)
class Kept:
    """An old snapshot that stays, and how much rests on it, by what that is."""

    entry: SnapshotEntry
    why: Counter[Ground]


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a run removed, or would remove, and what it kept although it is old."""

    removed: tuple[SnapshotEntry, ...]
    kept: tuple[Kept, ...]
    files: int = 0  # bytes of kept files that nobody waits for any more, and of indexes of lists not in use

    @property
    def bytes(self) -> int:
        """What the removed snapshots weighed."""
        return sum(entry.bytes or 0 for entry in self.removed)


def plan(context: Context, keep: int) -> Pruned:
    """Return what pruning to the newest `keep` snapshots of each source would remove, changing nothing.

    Raises `Problem` (invalid) unless at least one is to be kept.
    """
    if keep < 1:
        detail = "At least one snapshot of each source is kept: the present one is what records are compared with."
        raise Problem(INVALID, detail)
    measure(context)
    with context.store.read() as session:
        planned = _plan(session, keep)
    return replace(planned, files=kept.spare_bytes(context))


def prune(context: Context, keep: int) -> Pruned:
    """Remove from the archive all but the newest `keep` snapshots of each source, and those that something rests on.

    Raises `Problem` as `plan` does, busy where a source is being brought up to date, or internal when the archive
    cannot be written.
    """
    removed: list[SnapshotEntry] = []
    for source in sorted({entry.source for entry in plan(context, keep).removed} | set(_left(context))):
        with turns.turn(context, source):
            removed += context.store.write(partial(_mark, keep=keep, source=source))
            _remove(context, _left(context)[source])
    files = kept.sweep(context)
    with context.store.read() as session:
        return Pruned(tuple(removed), _plan(session, keep).kept, files)


def _plan(session: Session, keep: int, source: str | None = None) -> Pruned:
    there = snapshots.there(session, source)
    young = grounds.present(session) | grounds.newest(session, keep)
    old = [entry for entry in there if entry.sha256 not in young]
    resting = grounds.resting(session, old)
    return Pruned(
        removed=tuple(entry for entry in old if entry.sha256 not in resting),
        kept=tuple(Kept(entry, resting[entry.sha256]) for entry in old if entry.sha256 in resting),
    )


def _mark(session: Session, keep: int, source: str) -> tuple[SnapshotEntry, ...]:
    """Mark as pruned what nothing rests on now; what came to rest on it since it was planned stays."""
    at = datetime.now(UTC)
    removed = _plan(session, keep, source).removed
    snapshots.set_pruned(session, [entry.sha256 for entry in removed], at)
    events.add(session, [_told(entry, at) for entry in removed])
    return removed


def _told(entry: SnapshotEntry, at: datetime) -> events.Event:
    data = {"source": entry.source, "vintage": entry.vintage, "bytes": entry.bytes}
    return events.Event("snapshot.pruned", entry.sha256, at, data=data)


def _left(context: Context) -> dict[str, list[str]]:
    """Return by source the snapshots that were marked as pruned and are there still."""
    with context.store.read() as session:
        marked = snapshots.pruned(session)
    left: dict[str, list[str]] = defaultdict(list)
    for source, sha256 in marked:
        if context.archive.exists(sha256):
            left[source].append(sha256)
    return left


def _remove(context: Context, sha256s: Iterable[str]) -> None:
    try:
        for sha256 in sha256s:
            context.archive.remove(sha256)
    except OSError as error:
        detail = f"The archive of snapshots cannot be written: {error}. Run it again to remove the rest."
        raise Problem(INTERNAL, detail) from error
