"""Comparing: what one snapshot of a list says otherwise than another, and whom that made visible."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from connectors.archive import Archive, SnapshotDamaged, SnapshotMissing
from matchers.releases.diff import Change, Diff, Entry, diff
from service.context import Context
from service.errors import INVALID, NOT_FOUND, Problem
from service.official.longlists import LONG
from service.store import snapshots, visible
from service.store.values import SnapshotEntry
from service.store.visible import Resolved

_KEPT = 4  # comparisons held, so that their next pages need not be worked out again


@dataclass(frozen=True, slots=True)
class Compared:
    """Two snapshots of one source, what lies between them, and the communities that became visible on the way."""

    before: SnapshotEntry
    after: SnapshotEntry
    diff: Diff
    resolved: tuple[Resolved, ...]

    def entries(self, changes: frozenset[Change]) -> tuple[Entry, ...]:
        """Return the entries that any of these changes befell, all where none is named."""
        return tuple(entry for entry in self.diff.entries if not changes or not changes.isdisjoint(entry.changes))


def compared(context: Context, before: str, after: str) -> Compared:
    """Compare two snapshots in the catalogue by their sha256.

    Raises `Problem`: not found, or invalid where they are of different sources or list no places.
    """
    with context.store.read() as session:
        one, other = (snapshots.get(session, sha256) for sha256 in (before, after))
        resolved = visible.resolved_by(session, visible.between(session, before, after))
    if one.source != other.source:
        detail = f"Snapshots of one source are compared; these are of {one.source} and of {other.source}."
        raise Problem(INVALID, detail)
    for entry in (one, other):
        if not entry.places:
            detail = f"Snapshot {entry.sha256} of {entry.source} lists no places, so there are no entries to compare."
            raise Problem(INVALID, detail)
        if entry.places >= LONG:
            detail = (
                f"Snapshot {entry.sha256} of {entry.source} lists {entry.places:,} places; lists of {LONG:,} and more "
                "are compared only about records, while a release comes in. Bring fewer countries as one source."
            )
            raise Problem(INVALID, detail)
    try:
        found = _diff(context.archive, before, after)
    except (SnapshotMissing, SnapshotDamaged) as error:
        detail = f"The official list cannot be read again: {error}."
        raise Problem(NOT_FOUND, detail) from error
    return Compared(one, other, found, resolved)


@lru_cache(_KEPT)
def _diff(archive: Archive, before: str, after: str) -> Diff:
    one, other = (archive.get(sha256).places for sha256 in (before, after))
    if one is None or other is None:
        msg = f"{before if one is None else after} is catalogued with places but holds none"
        raise SnapshotDamaged(msg)
    return diff(one, other)
