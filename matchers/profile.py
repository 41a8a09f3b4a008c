"""What comparing needs to know of one official list, measured once and kept as long as its index lives."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geodata.index import PlaceIndex
from geodata.names.forms import forms_of_column
from geodata.numbering import Numbering, numbered, order_of
from geodata.saved import SavedDamaged, read, save
from geodata.texts import Texts
from matchers.base import OfficialList
from matchers.candidates import sigma_of
from matchers.features.admin import Units
from matchers.features.kinds import ListedKinds
from matchers.features.qualifiers import Qualifiers
from matchers.features.rarity import Rarity
from matchers.features.sizes import Measured
from matchers.features.stems import Stems
from matchers.listedkinds import listed_kinds
from matchers.parameters import Parameters
from matchers.priors import ListType, type_of
from matchers.twins import twins_of


@dataclass(frozen=True)
class Profile:
    """A list's own statistics."""

    rarity: Rarity
    units: tuple[Units, ...]
    qualifiers: Qualifiers
    kinds: ListedKinds
    sigma_m: NDArray[np.float64]  # by row: standard deviation of its location
    widest_m: float  # of those
    parents: Numbering  # keys of the units that listed places name as the one above them
    sizes: Measured
    list_type: ListType
    twin: NDArray[np.int64]  # by row: the row that is the same entry, listed twice; else its own
    order: NDArray[np.int64]  # by row: its place by identifier, so that ties never depend on the order of rows


_known: WeakKeyDictionary[PlaceIndex, dict[tuple[Parameters, float], Profile]] = WeakKeyDictionary()


def profile_of(official: OfficialList, parameters: Parameters) -> Profile:
    """Return the statistics of a list, measured on the first call."""
    usual_r95_m = _usual_r95_m(official, parameters)
    profiles = _known.setdefault(official.index, {})
    if (parameters, usual_r95_m) not in profiles:
        profiles[parameters, usual_r95_m] = _measured(official.index, parameters, usual_r95_m)
    return profiles[parameters, usual_r95_m]


def kept_profile(official: OfficialList, parameters: Parameters, folder: Path) -> Profile:
    """Return the statistics of a list as kept below a folder; measured, and kept there, where they are not yet.

    From then on `profile_of` has them. The folder is to be that list's own. Raises `OSError`.
    """
    usual_r95_m = _usual_r95_m(official, parameters)
    own = folder / f"profile-{sha256(repr((parameters, usual_r95_m)).encode()).hexdigest()[:16]}"
    try:
        profile: Profile = read(own, _KINDS)
    except SavedDamaged:
        save(profile_of(official, parameters), own)
        profile = read(own, _KINDS)
    _known.setdefault(official.index, {})[parameters, usual_r95_m] = profile
    return profile


def _usual_r95_m(official: OfficialList, parameters: Parameters) -> float:
    declared = official.coverage.location_r95_m
    return parameters.geography.r95_official_m if declared is None else declared


def _measured(index: PlaceIndex, parameters: Parameters, usual_r95_m: float) -> Profile:
    order = np.empty(len(index.places), np.int64)
    order[order_of(index.places.column("id"))] = np.arange(len(index.places))
    sigma = sigma_of(index.places, usual_r95_m)
    kinds = listed_kinds(index)
    units = Units.all_of(index)
    parents = forms_of_column(index.places.column("parent")).parts
    return Profile(
        rarity=Rarity.of(index, kinds.code, parameters.names),
        units=units,
        qualifiers=Qualifiers.of(index),
        kinds=kinds,
        sigma_m=sigma,
        widest_m=float(sigma.max()) if len(sigma) else 0.0,
        parents=numbered(Texts.of([part.key for part in parents if part.core]))[0],
        sizes=Measured.of(index.places.column("counts")),
        list_type=type_of(index, kinds),
        twin=twins_of(index, units, kinds.code, order),
        order=order,
    )


#: Of what a profile consists, where it is kept.
_KINDS = (Profile, Rarity, Stems, Units, Qualifiers, ListedKinds, Measured, ListType, Numbering, Texts)
