"""What the distance of a pair says: a heavy-tailed error of both locations against the local density of the list."""

from __future__ import annotations

import numpy as np

from geodata.kernels.arrays import real, whole
from geodata.kernels.jit import COMPILED
from matchers.pairs import Feature, Floats, Pairs, Rows, log2
from matchers.parameters import Geography

LEVELS = ("not_available", "within", "beyond", "far")
_WITHIN_SIGMAS, _BEYOND_SIGMAS = 2.4477, 12.0


def density_km2(distance_m: Floats, sigma_m: Floats, geography: Geography) -> Floats:
    """Return the probability per km² of finding a true pair this far apart.

    A normal error of the combined standard deviation, with a share of errors several times as large: stated precision
    is often too good, and a pure normal error would flag listed places.
    """

    def normal(sigma_km: Floats) -> Floats:
        return np.exp(-((distance_m / 1000) ** 2) / (2 * sigma_km**2)) / (2 * np.pi * sigma_km**2)

    sigma_km = np.maximum(sigma_m, 1.0) / 1000
    tail = geography.tail_share
    return np.asarray((1 - tail) * normal(sigma_km) + tail * normal(geography.tail_scale * sigma_km))


def compare_distance(pairs: Pairs, crowd: Floats, sigma_m: tuple[Floats, Floats], geography: Geography) -> Feature:
    """Weigh the distance of each pair; pairs without two points say nothing.

    Were the record some other place, it would lie where the list's places lie: `crowd` is by record the share of them
    that lies on a km² around it. `sigma_m` are the standard deviations of locations, by record and by row.
    """
    citizen_m, official_m = sigma_m
    if COMPILED:
        from matchers.kernels.evidence import Errors, weigh_distance  # noqa: PLC0415 - loads numba: half a second

        shares = geography.tail_share, geography.tail_scale, geography.gross_error
        errors = Errors(real(citizen_m), real(official_m), real(crowd), *shares, _WITHIN_SIGMAS, _BEYOND_SIGMAS)
        level, ratio = weigh_distance((whole(pairs.record), whole(pairs.row), real(pairs.distance_m)), errors)
    else:
        level, ratio = _weighed(pairs, crowd, np.hypot(citizen_m[pairs.record], official_m[pairs.row]), geography)
    return Feature("distance", LEVELS, level, log2(ratio))


def _weighed(pairs: Pairs, crowd: Floats, sigma_m: Floats, geography: Geography) -> tuple[Rows, Floats]:
    """Return level and likelihood ratio of each pair without compiled code; `sigma_m` is of both locations together."""
    known = np.isfinite(pairs.distance_m)
    ratio = density_km2(pairs.distance_m, sigma_m, geography) / crowd[pairs.record]
    # A few locations are wrong altogether (swapped, copied, a country's centre) and say nothing.
    ratio = (1 - geography.gross_error) * ratio + geography.gross_error
    level = np.where(pairs.distance_m <= _WITHIN_SIGMAS * sigma_m, 1, 2)
    level = np.where(pairs.distance_m > _BEYOND_SIGMAS * sigma_m, 3, level)
    return np.where(known, level, 0), np.where(known, ratio, 1.0)
