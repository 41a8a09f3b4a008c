"""The same figures for parts of the records: by script, country, kind, or any column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchers.evaluation.bootstrap import Bootstrap, Figure
from matchers.evaluation.figures import figures
from matchers.evaluation.outcomes import Outcomes

#: Stands for records that do not say.
UNSAID = "not said"
#: Together, the values that too few records have; a figure of a handful says nothing.
OTHERS = "all others"
_FEWEST = 10
_MOST = 12


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures of the records with one value of a column."""

    by: str
    value: str
    records: int
    hidden: int
    figures: dict[str, Figure]


def slices(
    outcomes: Outcomes, columns: dict[str, Sequence[str | None]], cluster: NDArray[np.int64], how: Bootstrap
) -> list[Slice]:
    """Return the figures by each value of each column, the commonest value first; a column of one value is left out.

    Values that fewer than ten records have, or that come after the twelfth, are taken together.
    """
    found: list[Slice] = []
    for by, values in columns.items():
        grouped = _grouped(values)
        for value in _ordered(grouped):
            rows = np.flatnonzero([one == value for one in grouped])
            part = outcomes.take(rows)
            told = figures(part, cluster[rows], how)
            found.append(Slice(by, value, len(part), int(part.hidden.sum()), told))
    return found


def _grouped(values: Sequence[str | None]) -> list[str]:
    said = [value or UNSAID for value in values]
    common = [value for value, count in Counter(said).most_common(_MOST) if count >= _FEWEST or value == UNSAID]
    return [value if value in common else OTHERS for value in said]


def _ordered(values: list[str]) -> list[str]:
    """Return the distinct values, the commonest first, those for the rest last; none where all are one."""
    counts = Counter(values)
    if len(counts) < 2:  # noqa: PLR2004 - one value is the whole again
        return []
    return sorted(counts, key=lambda value: (value in {OTHERS, UNSAID}, -counts[value], value))
