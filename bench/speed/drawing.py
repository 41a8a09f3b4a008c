"""What maps and bulk tools are sent: flags as GeoJSON and as vector tiles, beside what others write of the same.

GeoJSON: 100,000 flags as the redactor gives them become features and then bytes, 500 at a time: as the service writes a
page, as it streams long answers, with the digest and the file these need, and by FastAPI's default encoder
(`jsonable_encoder` and `json`) of the very same features. Tiles: 20,000 points with the properties of flags become one
tile; beside it mapbox-vector-tile's encoder of the same points, whose features are made before the clock starts. Ours
is timed with plain values to begin with, and with columns that are kept between tiles, as the service keeps them. Run:
python -m bench drawing (FLAGS=5000 for a short run)
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
from fastapi.encoders import jsonable_encoder

from bench.reports import CHUNK, chunks
from bench.table import Table
from geodata.tiles.encoding import Column, Features, layer
from service.api.rows import flag_row
from service.configuration.settings import Settings
from service.writing.formats import feature, feature_collection
from service.writing.streams import GeoJsonStream

FLAGS = int(os.environ.get("FLAGS", "100000"))
POINTS = 20_000
ROUNDS = 5
COLUMNS = ("way", "seconds on the CPU", "MB", "ours is faster by")
_PLAIN = {"y_coord_down": True}


def run() -> list[Table]:
    """Measure both."""
    return [_geojson(), _tile()]


def _geojson() -> Table:
    ours, streamed, theirs = "orjson, as this service writes a page", "the same, as it streams them", "FastAPI"
    took = dict.fromkeys((ours, streamed, theirs), 0.0)
    turns = deque(took)
    with tempfile.TemporaryDirectory(prefix="drawing-") as folder:
        stream = GeoJsonStream(Settings(data_dir=Path(folder), _env_file=None), flag_row)
        for chunk in chunks(FLAGS):
            ways = {
                ours: lambda chunk=chunk: feature_collection([flag_row(one) for one in chunk]),
                streamed: lambda chunk=chunk: stream.take(chunk),
                theirs: lambda chunk=chunk: _default(chunk),
            }
            for way in turns:
                took[way] += _took(ways[way])
            turns.rotate()
        size = f"{len(stream.done({})) / 1e6:.0f}"
    rows = [(way, f"{one:.2f}", size, f"{took[theirs] / one:.1f}") for way, one in took.items()]
    return Table("drawing-geojson", f"{FLAGS:,} flags as GeoJSON, {CHUNK} at a time", COLUMNS, tuple(rows))


def _default(flags: list[dict[str, Any]]) -> bytes:
    """Return flags as a route would that hands its features to the framework."""
    return json.dumps(jsonable_encoder([feature(flag_row(one)) for one in flags])).encode()


def _tile() -> Table:
    x, y = np.random.default_rng(1).integers(0, 4096, (2, POINTS))
    values = _values()
    features = [
        {"geometry": {"type": "Point", "coordinates": at}, "properties": _told(values, row)}
        for row, at in enumerate(zip(x.tolist(), y.tolist(), strict=True))
    ]
    kept = {name: Column.of(column) for name, column in values.items()}
    ways: dict[str, Callable[[], bytes]] = {
        "mapbox-vector-tile": lambda: mapbox_vector_tile.encode(
            [{"name": "flags", "features": features}], default_options=_PLAIN
        ),
        "ours, from plain values": lambda: _ours(x, y, {name: Column.of(one) for name, one in values.items()}),
        "ours, from columns that are kept": lambda: _ours(x, y, kept),
    }
    written = {way: write() for way, write in ways.items()}
    read = [mapbox_vector_tile.decode(one, default_options=_PLAIN) for one in written.values()]
    assert read[0] == read[1] == read[2]
    took: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, write in ways.items():
            took[way].append(_took(write))
    medians = {way: statistics.median(rounds) for way, rounds in took.items()}
    theirs = medians["mapbox-vector-tile"]
    rows = [
        (way, f"{median:.3f}", f"{len(written[way]) / 1e6:.2f}", f"{theirs / median:.1f}")
        for way, median in medians.items()
    ]
    title = f"A tile of {POINTS:,} points, median of {ROUNDS} rounds by turns"
    return Table("drawing-tile", title, COLUMNS, tuple(rows))


def _ours(x: Any, y: Any, columns: Mapping[str, Column]) -> bytes:
    return layer("flags", [Features(x, y, columns)])


def _values() -> dict[str, list[Any]]:
    number = range(POINTS)
    return {
        "id": [f"{one:032x}" for one in number],
        "verdict": ["undercount" if one % 3 == 0 else "hidden_place" for one in number],
        "status": ["published"] * POINTS,
        "country": ["KEN"] * POINTS,
        "kind": ["village" if one % 2 else None for one in number],
        "groups": [None if one % 5 else f"group {one % 11}" for one in number],
        "sdg": ["11.1.1; 1.4.1" if one % 4 else "11.1.1" for one in number],
        "radius_m": [float(one % 500) for one in number],
    }


def _told(values: Mapping[str, list[Any]], row: int) -> dict[str, Any]:
    return {name: column[row] for name, column in values.items() if column[row] is not None}


def _took(work: Callable[[], object]) -> float:
    """Return the seconds on the CPU that something takes, without looking for garbage meanwhile, as `timeit` has it."""
    gc.disable()
    began = time.process_time()
    work()
    took = time.process_time() - began
    gc.enable()
    return took
