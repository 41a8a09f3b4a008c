"""Waiting: how long it takes until half of what was asked is answered, with what is still open counted honestly.

To leave out what nobody answered yet would praise whoever answers only the easy half. So what is open counts as having
waited at least until now (Kaplan and Meier, JASA 53, 1958).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def median_wait(days: Sequence[float], answered: Sequence[bool]) -> float | None:
    """Return after how many days half were answered; None where the curve does not come down to a half.

    `days` are how long each waited: until its answer, or, where it has none, until it was last looked at. Raises
    `ValueError` for two lengths, or a wait below 0.
    """
    waited, done = np.asarray(days, dtype=np.float64), np.asarray(answered, dtype=bool)
    if waited.shape != done.shape or (waited < 0).any():
        msg = "every wait needs a length of 0 or more, and whether it was answered"
        raise ValueError(msg)
    open_share = 1.0
    for moment in np.unique(waited[done]):
        waiting = int((waited >= moment).sum())
        open_share *= 1 - int((done & (waited == moment)).sum()) / waiting
        if open_share <= 0.5 + 1e-12:
            return float(moment)
    return None
