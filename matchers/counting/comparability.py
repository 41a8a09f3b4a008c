"""Whether the counts of a matched pair can be compared, and with what total error.

    s² = method² + official² + growth² + household size² + definitions²     standard deviations on the log scale

Same unit beats conversion, and either beats a count of some of the people, which is only a least number. Of several
dates those nearest to one another are taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from geodata.names.folding import fold
from matchers.base import Verdict
from matchers.counting.conversion import Conversion, conversion
from matchers.counting.definitions import Gap, official_sigma
from matchers.counting.frame import Frame
from matchers.counting.growth import DAYS, Projection, project
from matchers.counting.mechanisms import Published
from matchers.counting.methods import Method
from matchers.counting.pairs import CountPairs, refusals
from matchers.counting.posterior import Coverage, coverage
from matchers.counting.power import Bar, detectable
from matchers.counting.reading import WITHHELD, Count, Own, Theirs, listed_counts, lower_bound, own_counts
from matchers.parameters import Counting

TESTED = ("persons", "households", "dwellings")  # units in which coverage of people can be tested
_VAGUEST = 1.0  # growth less certain than this says nothing about numbers of today


@dataclass(frozen=True, slots=True)
class Comparable:
    """Two counts of the same kind of thing."""

    citizen: float  # in `unit`
    published: Published
    unit: str
    group: str
    method: Method
    s: float  # total standard deviation on the log scale
    gap: Gap  # of definitions, part of `s`
    days: tuple[date, date]  # of the official and of the citizen count
    growth: Projection  # from the official to the citizen date
    some: str = ""  # whom the record counts where that is a least number of persons, e.g. "pupils"
    notes: tuple[str, ...] = ()  # what else was done to the numbers, or speaks against them; clauses
    incoherent: bool = False  # the list contradicts itself about this entry

    @property
    def years(self) -> float:
        """Years from the official to the citizen date; negative when the citizen count is older."""
        return (self.days[1] - self.days[0]).days / DAYS

    @property
    def official(self) -> tuple[float, float]:
        """The published number twice, or the least and the greatest it may be."""
        return self.published.bounds

    def detectable(self, counting: Counting) -> float | None:
        """Return the greatest ratio at which such counts could have shown an undercount; None where at no ratio.

        By the default prior, whatever these parameters have learned: see `matchers.counting.power`.
        """
        expected = self.citizen * math.exp(-self.growth.log)
        bar = Bar(counting.p_undercount, counting.delta)
        return detectable(expected, self.s, self.published.mechanism, bar)

    def coverage(self, counting: Counting) -> Coverage:
        """Return the posterior of the coverage ratio, by the prior of these parameters."""
        pair = self.citizen, self.published, self.s, self.growth.log
        return coverage(*pair, counting.delta, prior=counting.prior)


@dataclass(frozen=True, slots=True)
class Incomparable:
    """Why no pair of counts can be compared, as the end of the sentence "The counts cannot be compared: ..."."""

    because: str
    verdict: Verdict | None = None  # what follows for the finding; None: only that the place is listed
    subtype: str | None = None


class _Fitting(NamedTuple):
    """A pair of counts in one unit, and how it came to that."""

    rank: int  # 0 same unit, 1 converted, 2 a lower bound
    own: Own
    theirs: Theirs
    by: Conversion | None = None


def comparable(citizen: Sequence[Count], official: Sequence[Count], frame: Frame) -> Comparable | Incomparable:
    """Return the pair of counts that speak of the same unit and group and are nearest in time, or why there is none.

    Counts are the structs of `geodata.places.COUNT`.
    """
    if frame.left_out and official:
        because = f"those of the list leave out {frame.left_out} by rule"
        return Incomparable(because, Verdict.HIDDEN_GROUP, "universe_excludes")
    mine, refused = own_counts(citizen, frame.dates[0], frame.today, frame.floor)
    theirs, faulty = listed_counts(official, frame.dates[1], frame.today, frame.declared)
    if not mine:
        return _refusal(refused) or Incomparable("the record gives no count")
    if not theirs:
        withheld = any(count["status"] in WITHHELD for count in official)
        silent = Incomparable("the official count is withheld" if withheld else "the list gives no count")
        return _refusal(faulty) or silent
    fitting = [pair for a in mine for b in theirs if (pair := _fitting(a, b, frame)) is not None]
    dated = [pair for pair in fitting if pair.own.day and pair.theirs.day]
    if not dated:
        return Incomparable(_hindrance([(a, b) for a in mine for b in theirs], fitting))
    if frame.gap.sigma > frame.counting.sigma_definition_most:
        return Incomparable(frame.gap.said, Verdict.INSUFFICIENT_EVIDENCE)
    nearest = min(dated, key=_preference)
    notes = (*_trend(mine, nearest), *_set_aside(refused))
    return _unprojectable(nearest, frame) or _possible(_compared(nearest, frame, notes))


def _refusal(clauses: Sequence[str]) -> Incomparable | None:
    return Incomparable(clauses[0], Verdict.INSUFFICIENT_EVIDENCE) if clauses else None


def _fitting(own: Own, theirs: Theirs, frame: Frame) -> _Fitting | None:
    if own.group != theirs.group or theirs.unit not in TESTED:
        return None
    if own.unit == theirs.unit:
        return _Fitting(0, own, theirs)
    if (by := conversion(own.unit, theirs.unit, frame.size, frame.counting)) is not None:
        return _Fitting(1, own, theirs, by)
    least = lower_bound(own, theirs.unit)
    return _Fitting(2, least, theirs) if least is not None else None


def _preference(pair: _Fitting) -> tuple[float, ...]:
    """Return the order of pairs: an inconclusive method, a bound, a conversion, and years apart all count against."""
    own, theirs = pair.own, pair.theirs
    apart = abs((own.day - theirs.day).days) if own.day and theirs.day else 0
    return (not own.method.conclusive, own.method.lower_bound, pair.rank, apart, own.sigma, -own.value)


def _unprojectable(pair: _Fitting, frame: Frame) -> Incomparable | None:
    """Return why a number cannot be carried from one date to the other: a founding, a flight, too many years."""
    days = [day for day in (pair.theirs.day, pair.own.day) if day]
    first, last = min(days), max(days)
    if frame.founded is not None and first < frame.founded <= last:
        because = f"the place was founded on {frame.founded}, between the one of {first} and the other of {last}"
        return Incomparable(because, Verdict.STALE_OFFICIAL)
    if frame.driven_out and (last - first).days > DAYS:
        because = f"the record tells of {frame.driven_out}, and how many left or came between {first:%Y} and {last:%Y}"
        return Incomparable(f"{because} is not known", Verdict.STALE_OFFICIAL)
    if frame.counting.sigma_growth_known * (last - first).days / DAYS > _VAGUEST:
        return Incomparable(f"{(last - first).days / DAYS:.0f} years lie between them", Verdict.STALE_OFFICIAL)
    return None


def _compared(pair: _Fitting, frame: Frame, notes: tuple[str, ...]) -> Comparable:
    own, theirs, by = pair.own, pair.theirs, pair.by
    days = (theirs.day or frame.today, own.day or frame.today)
    growth = project(frame.population, days, frame.rates, frame.counting)
    growth = growth.blurred(frame.spread_years, frame.counting)
    errors = (
        own.sigma,
        official_sigma(frame.declared, theirs, frame.counting),
        growth.sigma,
        by.sigma if by else 0.0,
        frame.gap.sigma,
    )
    again = tuple(one.clause for one in frame.declared.net_undercount if fold(one.group or "") == own.group)
    converted = f"the record's {own.value:,.0f} {own.unit} are taken {by.said}" if by else ""
    return Comparable(
        citizen=own.value * by.factor if by else own.value,
        published=theirs.published,
        unit=theirs.unit,
        group=own.group,
        method=own.method,
        s=spread(errors),
        gap=frame.gap,
        days=days,
        growth=growth,
        some=own.some,
        notes=tuple(note for note in (converted, *notes, frame.incoherent or "", *again) if note),
        incoherent=frame.incoherent is not None,
    )


def spread(errors: Iterable[float]) -> float:
    """Return the total of independent errors, all standard deviations on the log scale."""
    return math.sqrt(sum(error**2 for error in errors))


def _possible(pair: Comparable) -> Comparable | Incomparable:
    """Return the pair, or why no coverage ratio can be computed for it, such as growth to a thousandfold."""
    low, high = pair.official
    if 0 < pair.citizen < math.inf and 0 <= low == high < math.inf and 0 < pair.s <= 1 and abs(pair.growth.log) <= 1:
        return pair  # as nearly all are, and asking is not cheap
    (wrong,) = refusals(CountPairs.of([pair.citizen], [pair.published], pair.s, growth=pair.growth.log))
    return pair if wrong is None else Incomparable(wrong, Verdict.INSUFFICIENT_EVIDENCE)


def _trend(mine: Sequence[Own], chosen: _Fitting) -> tuple[str, ...]:
    """Return the record's own counts of several dates, as one clause; empty where there is but one date."""
    same = {(one.day, one.value) for one in mine if (one.unit, one.group) == (chosen.own.unit, chosen.own.group)}
    dated = sorted((day, value) for day, value in same if day)
    if len({day for day, _ in dated}) < 2:  # noqa: PLR2004 - several
        return ()
    counts = ", ".join(f"{value:,.0f} ({day:%Y})" for day, value in dated)
    return (f"the record has counts of {len({day for day, _ in dated})} dates: {counts}",)


def _set_aside(refused: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"set aside: {clause}" for clause in refused)


def _hindrance(pairs: Sequence[tuple[Own, Theirs]], fitting: Sequence[_Fitting]) -> str:
    """Return why no pair can be compared."""
    mine, theirs = pairs[0]
    if fitting:
        return "one of them has no date"
    if all(a.unit != b.unit for a, b in pairs):
        unlike = f"the record counts {mine.unit} and the list {theirs.unit}"
        sized = {"persons"} < {mine.unit, theirs.unit} <= set(TESTED)
        return f"{unlike}, and nobody says how many persons a household has" if sized else unlike
    if all(a.unit not in TESTED for a, b in pairs if a.unit == b.unit):
        return f"{mine.unit} are not everybody who lives there"
    return "they speak of different groups"
