"""What it says that a record's point lies in an official polygon, at its edge, or outside.

A point nearer to the border than its own uncertainty is at the edge, on either side of it. There the evidence goes over
from one side to the other by the chance that the true point lies inside: of a normal error beside a straight line.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from geodata.distance import R95_PER_SIGMA
from geodata.index import PlaceIndex
from geodata.index.areas import Holding
from matchers.pairs import Feature, Floats, Pairs, log2
from matchers.parameters import Geography

LEVELS = ("not_available", "inside", "edge", "outside")
_EDGE_CHANCE = 0.02  # share of polygons whose edge a random point would be near


def compare_containment(
    pairs: Pairs, index: PlaceIndex, holding: Holding, located: tuple[Floats, Geography]
) -> Feature:
    """Weigh containment for pairs whose place has a polygon and whose record has a point.

    `located` is the standard deviation of each record's location in metres, and the parameters. Were the record some
    other place, it would fall into a polygon as often as the polygon is large among all.
    """
    areas, (sigma_m, geography) = index.areas, located
    if not len(areas.rows):
        return Feature("containment", LEVELS, np.zeros(len(pairs), np.int64), np.zeros(len(pairs)))
    share = shares_of(index)
    outside, depth = _border_m(pairs, index, holding)
    chance, sigma = share[pairs.row], np.fmax(sigma_m[pairs.record], 1e-9)
    held = outside == 0
    level = np.where(held & (depth > sigma * R95_PER_SIGMA), 1, np.where(np.isfinite(outside), 2, 3))
    known = np.isfinite(chance) & np.isfinite(pairs.distance_m)
    inside, edge = geography.inside / chance, geography.edge / _EDGE_CHANCE
    beyond = np.where(held, np.minimum(edge, inside), edge)  # lying inside says no less than lying beside it
    within = np.where(held, ndtr(depth / sigma), 0.0)  # chance that the true point lies inside
    ratio = np.select(
        [level == 1, level == 2],  # noqa: PLR2004 - positions in LEVELS
        [inside, within * inside + (1 - within) * beyond],
        geography.outside / (1 - chance),
    )
    return Feature(
        "containment", LEVELS, np.where(known, level, 0), np.where(known, log2(np.nan_to_num(ratio, nan=1.0)), 0.0)
    )


def shares_of(index: PlaceIndex) -> Floats:
    """Return by row the share of all polygons' area that its own has; NaN where it has none."""
    areas, share = index.areas, np.full(len(index.places), np.nan)
    share[areas.rows] = np.clip(areas.km2 / max(float(areas.km2.sum()), 1e-9), 1e-6, 0.9)
    return share


def _border_m(pairs: Pairs, index: PlaceIndex, holding: Holding) -> tuple[Floats, Floats]:
    """Return how far outside the polygon each pair's record lies, infinite beyond the margin; and how far inside."""
    span = max(len(index.places), 1)
    wanted, have = pairs.record * span + pairs.row, holding.query * span + holding.row
    order = np.argsort(have)
    outside, inside = np.full(len(pairs), np.inf), np.zeros(len(pairs))
    if len(have):
        place = np.minimum(np.searchsorted(have[order], wanted), len(have) - 1)
        found = have[order][place] == wanted
        outside[found] = holding.outside_m[order][place][found]
        inside[found] = holding.inside_m[order][place][found]
    return outside, inside
