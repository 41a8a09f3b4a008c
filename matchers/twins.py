"""Entries that a list holds twice: one name, one kind, the same units and the same spot."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from geodata.index import PlaceIndex
from matchers.features.admin import Units
from matchers.pairs import Rows

_DECIMALS = 3  # of degrees: about a hundred metres


def twins_of(index: PlaceIndex, units: Sequence[Units], kind: Rows) -> Rows:
    """Return for each row the first row by identifier that is the same entry; its own where it has no twin.

    Entries of a list without units and points are told apart by nothing but their names, and are never twins.
    """
    places, size = index.places, len(index.places)
    own = np.arange(size)
    placed = np.isfinite(places.lat) & np.isfinite(places.lon)
    said = np.stack([unit.value for unit in units], axis=1) if units else np.full((size, 0), -1)
    known = placed | (said >= 0).any(axis=1)
    key: list[str] = [""] * size
    for which, row in zip(index.names.which[::-1].tolist(), index.name_rows[::-1].tolist(), strict=True):
        key[row] = index.names.parts[which].key if index.names.parts[which].core else ""
    spot = np.where(placed[:, None], np.round(np.column_stack((places.lat, places.lon)), _DECIMALS), np.inf).tolist()
    first: dict[Hashable, int] = {}
    by_id = np.argsort(np.array(places.ids, dtype=object), kind="stable")
    for row in by_id[known[by_id]].tolist():
        if key[row]:
            own[row] = first.setdefault((key[row], int(kind[row]), tuple(said[row].tolist()), *spot[row]), row)
    return own
