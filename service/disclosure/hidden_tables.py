"""The tables of communities that outsiders are not shown one by one, counted in one pass.

Who counts is the same for everybody: published, of a class that may be counted, agreed to be part of totals, and not
shown. Of each community no more is held than what counts; of those with a head count, whatever tells them apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from matchers.base import Verdict
from service.callers.caller import ANONYMOUS
from service.disclosure.openness import open_now
from service.disclosure.policy import (
    SMALLEST_COUNT,
    Consent,
    Sensitivity,
    View,
    consent_of,
    sensitivity_of,
    taken_back,
    view_of,
)
from service.disclosure.registry import Block, Reporting, World
from service.disclosure.registry.block import ANY, TOGETHER
from service.disclosure.tables import Dimension
from service.disclosure.tables.cube import ALL, Coordinates
from service.disclosure.tag_totals import Cell, unseen_cells
from service.figures.people import people, usable
from service.store.values import Flag, Record
from service.store.visible import Resolved

#: The tables of verdicts, and of people in communities that no list names; of tags and releases there is one each.
VERDICTS, HEADS, TAG, RELEASE = "verdicts", "heads", "tag", "visible"

#: Terms of the last dimension of the tables of tags.
BEARS, NOT = "bears it", "does not"

_AGREED = frozenset({Consent.PUBLIC_AGGREGATE, Consent.PUBLIC_MASKED, Consent.PUBLIC_EXACT})
_COUNTED = frozenset({Sensitivity.OPEN, Sensitivity.CAUTION})

Counts = defaultdict[Coordinates, Counter[str]]  # by who knows of them


def _counts() -> Counts:
    return defaultdict(Counter)


def in_totals(record: Record, *, published: bool) -> bool:
    """Return whether a community is counted for outsiders: it agreed, may be, was published, and is not shown."""
    return published and agreed(record) and view_of(record, ANONYMOUS, published=True) is View.NOTHING


def agreed(record: Record) -> bool:
    """Return whether a community may be part of totals, by its class and its consent; what is held may not."""
    return not taken_back(record) and sensitivity_of(record.account) in _COUNTED and consent_of(record) in _AGREED


def shape_of(table: str) -> Block:
    """Return the shape of a table by its name."""
    kind, _, rest = table.partition("/")
    if kind == TAG:
        least = int(rest.partition("/")[0])
        return Block((Dimension(), Dimension()), least, untold=frozenset({NOT}), public=frozenset({(ANY, ALL)}))
    dimensions = 2 if kind == VERDICTS else 1
    return Block((Dimension(),) * dimensions, SMALLEST_COUNT)


def tables_of(published: Iterable[Flag], resolved: Iterable[Resolved]) -> dict[str, Reporting]:
    """Return every table of hidden communities, with what there is to count in it now. Each flag is looked at once."""
    tally = _Tally()
    for flag in published:
        tally.add(flag)
    tables = {VERDICTS: World(tally.verdicts), HEADS: World(tally.heads, dict(tally.amounts()))}
    tables |= dict(tally.tags())
    by_snapshot: defaultdict[str, Counts] = defaultdict(_counts)
    for one in resolved:
        if one.published and agreed(one.record):
            by_snapshot[one.snapshot][one.record.account.country,][one.record.organisation] += 1
    tables |= {f"{RELEASE}/{snapshot}": World(counted) for snapshot, counted in sorted(by_snapshot.items())}
    return {name: Reporting(shape_of(name), world) for name, world in tables.items()}


@dataclass(frozen=True, slots=True)
class _Tally:
    """What there is to count, as far as it was read."""

    verdicts: Counts = field(default_factory=_counts)
    heads: Counts = field(default_factory=_counts)
    counted: defaultdict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))  # hidden, by country
    shown: defaultdict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    of_class: defaultdict[int, Counts] = field(default_factory=lambda: defaultdict(_counts))  # by K, all communities
    bearing: defaultdict[tuple[int, Cell], Counts] = field(default_factory=lambda: defaultdict(_counts))

    def add(self, flag: Flag) -> None:
        """Count one community."""
        record, country, by = flag.record, flag.record.account.country, _known_to(flag)
        is_open = open_now(flag)
        hidden = in_totals(record, published=is_open)
        if hidden:
            self.verdicts[country, flag.verdict][by] += 1
        if flag.verdict == Verdict.HIDDEN_PLACE and usable(record.account.counts):
            if hidden:
                self.heads[country,][by] += 1
                self.counted[country].append(replace(record, findings=()))
            elif view_of(record, ANONYMOUS, published=is_open) is not View.NOTHING:
                self.shown[country].append(replace(record, findings=()))
        least, unseen = unseen_cells(flag)
        if least is not None:
            self.of_class[least][country,][by] += 1
            for cell in unseen:
                self.bearing[least, cell][country,][by] += 1

    def amounts(self) -> Iterator[tuple[Coordinates, Mapping[str, int]]]:
        """Yield by how much the hidden ones raise the estimate of each country.

        Those that may be one of the shown ones raise it by nothing, so they are added to what is shown without counting
        anybody twice.
        """
        for country, counted in self.counted.items():
            beside, whole = people(self.shown[country]), people([*self.shown[country], *counted])
            parts = ("estimate", "low", "high")
            yield (country,), {p: max(0, (getattr(whole, p) or 0) - (getattr(beside, p) or 0)) for p in parts}

    def tags(self) -> Iterator[tuple[str, World]]:
        """Yield a table for each tag and K: how many bear it unseen, and how many do not."""
        for (least, cell), bearing in sorted(self.bearing.items()):
            counted: dict[Coordinates, Counter[str]] = {}
            for (country,), everybody in self.of_class[least].items():
                bear = bearing.get((country,), Counter())
                counted[country, BEARS], counted[country, NOT] = bear, everybody - bear
            yield "/".join((TAG, str(least), *cell)), World({at: by for at, by in counted.items() if by})


def _known_to(flag: Flag) -> str:
    return TOGETHER.join(sorted({record.organisation for record in (flag.record, *flag.members)}))
