"""Entries that a list holds twice: one name, one kind, the same units and the same spot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geodata.index import PlaceIndex
from geodata.index.groups import coded
from matchers.features.admin import Units
from matchers.features.rarity import key_codes
from matchers.pairs import Flags, Rows

_DECIMALS = 3  # of degrees: about a hundred metres


def twins_of(index: PlaceIndex, units: Sequence[Units], kind: Rows, order: Rows) -> Rows:
    """Return for each row the first row by identifier that is the same entry; its own where it has no twin.

    `order` is the place of each row by identifier. Entries of a list without units and points are told apart by nothing
    but their names, and are never twins.
    """
    places, size = index.places, len(index.places)
    own = np.arange(size)
    placed = np.isfinite(places.lat) & np.isfinite(places.lon)
    said = np.stack([unit.value for unit in units], axis=1) if units else np.full((size, 0), -1)
    known = placed | (said >= 0).any(axis=1)
    key = np.full(size, -1, np.int64)
    backwards = index.names.which[::-1]
    named = index.names.named[::-1]
    key[index.name_rows[::-1]] = np.where(named, key_codes(index)[backwards], -1)  # the first name is written last
    known &= (key >= 0) & _recurring(key)
    rows = np.flatnonzero(known)
    spot = np.where(placed[:, None], np.round(np.column_stack((places.lat, places.lon)), _DECIMALS), np.inf)[rows]
    columns = (order[rows], *said[rows].T, spot[:, 1], spot[:, 0], kind[rows], key[rows])
    by = np.lexsort(columns)
    new = np.ones(len(rows), np.bool_)
    new[1:] = np.any([column[by][1:] != column[by][:-1] for column in columns[1:]], axis=0)
    first = np.maximum.accumulate(np.where(new, np.arange(len(rows)), 0))
    own[rows[by]] = rows[by][first]
    return own


def _recurring(key: Rows) -> Flags:
    """Return which rows have a key that another row has too."""
    distinct, place = coded(key)
    return np.asarray(np.bincount(place, minlength=len(distinct))[place] > 1)
