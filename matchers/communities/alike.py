"""The probability that two citizen accounts speak of one community: Fellegi-Sunter weights, with link type dedupe.

For a pair with two points the odds are

    repeats * m/u of the names * f(distance) / (accounts on a km² around)

with f the heavy-tailed density of both locations' errors (`matchers.features.distance`), which is the likelihood ratio
of the distance times a prior of one over the number of accounts: the area they are spread over cancels out. `repeats`
is how many other accounts of a community are expected: one by another organisation, a tenth within one table.

A pair without two points has only names and units to go by. It is weighed against ten thousand places, because no table
knows them all, and each unit that agrees counts twentyfold: two villages of one name in one county are common.
"""

from __future__ import annotations

import math

import numpy as np

from geodata.distance import haversine_m
from geodata.index.admin import AdminKey
from matchers.communities.accounts import Accounts, codes
from matchers.communities.breaks import broken
from matchers.communities.names import compare_names
from matchers.features.distance import density_km2
from matchers.pairs import Floats, Rows
from matchers.parameters import Parameters

LEAST = 0.95  # probability from which two accounts are taken for one community
REPEATS_STRANGERS, REPEATS_WITHIN = 1.0, 0.1  # expected accounts of the same community by others, and in one table
_SPARSEST_KM2 = 0.1  # places on a km² that are there at least, told or not
_BLUR_M = 250.0  # no density is read from a smaller circle
_UNTOLD = 10_000  # places that an account without a point could be
_UNIT_AGREES = 20.0
_UNIT_DIFFERS = 0.2  # beside a distance: borders move, and are written down wrongly


def alike(accounts: Accounts, a: Rows, b: Rows, parameters: Parameters) -> Floats:
    """Return for each pair of rows the probability that they are one community, 0 where something rules it out."""
    if not len(a):
        return np.zeros(0)
    places = accounts.records.places
    distance = haversine_m(places.lat[a], places.lon[a], places.lat[b], places.lon[b])
    ratio = compare_names(accounts, a, b, parameters.names).ratio
    # Most proposals end here, at their names; the rest is worth a closer look.
    left = np.flatnonzero((ratio > 0) & (a != b))
    one, other, apart = a[left], b[left], distance[left]
    odds = ratio[left] * np.where(accounts.origin.strangers(one, other), REPEATS_STRANGERS, REPEATS_WITHIN)
    placed = np.isfinite(apart)
    agree, differ = _units(accounts, one, other)
    odds *= np.where(
        placed,
        _nearness(accounts, (one, other, apart), parameters) * _UNIT_DIFFERS**differ,
        np.where(differ > 0, 0.0, _UNIT_AGREES**agree / max(_UNTOLD, len(accounts))),
    )
    probability = np.zeros(len(a))
    probability[left] = np.where(broken(accounts, one, other, apart), 0.0, odds / (1 + odds))
    return probability


def _nearness(accounts: Accounts, pairs: tuple[Rows, Rows, Floats], parameters: Parameters) -> Floats:
    """Return the density of errors at each pair's distance over that of accounts around; 1 without a distance."""
    a, b, distance = pairs
    sigma = np.hypot(accounts.sigma_m[a], accounts.sigma_m[b])
    error = density_km2(np.nan_to_num(distance), sigma, parameters.geography)
    crowd = np.maximum(_crowd(accounts, a, sigma, parameters), _crowd(accounts, b, sigma, parameters))
    return np.where(np.isfinite(distance), error / crowd, 1.0)


def _crowd(accounts: Accounts, rows: Rows, sigma_m: Floats, parameters: Parameters) -> Floats:
    """Return how many accounts lie on a km² around each row."""
    if accounts.around_km2 is not None:
        return np.full(len(rows), max(accounts.around_km2, _SPARSEST_KM2))
    places, among = accounts.records.places, parameters.geography.density_neighbours
    asked, back = np.unique(rows, return_inverse=True)
    around = accounts.points.around(places.lat[asked], places.lon[asked], among).density_km2[back]
    near = min(among, max(len(accounts.points.rows), 1))
    # Accounts of one community crowd together; on less than their own uncertainty that says nothing about others.
    blur = near / (math.pi * (np.maximum(sigma_m, _BLUR_M) / 1000) ** 2)
    return np.maximum(np.fmin(np.nan_to_num(around, nan=_SPARSEST_KM2), blur), _SPARSEST_KM2)


def _units(accounts: Accounts, a: Rows, b: Rows) -> tuple[Rows, Rows]:
    """Return how many administrative units each pair agrees on, its country apart, and on how many it differs."""
    agree, differ = np.zeros(len(a), np.int64), np.zeros(len(a), np.int64)
    records = accounts.records
    columns: dict[str, list[tuple[AdminKey, int]]] = {}
    for key, row in zip(records.admin, records.admin_rows.tolist(), strict=True):
        if key.column != "country":
            columns.setdefault(key.column, []).append((key, row))
    for entries in columns.values():
        said: list[str | None] = [None] * len(accounts)
        for key, row in entries:
            said[row] = key.value
        code = codes(said)
        known = (code[a] >= 0) & (code[b] >= 0)
        agree += known & (code[a] == code[b])
        differ += known & (code[a] != code[b])
    return agree, differ
