"""A list made ready for the fused pass: its places in the order of walks, and what agreement with them is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geodata.index import PlaceIndex
from geodata.index.groups import repeated, runs
from geodata.kernels.arrays import fixed, real
from geodata.kernels.bands import Bands
from matchers.features.containment import shares_of
from matchers.kernels.tables import SITE, Errors, Sites, Worth
from matchers.pairs import Floats, log2
from matchers.parameters import Geography, Parameters
from matchers.profile import Profile
from matchers.shortlist import TOP

_UNDERFLOW = 746.0  # exp of less than its negative is zero


@dataclass(frozen=True, eq=False)
class Listed:
    """One list, and what agreement with its places is worth by given parameters, whatever the prior of absence."""

    profile: Profile
    sites: Sites
    worth: Worth


_known: WeakKeyDictionary[PlaceIndex, dict[Parameters, Listed]] = WeakKeyDictionary()
_one_at_a_time = Lock()


def listed_of(index: PlaceIndex, profile: Profile, parameters: Parameters) -> Listed:
    """Return a list made ready, which is done on the first call and kept as long as its index lives."""
    with _one_at_a_time:
        lists = _known.setdefault(index, {})
        known = lists.get(parameters)
        if known is None or known.profile is not profile:
            of = index, profile, parameters
            known = lists[parameters] = Listed(profile, _sites(*of), _worth(*of))
    return known


def _sites(index: PlaceIndex, profile: Profile, parameters: Parameters) -> Sites:
    places, bands = index.places, index.points.bands
    unplaced = np.ones(len(places), np.bool_)
    unplaced[bands.row] = False
    row = np.concatenate((bands.row, np.flatnonzero(unplaced)))
    at = np.empty(len(row), np.int32)
    at[row] = np.arange(len(row))
    begin = runs(index.name_rows, len(places))
    count = np.diff(begin)[row]
    phi, lam = np.radians(places.lat), np.radians(places.lon)
    site = np.zeros(len(row), SITE)
    columns = {
        "phi": phi, "lam": lam, "across": np.cos(phi), "sigma": profile.sigma_m,
        "order": profile.order, "kind": profile.kinds.code, "bracket": profile.qualifiers.row,
    }  # fmt: skip
    for name, column in columns.items():
        site[name] = column[row]
    site["row"], site["names"], site["first"] = row, count, np.cumsum(count) - count
    called = index.names.which[repeated(begin[row], count)[1]].astype(np.int32)
    site["name"][count > 0] = called[site["first"][count > 0]]
    units = [unit.value[row].astype(np.int32) for unit in profile.units]
    measures = [profile.sizes.log[unit][row] for unit in sorted(profile.sizes.log)]
    return Sites(
        bands=Bands(*map(fixed, bands)),
        site=fixed(site),
        at=fixed(at),
        unit=fixed(_table(units, len(row), np.int32)),
        measure=fixed(_table(measures, len(row), np.float64)),
        called=fixed(called),
        outside=real(_outside(index, parameters.geography)[row]),
    )


def _table(columns: Sequence[NDArray[Any]], size: int, dtype: type) -> NDArray[Any]:
    return np.column_stack(columns).astype(dtype) if columns else np.zeros((size, 0), dtype)


def _outside(index: PlaceIndex, geography: Geography) -> Floats:
    """Return by row the likelihood ratio of lying outside its polygon, NaN where it has none."""
    return np.asarray(np.exp2(log2(geography.outside / (1 - shares_of(index)))))


def _worth(index: PlaceIndex, profile: Profile, parameters: Parameters) -> Worth:
    geography, qualifiers = parameters.geography, profile.qualifiers
    lost = _UNDERFLOW * max(geography.tail_scale, 1.0) ** 2
    return Worth(
        errors=Errors(geography.tail_share, geography.tail_scale, geography.gross_error, lost),
        has_areas=bool(len(index.areas.rows)),
        agree=tempered(geography.admin_same / qualifiers.share, geography.admin_exponent),
        differ=tempered(geography.admin_different / (1 - qualifiers.share), geography.admin_exponent),
        is_country=fixed(qualifiers.is_country),
        apart=parameters.sizes.apart,
        least=0.0,
        top=TOP,
    )


def tempered(ratio: Floats, exponent: float) -> Floats:
    """Return likelihood ratios without and beside a distance, one over the other."""
    bits = log2(ratio)
    return real(np.stack((np.exp2(bits), np.exp2(bits * exponent))))
