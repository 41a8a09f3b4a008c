"""Steps: a release whole, or of a long list piece by piece, each with the records that were compared with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matchers.base import OfficialList
from matchers.releases.release import Release
from service.context import Context
from service.errors import INVALID, Problem
from service.official.longlists import LongList
from service.store import records, released
from service.verifying.judging import PARAMETERS

_BATCH = 500  # records looked at together
_SAMPLE = 300  # records by which the drift of a list is measured


@dataclass(frozen=True)
class Step:
    """A release, or the piece of one about some records, and the records that were compared with what was before."""

    release: Release
    base: str  # snapshot that was before
    near: tuple[str, ...] | None = None  # the records about which the piece lies; None: the lists are whole, so all

    def pages(self, context: Context) -> Iterator[Sequence[str]]:
        """Yield the records' identifiers, so many as are looked at together."""
        if self.near is None:
            return pages(context, self.base)
        return (self.near[at : at + _BATCH] for at in range(0, len(self.near), _BATCH))

    def sample(self, context: Context) -> Sequence[str]:
        """Return some of the records, evenly among all."""
        if self.near is None:
            with context.store.read() as session:
                return released.sample(session, self.base, _SAMPLE)
        return self.near[:: max(len(self.near) // _SAMPLE, 1)][:_SAMPLE]


def steps(context: Context, base: str, after: str) -> Iterator[Step]:
    """Yield the release as one step, of long lists one for each piece that records were compared with.

    Raises `Problem` where the two cannot be compared, or one cannot be read again.
    """
    old, new = context.lists.at(base), context.lists.at(after)
    if isinstance(old, OfficialList) and isinstance(new, OfficialList):
        yield Step(Release(old, new, PARAMETERS), base)
        return
    if not (isinstance(old, LongList) and isinstance(new, LongList)):
        detail = "the list became a long one, or is one no more"
        raise Problem(INVALID, detail)
    ids, points = _located(context, base)
    for (one, near), (other, _) in zip(old.pieces(points), new.pieces(points), strict=True):
        yield Step(Release(one, other, PARAMETERS), base, tuple(ids[at] for at in near))


def _located(context: Context, base: str) -> tuple[list[str], list[tuple[float, float] | None]]:
    """Return the records compared with a snapshot, and where each of them lies."""
    ids, points = [], []
    for batch in pages(context, base):
        with context.store.read() as session:
            found = records.many(session, batch)
        ids += [record.id for record in found]
        points += [record.account.point() for record in found]
    return ids, points


def compared_with(context: Context, base: str) -> set[str]:
    """Return all records that were compared with a snapshot."""
    return {record_id for batch in pages(context, base) for record_id in batch}


def pages(context: Context, base: str) -> Iterator[list[str]]:
    """Yield the identifiers of the records that were compared with a snapshot, so many as are looked at together."""
    after = 0
    while True:
        with context.store.read() as session:
            rows = released.compared(session, base, after, _BATCH)
        if not rows:
            return
        after = rows[-1][0]
        yield [record_id for _, record_id in rows]
