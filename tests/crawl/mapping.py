"""Mapping: what a vector tile tells, in words: the properties of its features, and where in degrees they lie."""

from __future__ import annotations

import json
import math
import re

import mapbox_vector_tile

_TILE = re.compile(r"/(\d+)/(\d+)/(\d+)\.mvt")
_EXTENT = 4096
_EXACT = 12  # zoom from which a place says more than chance would; the middle of a cluster never does


def in_words(path: str, body: bytes) -> bytes:
    """Return the features of a tile as GeoJSON, longitude and latitude first as everywhere; the tile is of its path."""
    z, x, y = map(int, _TILE.search(path).groups())  # type: ignore[union-attr]  # a tile has such an address
    told = []
    for layer in mapbox_vector_tile.decode(body, default_options={"y_coord_down": True}).values():
        for one in layer["features"]:
            across, down = one["geometry"]["coordinates"]
            lon = (x + across / _EXTENT) / 2**z * 360 - 180
            lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + down / _EXTENT) / 2**z))))
            exact = z >= _EXACT and "count" not in one["properties"]
            told.append({"coordinates": [round(lon, 6), round(lat, 6)] if exact else None, **one["properties"]})
    return json.dumps(told).encode()
