"""What keeps two accounts from being one community, however alike they are otherwise.

A community and a part of it are two: a village and its ward, a camp and its block 4. So are two schools that share a
village's name, and two peoples who share a village.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from geodata.index.entries import folded
from geodata.kinds import Compatibility, compatibility, lineage
from geodata.names import forms
from matchers.communities.accounts import Accounts, codes
from matchers.pairs import Flags, Floats, Rows
from matchers.records import Records

FARTHEST_SIGMAS = 5.0
_POSSIBLE = frozenset({Compatibility.SAME, Compatibility.BROADER, Compatibility.UNKNOWN})


def broken(accounts: Accounts, a: Rows, b: Rows, distance_m: Floats) -> Flags:
    """Return which pairs cannot be one community; names are judged by `matchers.communities.names`.

    Farther apart than both locations' errors allow, another country, kinds that are two things, other peoples, one the
    unit the other lies in, or told apart by the organisation that gave both. Symmetric.
    """
    records = accounts.records
    far = distance_m > FARTHEST_SIGMAS * np.hypot(accounts.sigma_m[a], accounts.sigma_m[b])
    country = codes(records.places.texts("country"))
    abroad = (country[a] != country[b]) & (country[a] >= 0) & (country[b] >= 0)
    return np.asarray(
        far
        | abroad
        | accounts.origin.same_list(a, b)
        | _other_kind(records.kinds, a, b)
        | _other_people(records, a, b)
        | _part_of(records, a, b)
    )


def _other_kind(kinds: Sequence[str | None], a: Rows, b: Rows) -> Flags:
    terms = sorted({kind for kind in kinds if kind})
    number = {term: at for at, term in enumerate(terms)}
    code = np.array([number[kind] if kind else len(terms) for kind in kinds], np.int64)
    parted = np.zeros((len(terms) + 1, len(terms) + 1), np.bool_)
    for one in terms:
        for other in terms:
            parted[number[one], number[other]] = compatibility(one, other) not in _POSSIBLE
    return np.asarray(parted[code[a], code[b]])


def _other_people(records: Records, a: Rows, b: Rows) -> Flags:
    """Return which pairs both say whose community it is, and name nobody in common."""
    groups = records.places.column("groups")
    if groups.null_count == len(groups):
        return np.zeros(len(a), np.bool_)
    said = [frozenset(folded(row)) - {""} if row else frozenset() for row in groups.to_pylist()]
    talking = np.array([bool(row) for row in said], np.bool_)
    both = np.flatnonzero(talking[a] & talking[b])
    other = np.zeros(len(a), np.bool_)
    other[both] = [said[i].isdisjoint(said[j]) for i, j in zip(a[both].tolist(), b[both].tolist(), strict=True)]
    return other


def _part_of(records: Records, a: Rows, b: Rows) -> Flags:
    """Return which pairs are a place and the unit it says it lies in."""
    parents = records.places.column("parent")
    if parents.null_count == len(parents):
        return np.zeros(len(a), np.bool_)
    units = forms(parents.to_pylist())
    within = [units.parts[which].letters for which in units.which.tolist()]
    called: dict[int, set[str]] = defaultdict(set)
    own = ~records.is_operator
    for which, row in zip(records.names.which[own].tolist(), records.name_rows[own].tolist(), strict=True):
        called[row].add(records.names.parts[which].letters)
    return np.array(
        [
            within[i] != within[j]
            and bool((within[i] and within[i] in called[j]) or (within[j] and within[j] in called[i]))
            for i, j in zip(a.tolist(), b.tolist(), strict=True)
        ],
        np.bool_,
    )


def is_facility(kind: str | None) -> bool:
    """Return whether a kind is a school, a health post or the like, of which a village may have several."""
    return kind is not None and "facility" in lineage(kind)
