"""A layer: the flags that one audience sees, at one moment, in columns."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from geodata.tiles.encoding import Column
from geodata.tiles.pyramid import Pyramid
from service.layers.spot import PROPERTIES, Spot, SpotFilter
from service.store.filters import Bbox

Rows = NDArray[np.int64]

_SELECTIONS = 16  # questions whose answers are kept


@dataclass(frozen=True, eq=False)
class Layer:
    """Flags in the order in which they are listed."""

    spots: Sequence[Spot]
    _selected: OrderedDict[SpotFilter, NDArray[np.bool_]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def __len__(self) -> int:
        """Return the number of flags."""
        return len(self.spots)

    @cached_property
    def by_id(self) -> Mapping[str, int]:
        """The row of each flag."""
        return {spot.id: row for row, spot in enumerate(self.spots)}

    @cached_property
    def pyramid(self) -> Pyramid:
        """The flags that have a place, in the order of tiles."""
        return Pyramid.of(*self._places)

    @cached_property
    def properties(self) -> Mapping[str, Column]:
        """What tiles say of each flag."""
        return {name: Column.of([getattr(spot, name) for spot in self.spots]) for name in PROPERTIES}

    @cached_property
    def _places(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        lat, lon = (np.array([getattr(spot, name) for spot in self.spots], np.float64) for name in ("lat", "lon"))
        return lat, lon

    def changed(self, gone: Iterable[str], anew: Iterable[Spot]) -> Layer:
        """Return the layer as it stands at a later moment: without some flags, and with others, or the same, anew."""
        old, new = set(gone), {spot.id: spot for spot in anew}
        before = [self.spots[row] for one in sorted(old) if (row := self.by_id.get(one)) is not None]
        if {spot.id: spot for spot in before} == new:
            return self  # with all that was worked out of it
        kept = [spot for spot in self.spots if spot.id not in old]
        return Layer(sorted([*kept, *new.values()], key=lambda spot: spot.seq))

    def selected(self, wanted: SpotFilter) -> NDArray[np.bool_]:
        """Return which flags are what was asked for."""
        found = self._by_values(wanted)
        return found if wanted.bbox is None else found & self._inside(wanted.bbox)

    def _by_values(self, wanted: SpotFilter) -> NDArray[np.bool_]:
        asked = replace(wanted, bbox=None)
        with self._lock:
            if asked in self._selected:
                self._selected.move_to_end(asked)
                return self._selected[asked]
        found = np.fromiter(map(asked.holds, self.spots), bool, len(self.spots))
        with self._lock:
            self._selected[asked] = found
            if len(self._selected) > _SELECTIONS:
                self._selected.popitem(last=False)
        return found

    def _inside(self, box: Bbox) -> NDArray[np.bool_]:
        west, south, east, north = box
        lat, lon = self._places
        across = (west <= lon) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
        return np.asarray((south <= lat) & (lat <= north) & across)

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """The countries its flags lie in."""
        return tuple(sorted({spot.country for spot in self.spots}))
