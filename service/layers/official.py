"""Official places as layers: those of each list in force, as its publisher gives them.

Lists that are read piece by piece (`service.official.longlists`) are left out: nothing of them stands in memory whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np

from geodata.tiles.encoding import Column
from geodata.tiles.pyramid import Pyramid
from matchers.base import OfficialList
from service.official.longlists import Listed


@dataclass(frozen=True, eq=False)
class OfficialLayer:
    """The places of one list."""

    official: OfficialList

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.official.index.places)

    @cached_property
    def pyramid(self) -> Pyramid:
        """The places that have a point, in the order of tiles."""
        places = self.official.index.places
        return Pyramid.of(places.lat, places.lon)

    @cached_property
    def properties(self) -> Mapping[str, Column]:
        """What tiles say of each place."""
        places = self.official.index.places
        source = Column(np.zeros(len(places), np.int64), Column.of([self.official.source]).written)
        return {
            "id": Column.of(list(places.ids)),
            "name": Column.of([name or None for name in places.primary_names]),
            "kind": Column.of(places.texts("kind")),
            "source": source,
        }


class OfficialLayers:
    """The layers of lists in force, made when they are first asked for. Safe to share between threads."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._held: dict[str, OfficialLayer] = {}
        self._lock = Lock()

    def of(self, lists: Sequence[Listed], source: str | None = None) -> list[OfficialLayer]:
        """Return the layers of these lists, or of the one of a source; those of other lists are let go of."""
        whole = [one for one in lists if isinstance(one, OfficialList)]
        with self._lock:
            held = {one.snapshot: self._held.get(one.snapshot) or OfficialLayer(one) for one in whole}
            self._held = held
        return [layer for layer in held.values() if source in {None, layer.official.source}]
