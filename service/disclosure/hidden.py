"""Communities that outsiders are not shown one by one: counted for them by country, in editions.

An edition is worked out apart (`service.housekeeping.totals`), because that may take a minute: who reads is told at
once what was told last, or nothing from when somebody left until there is the next one. Organisations are told the same
numbers as anybody, so that none is told of few others by taking off its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from geodata.tags import tagging
from service.disclosure.hidden_tables import (
    BEARS,
    HEADS,
    RELEASE,
    TAG,
    VERDICTS,
    shape_of,
    tables_of,
)
from service.disclosure.registry import Issued, Reporting, standing, worked_out
from service.disclosure.tables.cube import ALL
from service.disclosure.tag_totals import Cell
from service.store import editions, embargoes, flags, visible
from service.store.engine import Session, Store
from service.store.filters import FlagFilter
from service.store.taken_back import mark as taken_back_mark

_SUBJECT = "communities"

_told: WeakKeyDictionary[Store, tuple[Any, Issued]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Totals:
    """What outsiders are told of hidden communities of one country, or of all."""

    issued: Issued
    country: str | None

    def verdicts(self) -> dict[str, int]:
        """Return how many there are of each verdict that is told."""
        numbers = self.issued.transformed.get(VERDICTS, {})
        return {verdict: n for (country, verdict), n in numbers.items() if country == self._place and verdict != ALL}

    def published(self) -> int:
        """Return how many there are of all verdicts together."""
        return self.issued.told(VERDICTS, (self._place, ALL))

    def heads(self) -> tuple[int, Mapping[str, int]]:
        """Return how many of them have a head count, and what these come to; nothing where that is not told."""
        place = (self._place,)
        return self.issued.told(HEADS, place), self.issued.amounts.get(HEADS, {}).get(place, {})

    def tags(self) -> dict[int, dict[Cell, int]]:
        """Return, by K, how many bear each tag that is not seen on them."""
        found: defaultdict[int, dict[Cell, int]] = defaultdict(dict)
        for name, numbers in self.issued.transformed.items():
            kind, _, rest = name.partition("/")
            if kind == TAG and (number := numbers.get((self._place, BEARS))) is not None:
                least, member, code = rest.split("/", 2)
                found[int(least)][member, code] = number
        return dict(found)

    def visible(self, snapshots: Iterable[str]) -> int:
        """Return how many of them these releases made visible."""
        return sum(self.issued.told(f"{RELEASE}/{snapshot}", (self._place,)) for snapshot in snapshots)

    @property
    def pending(self) -> bool:
        """Whether there is nothing to tell only because it is still being worked out."""
        return self.issued.pending

    @property
    def _place(self) -> str:
        return self.country or ALL


#: Told where a report is about some of a country only.
NO_TOTALS = Totals(Issued(allowed=False), None)


def hidden_totals(store: Store) -> Issued:
    """Return what outsiders are told of communities they are not shown: the last edition, as long as that holds."""
    with store.read() as session:
        head = editions.head(session, _SUBJECT)
    if (known := _told.get(store)) is not None and known[0] == head:
        return known[1]
    found = standing(store, _SUBJECT, shape_of)
    if head is not None and found.release_id == head[0]:
        _told[store] = head, found
    return found


def work_out(store: Store, step: Callable[[], None] = lambda: None) -> Issued:
    """Work out the next edition from what there is now, keep it where it tells anything else, and return it.

    May take a minute. `step` is called now and then, and may raise to give up.
    """
    return worked_out(store, _SUBJECT, _reading, step)


def moved(session: Session) -> Hashable:
    """Return what moves whenever the next edition may be another one than the last."""
    day = datetime.now(UTC).date()
    return (day, taken_back_mark(session), embargoes.mark(session), tagging.digest(), editions.mark(session))


def _reading(session: Session) -> Mapping[str, Reporting]:
    published = flags.iterate(session, FlagFilter(published_only=True))
    return tables_of(published, visible.resolved(session, FlagFilter()))
