"""Tests of many pairs of counts at once: what each shows, what follows from it, and the numbers a finding keeps."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from matchers.base import COUNTED
from matchers.counting.comparability import Comparable
from matchers.counting.mechanisms import NONE, Kind
from matchers.counting.pairs import CODE, CountPairs
from matchers.counting.posterior import Coverage, coverages
from matchers.counting.power import Bar, detectables
from matchers.counting.single import PlainPairs
from matchers.judging.counted import struct_of
from matchers.judging.verdict import Basis, Counted, count_verdict, count_verdicts, stale
from matchers.pairs import Floats
from matchers.parameters import Counting

_FEW = 3  # pairs that are tested one by one, of which the latest are remembered
_LOOKED_UP = frozenset({Kind.NONE, Kind.SUPPRESSED})  # whose power stands in a table


@dataclass(frozen=True)
class Tests:
    """What pairs of counts came to, in their order."""

    found: Callable[[int], Coverage]  # of each pair, by its place
    counted: list[Counted]
    detectable: Floats  # the greatest ratio at which they could have shown an undercount; NaN where at none
    struct: pa.StructArray  # of `matchers.base.COUNTED`


NO_TESTS = Tests(coverages(CountPairs.of([], [], [])).row, [], np.zeros(0), pa.nulls(0, COUNTED))


def plain_tests(pairs: PlainPairs, counting: Counting) -> Tests:
    """Test plain counts."""
    nothing, size, gap = np.zeros(len(pairs)), len(pairs), pairs.gap.sigma
    citizen, official, years = pairs.mine.value, pairs.theirs.value, pairs.years
    growth = np.array([one.log for one in pairs.growth], np.float64)
    sigma = np.array([one.sigma for one in pairs.growth], np.float64)
    columns = CountPairs(
        citizen=citizen,
        low=official,
        high=official,
        kind=np.full(size, CODE[Kind.NONE], np.int8),
        scale=nothing,
        s=pairs.s,
        growth=growth,
        delta=np.full(size, counting.delta),
    )
    found = coverages(columns, counting.prior)
    old = stale(years, sigma, counting).tolist()
    bases = (
        Basis(method.conclusive, method.lower_bound, False, then, gap > counting.sigma_boundary, False)  # noqa: FBT003
        for method, then in zip(pairs.method, old, strict=True)
    )
    least = detectables(citizen * np.exp(-growth), pairs.s, _bar(counting)) if size else nothing
    struct = _struct(
        {
            "citizen": citizen,
            "official_low": official,
            "official_high": official,
            "unit": pa.repeat("persons", size),
            "group": pa.nulls(size, pa.string()),
            "method": [method.code for method in pairs.method],
            "spread": pairs.s,
            "years": years,
            "growth": growth,
            "p_under": found.p_under,
            "p_over": found.p_over,
            "ratio": found.median,
            "ratio_low": found.low,
            "ratio_high": found.high,
            "shortfall": found.shortfall,
            "detectable": pa.array(least, pa.float64(), from_pandas=True),
            "gap": np.full(size, gap),
            "noise": np.full(size, NONE.sd),
            "coherent": np.ones(size, np.bool_),
        }
    )
    return Tests(found.row, count_verdicts(found, bases, nothing, counting), least, struct)


def tests_of(pairs: Sequence[Comparable], counting: Counting) -> Tests:
    """Test pairs of any kind."""
    rows = _coverage(pairs, counting)
    least = _detectable(pairs, counting)
    structs = [struct_of(*one) for one in zip(pairs, rows, least, strict=True)]
    return Tests(
        rows.__getitem__,
        [count_verdict(row, pair, counting) for row, pair in zip(rows, pairs, strict=True)],
        np.array([np.nan if one is None else one for one in least], np.float64),
        pa.array(structs, COUNTED),
    )


def _coverage(pairs: Sequence[Comparable], counting: Counting) -> list[Coverage]:
    if len(pairs) <= _FEW:
        return [pair.coverage(counting) for pair in pairs]
    columns = CountPairs.of(
        [pair.citizen for pair in pairs],
        [pair.published for pair in pairs],
        [pair.s for pair in pairs],
        growth=[pair.growth.log for pair in pairs],
        delta=counting.delta,
    )
    return list(map(coverages(columns, counting.prior).row, range(len(pairs))))


def _detectable(pairs: Sequence[Comparable], counting: Counting) -> list[float | None]:
    """Return what each pair could have shown: from the table where that holds, else searched for one by one."""
    if any(pair.published.mechanism.kind not in _LOOKED_UP for pair in pairs):
        return [pair.detectable(counting) for pair in pairs]
    expected = np.array([pair.citizen * math.exp(-pair.growth.log) for pair in pairs])
    found = detectables(expected, np.array([pair.s for pair in pairs]), _bar(counting)) if len(pairs) else expected
    return [None if np.isnan(least) else least for least in found.tolist()]


def _struct(columns: dict[str, object]) -> pa.StructArray:
    arrays = [pa.array(columns[field.name], field.type) for field in COUNTED]
    return pa.StructArray.from_arrays(arrays, fields=list(COUNTED))


def _bar(counting: Counting) -> Bar:
    return Bar(counting.p_undercount, counting.delta)
