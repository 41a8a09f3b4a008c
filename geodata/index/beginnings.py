"""Places whose names begin with what somebody has typed so far."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

from geodata.index.place_index import PlaceIndex
from geodata.names import forms

Rows = NDArray[np.int64]

_BEYOND = "\x7f"  # after any letter of a folded name


def beginning(index: PlaceIndex, prefix: str, limit: int) -> list[int]:
    """Return at most `limit` rows with a name whose core begins like this, in any spelling of its letters, in order.

    Names are compared without spaces, accents, and words such as "village".
    """
    letters = forms([prefix]).letters[0]
    if not letters:
        return []
    cores = index.cores.number.texts
    first, last = (bisect_left(range(len(cores)), key, key=cores.__getitem__) for key in (letters, letters + _BEYOND))
    _, rows = index.cores.rows_of(np.arange(first, min(last, first + limit), dtype=np.int64))
    return list(dict.fromkeys(rows.tolist()))[:limit]
