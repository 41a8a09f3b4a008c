"""Growth: when rates of growth are published anew, the records whose counts they carry are verified again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matchers.counting.growth import Growth
from service.context import Context
from service.errors import Problem
from service.store import records, released, snapshots
from service.store.engine import Session
from service.store.values import SnapshotEntry

_BATCH = 500  # records looked at together


@dataclass(frozen=True, slots=True)
class Regrown:
    """Which records new rates concern; none where there are no new rates."""

    records: tuple[str, ...] = ()
    until: int | None = None  # mark up to which findings were looked at; None: there are no new rates

    def brought_in(self, session: Session) -> int:
        """Mark the records to verify again, and those verified since they were looked at; return how many."""
        if self.until is None:
            return 0
        return released.set_some_pending(session, [*self.records, *released.verified_since(session, self.until)])


def growing(context: Context, entry: SnapshotEntry) -> Regrown:
    """Return which records the rates of a snapshot in the archive concern, before it becomes the present one.

    Those of a country whose rates changed that were matched and have counts: only these are carried to another day.
    """
    if entry.connector != "worldbank" or not entry.observations:
        return Regrown()
    with context.store.read() as session:
        until, rates = released.mark(session), snapshots.current_rates(session)
        present = snapshots.get(session, rates) if rates else None
    if present is not None and present.source < entry.source:  # whose rates count (`service.store.snapshots`)
        return Regrown()
    try:
        changed = _changed(context.lists.growth_at(rates), context.lists.growth_at(entry.sha256))
    except Problem:  # what they were cannot be read any more: any country's may have been others
        changed = frozenset(context.lists.growth_at(entry.sha256).rates)
    return Regrown(tuple(_counted(context, changed)), until)


def _changed(before: Growth, after: Growth) -> frozenset[str]:
    """Return the countries whose rates are not what they were."""
    countries = before.rates.keys() | after.rates.keys()
    return frozenset(each for each in countries if set(before.rates.get(each, ())) != set(after.rates.get(each, ())))


def _counted(context: Context, countries: frozenset[str]) -> Iterator[str]:
    """Yield the records of some countries that were matched and have counts."""
    after = 0
    while countries:
        with context.store.read() as session:
            rows = released.in_countries(session, countries, after, _BATCH)
            found = records.many(session, [record_id for _, record_id in rows])
        if not rows:
            return
        after = rows[-1][0]
        for record in found:
            if record.account.counts and any("matched" in finding.attributes for finding in record.findings):
                yield record.id
