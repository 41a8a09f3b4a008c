"""What it says that a record's point lies in an official polygon, at its edge, or outside."""

from __future__ import annotations

import numpy as np

from geodata.index import PlaceIndex
from geodata.index.areas import Holding
from matchers.pairs import Feature, Floats, Pairs, log2
from matchers.parameters import Geography

LEVELS = ("not_available", "inside", "edge", "outside")
_EDGE_CHANCE = 0.02  # share of polygons whose edge a random point would be near


def compare_containment(pairs: Pairs, index: PlaceIndex, holding: Holding, geography: Geography) -> Feature:
    """Weigh containment for pairs whose place has a polygon and whose record has a point.

    Were the record some other place, it would fall into a polygon as often as the polygon is large among all.
    """
    areas = index.areas
    if not len(areas.rows):
        return Feature("containment", LEVELS, np.zeros(len(pairs), np.int64), np.zeros(len(pairs)))
    share = np.full(len(index.places), np.nan)
    share[areas.rows] = np.clip(areas.km2 / max(float(areas.km2.sum()), 1e-9), 1e-6, 0.9)
    outside = _outside_m(pairs, index, holding)
    chance = share[pairs.row]
    level = np.where(outside == 0, 1, np.where(np.isfinite(outside), 2, 3))
    known = np.isfinite(chance) & np.isfinite(pairs.distance_m)
    ratio = np.select(
        [level == 1, level == 2],  # noqa: PLR2004 - positions in LEVELS
        [geography.inside / chance, np.full(len(pairs), geography.edge / _EDGE_CHANCE)],
        geography.outside / (1 - chance),
    )
    return Feature(
        "containment", LEVELS, np.where(known, level, 0), np.where(known, log2(np.nan_to_num(ratio, nan=1.0)), 0.0)
    )


def _outside_m(pairs: Pairs, index: PlaceIndex, holding: Holding) -> Floats:
    """Return how far outside the polygon each pair's record lies; infinite beyond the margin."""
    span = max(len(index.places), 1)
    wanted, have = pairs.record * span + pairs.row, holding.query * span + holding.row
    order = np.argsort(have)
    outside = np.full(len(pairs), np.inf)
    if len(have):
        place = np.minimum(np.searchsorted(have[order], wanted), len(have) - 1)
        found = have[order][place] == wanted
        outside[found] = holding.outside_m[order][place][found]
    return outside
