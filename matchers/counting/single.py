"""Pairs of counts where either side gives one plain number of persons, compared as columns.

Most accounts that count at all say one number of persons, of one day, and so do the lists. Their comparison needs none
of what `matchers.counting.comparability` weighs: the same numbers come out, without a value for each pair. Whatever
else an account or an entry says goes the general way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.counts.coverage import NOTHING_DECLARED, Boundary, CountCoverage
from geodata.kinds import kind_of
from geodata.names.folding import fold
from geodata.places import Places
from matchers.counting.comparability import Comparable, spread
from matchers.counting.definitions import Gap, definition_gap, official_sigma
from matchers.counting.disclosed import mechanism_of
from matchers.counting.frame import Setting
from matchers.counting.growth import DAYS, Population, Projection, part_of, project
from matchers.counting.mechanisms import NONE, Published
from matchers.counting.methods import Method, error_of, method_of
from matchers.counting.reading import WITHHELD, Theirs
from matchers.pairs import Flags, Floats, Rows

_EPOCH = date(1970, 1, 1)
_DAY_ZERO = _EPOCH.toordinal()
_UNKNOWN = np.iinfo(np.int32).max  # a day that never comes
_WITHHELD = pa.array(sorted(WITHHELD))


class Whose(NamedTuple):
    """Of which population growth is asked: a country, and the kind of place as written."""

    country: str | None
    kind: str | None


@dataclass(frozen=True)
class Plain:
    """The rows that give one number of persons without a range, and no more than that; columns in their order."""

    at: Rows  # position among the rows asked about
    value: Floats  # 0 or more
    day: Rows  # days since 1970
    method: list[str | None]  # as written

    @classmethod
    def of(cls, places: Places, rows: Rows, otherwise: pa.Array, today: date) -> Plain:
        """Read the counts of some rows of a table; `otherwise` are the days of those rows where a count gives none."""
        counts = places.column("counts")
        begin = counts.offsets.to_numpy(zero_copy_only=False)
        one = np.flatnonzero(begin[rows + 1] - begin[rows] == 1)
        cells = counts.values.take(pa.array(begin[rows[one]]))
        dated = pc.coalesce(cells.field("date"), otherwise.take(pa.array(one))).cast(pa.int32())
        day = pc.fill_null(dated, pa.scalar(_UNKNOWN, pa.int32())).to_numpy(zero_copy_only=False).astype(np.int64)
        value = cells.field("value").to_numpy(zero_copy_only=False).astype(np.float64)
        ranged = pc.or_(cells.field("low").is_valid(), cells.field("high").is_valid())
        withheld = pc.is_in(cells.field("status"), value_set=_WITHHELD)
        fine = np.flatnonzero(
            _means(cells.field("unit"), "persons", none="persons")
            & _means(cells.field("group"), "", none="")
            & ~pc.or_(ranged, withheld).to_numpy(zero_copy_only=False)
            & (day <= (today - _EPOCH).days)
            & (np.isfinite(value) & (value >= 0))
        )
        method = cells.field("method").take(pa.array(fine)).to_pylist()
        return cls(one[fine], value[fine], day[fine], method)

    def take(self, kept: Rows) -> Plain:
        """Return some of them."""
        return Plain(self.at[kept], self.value[kept], self.day[kept], [self.method[at] for at in kept.tolist()])


@dataclass(frozen=True)
class PlainPairs:
    """Plain counts of matched pairs and how far they may be apart; columns by pair."""

    mine: Plain
    theirs: Plain
    method: list[Method]  # of the citizen count
    s: Floats  # total standard deviation on the log scale
    growth: list[Projection]  # from the official to the citizen date
    gap: Gap

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.s)

    @property
    def years(self) -> Floats:
        """Years from the official to the citizen date; negative when the citizen count is older."""
        return (self.mine.day - self.theirs.day) / DAYS

    def pair(self, at: int, declared: CountCoverage) -> Comparable:
        """Return one of them as the general comparison would; `declared` is how the list's counts are to be read."""
        return Comparable(
            citizen=float(self.mine.value[at]),
            published=Published(float(self.theirs.value[at])),
            unit="persons",
            group="",
            method=self.method[at],
            s=float(self.s[at]),
            gap=self.gap,
            days=(_date(self.theirs.day[at]), _date(self.mine.day[at])),
            growth=self.growth[at],
            notes=tuple(one.clause for one in declared.net_undercount if not fold(one.group or "")),
        )


def plainly_read(setting: Setting) -> bool:
    """Return whether a list's manifest leaves its counts as they are, so that plain ones can be compared as columns."""
    declared = setting.official.coverage.counts or NOTHING_DECLARED
    apart = gap_of(setting).sigma <= setting.counting.sigma_definition_most
    return apart and mechanism_of(declared.disclosure, 0.0) == NONE


def gap_of(setting: Setting) -> Gap:
    """Return how far definitions are apart where no account says anything of its boundary."""
    declared = setting.official.coverage.counts or NOTHING_DECLARED
    return definition_gap(declared.boundary or Boundary.NOT_IDENTICAL, declared.universe, setting.counting)


def plain_pairs(mine: Plain, theirs: Plain, whose: Sequence[Whose], setting: Setting) -> PlainPairs:
    """Return the pairs that both sides make row by row, all plain; `whose` growth lies between their days."""
    declared = setting.official.coverage.counts or NOTHING_DECLARED
    methods = list(map(_method, mine.method))
    growth = _projected(theirs.day.tolist(), mine.day.tolist(), whose, setting)
    official = {text: _official_sigma(text, declared, setting) for text in set(theirs.method)}
    gap = gap_of(setting)
    errors = (
        (error_of(method, (None, None)), official[text], one.sigma, 0.0, gap.sigma)
        for method, text, one in zip(methods, theirs.method, growth, strict=True)
    )
    return PlainPairs(mine, theirs, methods, np.array([*map(spread, errors)], np.float64), growth, gap)


def _projected(
    official: Sequence[int], citizen: Sequence[int], whose: Sequence[Whose], setting: Setting
) -> list[Projection]:
    """Return the growth between days; each population and span is asked for once."""
    known: dict[tuple[Whose, int, int], Projection] = {}
    keys = list(zip(whose, official, citizen, strict=True))
    for key in dict.fromkeys(keys):
        (country, kind), *days = key
        population = Population(country, (), part_of(kind_of(kind)))
        known[key] = project(population, (_date(days[0]), _date(days[1])), setting.rates_of(country), setting.counting)
    return [known[key] for key in keys]


def _date(day: int) -> date:
    return date.fromordinal(_DAY_ZERO + int(day))


def _official_sigma(method: str | None, declared: CountCoverage, setting: Setting) -> float:
    return official_sigma(declared, Theirs(Published(0.0), "persons", "", method, None), setting.counting)


@lru_cache(maxsize=1024)
def _method(text: str | None) -> Method:
    return method_of(text)


def _means(texts: pa.Array, wanted: str, *, none: str) -> Flags:
    """Return which texts are a word, folded; `none` is what silence means."""
    encoded = texts.dictionary_encode("encode")
    said = np.array([fold(text or none) == wanted for text in encoded.dictionary.to_pylist()])
    return np.asarray(said[encoded.indices.to_numpy(zero_copy_only=False)], np.bool_) if len(texts) else _NOBODY


_NOBODY = np.zeros(0, np.bool_)
