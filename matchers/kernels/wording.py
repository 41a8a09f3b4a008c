"""Words that two names share, and whether they are written alike, in compiled code (`matchers.features.words`)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.jit import compiled
from matchers.pairs import Floats, Rows

Numbers = NDArray[np.int32]


@compiled
def by_words(mine: Numbers, theirs: Numbers, chance: Floats, worth: tuple[float, Floats]) -> Any:
    """Return the likelihood ratio of two names by the stems they share, 0 where they share none.

    `chance` is by stem. `worth` is what sharing is worth, and what missing words cost, by their number; the last stands
    for all more.
    """
    together, shared, words = 1.0, 0, 0
    for stem in mine:
        words += stem != -1
        if stem < 0:
            continue
        for other in theirs:
            if other == stem:
                together *= chance[stem]
                shared += 1
                break
    if not shared:
        return 0.0
    for other in theirs:
        words += other != -1
    m_words, missing = worth
    return m_words / together * missing[min(words - 2 * shared, len(missing) - 1)]


@compiled
def same_writing(mine: tuple[Rows, NDArray[np.uint8]], a: int, theirs: tuple[Rows, NDArray[np.uint8]], b: int) -> bool:
    """Return whether text `a` of one column and text `b` of another, each (offsets, data), are the same."""
    (offsets, data), (other_offsets, other_data) = mine, theirs
    start, size, other = offsets[a], offsets[a + 1] - offsets[a], other_offsets[b]
    if other_offsets[b + 1] - other != size:
        return False
    for at in range(size):  # noqa: SIM110 - compiled code has no generators
        if data[start + at] != other_data[other + at]:
            return False
    return True
