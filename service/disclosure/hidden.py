"""Communities that outsiders are not shown one by one: counted for them by country, in editions.

Who counts is the same for everybody: published, of a class that may be counted, agreed to be part of totals, and not
shown. Organisations are told the same numbers as anybody, so that none is told of few others by taking off its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from geodata.tags import tagging
from matchers.base import Verdict
from service.caller import ANONYMOUS
from service.disclosure.openness import open_now
from service.disclosure.policy import Consent, Sensitivity, View, consent_of, sensitivity_of, taken_back, view_of
from service.disclosure.registry import Block, Issued, Reporting, World, issued
from service.disclosure.registry.block import ANY, TOGETHER
from service.disclosure.tables import Dimension
from service.disclosure.tables.cube import ALL, Coordinates
from service.disclosure.tag_totals import Cell, unseen_cells
from service.people import people, usable
from service.store import editions, flags, visible
from service.store.engine import Session, Store
from service.store.filters import FlagFilter
from service.store.taken_back import mark as taken_back_mark
from service.store.values import Flag, Record
from service.store.visible import Resolved

#: The tables of verdicts, and of people in communities that no list names; of tags and releases there is one each.
VERDICTS, HEADS = "verdicts", "heads"

_SUBJECT = "communities"
_AGREED = frozenset({Consent.PUBLIC_AGGREGATE, Consent.PUBLIC_MASKED, Consent.PUBLIC_EXACT})
_COUNTED = frozenset({Sensitivity.OPEN, Sensitivity.CAUTION})
_TAG, _RELEASE = "tag", "visible"
_BEARS, _NOT = "bears it", "does not"
_OF_EDITIONS = 2  # how much of a mark is of the editions themselves

_one_at_a_time = Lock()
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
            if kind == _TAG and (number := numbers.get((self._place, _BEARS))) is not None:
                least, member, code = rest.split("/", 2)
                found[int(least)][member, code] = number
        return dict(found)

    def visible(self, snapshots: Iterable[str]) -> int:
        """Return how many of them these releases made visible."""
        return sum(self.issued.told(f"{_RELEASE}/{snapshot}", (self._place,)) for snapshot in snapshots)

    @property
    def _place(self) -> str:
        return self.country or ALL


#: Told where a report is about some of a country only.
NO_TOTALS = Totals(Issued(allowed=False), None)


def hidden_totals(store: Store) -> Issued:
    """Return what outsiders are told of communities they are not shown; worked out again only when something moved.

    One thread works it out for all: others wait for it, because it may take seconds.
    """
    with _one_at_a_time:
        return _hidden_totals(store)


def _hidden_totals(store: Store) -> Issued:
    with store.read() as session:
        mark = _mark(session)
        if (known := _told.get(store)) is not None and known[0] == mark:
            return known[1]
        published = list(flags.iterate(session, FlagFilter(published_only=True)))
        resolved = visible.resolved(session, FlagFilter())
    found = issued(store, _SUBJECT, tables_of(published, resolved))
    with store.read() as session:
        after = _mark(session)
    if found.allowed and after[:-_OF_EDITIONS] == mark[:-_OF_EDITIONS]:
        _told[store] = after, found
    return found


def in_totals(record: Record, *, published: bool) -> bool:
    """Return whether a community is counted for outsiders: it agreed, may be, was published, and is not shown."""
    return published and agreed(record) and view_of(record, ANONYMOUS, published=True) is View.NOTHING


def agreed(record: Record) -> bool:
    """Return whether a community may be part of totals, by its class and its consent; what is held may not."""
    return not taken_back(record) and sensitivity_of(record.account) in _COUNTED and consent_of(record) in _AGREED


def tables_of(published: Sequence[Flag], resolved: Iterable[Resolved]) -> dict[str, Reporting]:
    """Return every table of hidden communities, with what there is to count in it now."""
    hidden = [flag for flag in published if in_totals(flag.record, published=open_now(flag))]
    verdicts = _counted(hidden, lambda flag: (flag.record.account.country, flag.verdict))
    tables = {VERDICTS: Reporting(Block((Dimension(), Dimension())), World(verdicts)), HEADS: _heads(hidden, published)}
    tables |= dict(_tags(published))
    by_snapshot: defaultdict[str, dict[Coordinates, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for one in resolved:
        if one.published and agreed(one.record):
            by_snapshot[one.snapshot][one.record.account.country,][one.record.organisation] += 1
    for snapshot, counted in sorted(by_snapshot.items()):
        tables[f"{_RELEASE}/{snapshot}"] = Reporting(Block((Dimension(),)), World(counted))
    return tables


def _mark(session: Session) -> tuple[Any, ...]:
    return (datetime.now(UTC).date(), taken_back_mark(session), tagging.digest(), *editions.mark(session))


def _counted(some: Iterable[Flag], cell: Callable[[Flag], Coordinates]) -> dict[Coordinates, Counter[str]]:
    found: defaultdict[Coordinates, Counter[str]] = defaultdict(Counter)
    for flag in some:
        found[cell(flag)][_known_to(flag)] += 1
    return dict(found)


def _known_to(flag: Flag) -> str:
    return TOGETHER.join(sorted({record.organisation for record in (flag.record, *flag.members)}))


def _heads(hidden: Sequence[Flag], published: Sequence[Flag]) -> Reporting:
    """Return the table of hidden communities with a head count, and by how much they raise the estimate of a country.

    Those that may be one of the shown ones raise it by nothing, so they are added to what is shown without counting
    anybody twice.
    """
    counted = [flag for flag in hidden if flag.verdict == Verdict.HIDDEN_PLACE and usable(flag.record.account.counts)]
    shown: defaultdict[str, list[Record]] = defaultdict(list)
    for flag in published:
        seen = view_of(flag.record, ANONYMOUS, published=open_now(flag)) is not View.NOTHING
        if seen and flag.verdict == Verdict.HIDDEN_PLACE:
            shown[flag.record.account.country].append(flag.record)
    amounts: dict[Coordinates, dict[str, int]] = {}
    for country in {flag.record.account.country for flag in counted}:
        beside = people(shown[country])
        whole = people([*shown[country], *(one.record for one in counted if one.record.account.country == country)])
        parts = ("estimate", "low", "high")
        amounts[country,] = {part: max(0, (getattr(whole, part) or 0) - (getattr(beside, part) or 0)) for part in parts}
    return Reporting(
        Block((Dimension(),)), World(_counted(counted, lambda flag: (flag.record.account.country,)), amounts)
    )


def _tags(published: Iterable[Flag]) -> Iterator[tuple[str, Reporting]]:
    """Yield a table for each tag and K: how many bear it unseen, how many do not, how many there are together."""
    of_class: defaultdict[int, list[tuple[Flag, set[Cell]]]] = defaultdict(list)
    for flag in published:
        least, unseen = unseen_cells(flag)
        if least is not None:
            of_class[least].append((flag, unseen))
    for least, some in sorted(of_class.items()):
        for cell in sorted({cell for _, unseen in some for cell in unseen}):
            counted: defaultdict[Coordinates, Counter[str]] = defaultdict(Counter)
            for flag, unseen in some:
                counted[flag.record.account.country, _BEARS if cell in unseen else _NOT][_known_to(flag)] += 1
            shape = Block((Dimension(), Dimension()), least, untold=frozenset({_NOT}), public=frozenset({(ANY, ALL)}))
            yield "/".join((_TAG, str(least), *cell)), Reporting(shape, World(counted))
