"""What comparing needs to know of one official list, measured once and kept as long as its index lives."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geodata.index import PlaceIndex
from matchers.admin import Units
from matchers.parameters import NameLevels
from matchers.rarity import Rarity
from matchers.records import kinds_of


@dataclass(frozen=True)
class Profile:
    """A list's own statistics."""

    rarity: Rarity
    units: tuple[Units, ...]
    kinds: list[str | None]  # by row
    order: NDArray[np.int64]  # by row: its place by identifier, so that ties never depend on the order of rows


_known: WeakKeyDictionary[PlaceIndex, dict[NameLevels, Profile]] = WeakKeyDictionary()


def profile_of(index: PlaceIndex, levels: NameLevels) -> Profile:
    """Return the statistics of a list, measured on the first call."""
    profiles = _known.setdefault(index, {})
    if levels not in profiles:
        order = np.empty(len(index.places), np.int64)
        order[np.argsort(np.array(index.places.ids, dtype=object), kind="stable")] = np.arange(len(index.places))
        profiles[levels] = Profile(
            rarity=Rarity.of(index, levels),
            units=Units.all_of(index),
            kinds=kinds_of(index.places),
            order=order,
        )
    return profiles[levels]
