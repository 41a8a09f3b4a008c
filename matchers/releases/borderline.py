"""Whether a verdict stands so near to a threshold that a list's drift may carry it across."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matchers.parameters import Absence

_NONE = 2.0**-20
_CLAIM = 0.05  # probability of an entry below which nobody asks which of two is the likelier


def borderline(p_absent: float, candidates: Sequence[float], drift: float, absence: Absence) -> bool:
    """Return whether odds that move by `drift` bits may change what was decided.

    `candidates` are the probabilities of the best entries, the best first. Asked are the thresholds of absence, the
    second entry that calls for a person, whether absence or an entry is the likelier, and which of two entries is.
    """
    thresholds = (absence.match_below, absence.absent_above)
    if any(_near(_odds(p_absent), _odds(threshold), drift) for threshold in thresholds):
        return True
    best, second = (*candidates[:2], 0.0, 0.0)[:2]
    if _near(_odds(second), _odds(absence.rival), drift):
        return True
    if best < _CLAIM:
        return False
    rivals = [other for other in (p_absent, second) if other >= _NONE]
    return any(_near(math.log2(best), math.log2(other), drift) for other in rivals)


def _near(one: float, other: float, drift: float) -> bool:
    return abs(one - other) <= drift


def _odds(p: float) -> float:
    safe = min(max(p, _NONE), 1 - _NONE)
    return math.log2(safe / (1 - safe))
