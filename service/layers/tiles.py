"""Tiles of flags and of official places: what is redacted already, cut and written."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from geodata.tiles.clusters import clustered
from geodata.tiles.encoding import Column, Features, layer
from geodata.tiles.mercator import Tile
from geodata.tiles.pyramid import Cut
from service.layers.layer import Layer
from service.layers.official import OfficialLayer
from service.layers.spot import SpotFilter

#: Up to this zoom points that lie close are one mark with their number. It tells no more than the list, which holds
#: each of them: what is counted are flags that the same caller is shown one by one.
CLUSTERED = 9

FLAGS, OFFICIAL = "flags", "official"


def flag_tile(shown: Layer, wanted: SpotFilter, tile: Tile) -> bytes:
    """Return the tile of an audience's flags that are what was asked for; no bytes where none lies there."""
    cut = shown.pyramid.cut(tile)
    if wanted != SpotFilter():
        cut = _only(cut, shown.selected(wanted))
    parts = _parts(tile, [(cut, shown.properties)])
    return layer(FLAGS, parts) if parts else b""


def official_tile(lists: list[OfficialLayer], tile: Tile) -> bytes:
    """Return the tile of places of official lists; no bytes where none lies there."""
    parts = _parts(tile, [(one.pyramid.cut(tile), one.properties) for one in lists])
    return layer(OFFICIAL, parts) if parts else b""


def _parts(tile: Tile, cuts: list[tuple[Cut, Mapping[str, Column]]]) -> list[Features]:
    """Return points as they are, or clusters and those that are alone."""
    parts: list[Features] = []
    for cut, properties in cuts:
        alone = cut
        if tile.z <= CLUSTERED:
            marks = clustered(cut)
            alone = marks.alone
            if len(marks.count):
                parts.append(Features(marks.x, marks.y, {"count": _counts(marks.count)}))
        if len(alone):
            told = {name: column.take(alone.rows) for name, column in properties.items()}
            parts.append(Features(alone.x, alone.y, told))
    return parts


def _counts(count: NDArray[np.int64]) -> Column:
    return Column.of(count.tolist())


def _only(cut: Cut, selected: NDArray[np.bool_]) -> Cut:
    kept = selected[cut.rows]
    return Cut(cut.rows[kept], cut.x[kept], cut.y[kept])
