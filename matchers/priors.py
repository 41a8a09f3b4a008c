"""The prior probability that a community is absent from a list: by what the list claims and what it lists."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from geodata.coverage import Completeness
from geodata.index import PlaceIndex
from geodata.kinds import lineage
from matchers.features.kinds import ListedKinds
from matchers.parameters import Absence


class ListType(StrEnum):
    """What a list is a list of, read off its rows."""

    PLACES = "places"
    FACILITIES = "facilities"  # schools, health posts: whoever runs one without a licence is often not listed
    NOMENCLATURE = "nomenclature"  # names with neither point nor unit: a code table, made to be complete


def type_of(index: PlaceIndex, kinds: ListedKinds) -> ListType:
    """Return what a list lists, by most of its rows."""
    size = len(index.places)
    if not len(index.points.rows) and not len(index.areas.rows) and not len(index.admin):
        return ListType.NOMENCLATURE
    facility = np.array([*(lineage(kind)[-1] == "facility" for kind in kinds.kinds), False], np.bool_)
    return ListType.FACILITIES if kinds.held[facility].sum() > size / 2 else ListType.PLACES


def prior_of(completeness: Completeness, listed: ListType, absence: Absence) -> float:
    """Return the prior probability of absence, 0..1.

    A list that claims to be complete is taken at its word; for others it depends on what they list.
    """
    claimed = {Completeness.EXHAUSTIVE: absence.q_exhaustive, Completeness.REGISTER: absence.q_register}
    usual = {
        ListType.PLACES: absence.q_places,
        ListType.FACILITIES: absence.q_facilities,
        ListType.NOMENCLATURE: absence.q_nomenclature,
    }[listed]
    if completeness == Completeness.PARTIAL:
        return max(usual, absence.q_partial)
    return claimed.get(completeness, usual)
