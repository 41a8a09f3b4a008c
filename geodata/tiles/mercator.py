"""Web Mercator (EPSG:3857) in whole numbers: where a point lies on the square world, and which tile holds it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.uint64]

#: Beyond this latitude in degrees, north and south, the square world has no place: atan(sinh π).
FARTHEST_LAT = 85.05112877980659

#: Steps along each side of the world; a step is 9 mm at the equator.
BITS = 32
STEPS = 1 << BITS

#: The finest tiles that are cut; each side of one is some 150 m at the equator.
FINEST = 18


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the world: zoom 0 to `FINEST`, x from the west, y from the north."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Whether there is such a tile."""
        side = 1 << max(0, min(self.z, FINEST))
        return 0 <= self.z <= FINEST and 0 <= self.x < side and 0 <= self.y < side


def on_the_square(lat: Floats, lon: Floats) -> NDArray[np.bool_]:
    """Return which points (degrees, NaN where unknown) have a place on the square world."""
    return np.asarray(np.abs(lat) <= FARTHEST_LAT) & np.isfinite(lon)


def world(lat: Floats, lon: Floats) -> tuple[Places, Places]:
    """Return points (degrees) as steps from the west and from the north; longitudes go round.

    Formula: x = λ / 2π + ½, y = ½ - ln tan(π/4 + φ/2) / 2π (Snyder, Map Projections, USGS 1395, p. 41, on a sphere).
    """
    x = np.mod(lon / 360 + 0.5, 1.0)
    y = 0.5 - np.arctanh(np.sin(np.radians(lat))) / (2 * np.pi)
    return _steps(x), _steps(y)


def _steps(share: Floats) -> Places:
    return np.minimum(np.clip(share, 0.0, 1.0) * STEPS, STEPS - 1).astype(np.uint64)
