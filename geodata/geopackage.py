"""GeoPackages: layers of points with typed columns, written some rows at a time."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.files.layers.gdal import loaded


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: its name, and its columns with what they hold: text, number, whole or moment (UTC)."""

    name: str
    columns: Mapping[str, str]
    points: bool = True  # rows have `lat` and `lon` in degrees (WGS 84); a row without is kept without a point


def append(path: Path, layer: Layer, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows to a layer of a file; both are made where they are not there yet, also for no rows.

    Raises `OSError` where the file cannot be written.
    """
    gdal = loaded()
    there = path.exists() and any(name == layer.name for name, _ in gdal.list_layers(path))
    columns = [_column([row.get(name) for row in rows], kind) for name, kind in layer.columns.items()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a layer has no features yet, and such
        try:
            gdal.raw.write(
                path,
                geometry=_points(rows) if layer.points else None,
                field_data=[values for values, _ in columns],
                fields=list(layer.columns),
                field_mask=[missing for _, missing in columns],
                layer=layer.name,
                driver="GPKG",
                geometry_type="Point" if layer.points else None,
                crs="EPSG:4326" if layer.points else None,
                gdal_tz_offsets={
                    name: np.full(len(rows), 100) for name, kind in layer.columns.items() if kind == "moment"
                },
                append=there,
            )
        except (RuntimeError, ValueError) as error:
            msg = f"the GeoPackage cannot be written: {error}"
            raise OSError(msg) from error


def _points(rows: Iterable[Mapping[str, Any]]) -> NDArray[np.object_]:
    at = np.array([(row.get("lon"), row.get("lat")) for row in rows], dtype=np.float64).reshape(-1, 2)
    points: NDArray[np.object_] = np.full(len(at), None, dtype=object)
    known = ~np.isnan(at).any(axis=1)
    points[known] = shapely.to_wkb(shapely.points(at[known]))
    return points


def _column(values: Sequence[Any], kind: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the values of a column and which of them are not known."""
    missing = np.array([value is None for value in values], dtype=bool)
    if kind == "text":
        return np.array([None if value is None else str(value) for value in values], dtype=object), missing
    if kind == "moment":
        plain = [np.datetime64(0, "ms") if value is None else _moment(value) for value in values]
        return np.array(plain, dtype="datetime64[ms]"), missing
    filled = [0 if value is None else value for value in values]
    return np.array(filled, dtype=np.int64 if kind == "whole" else np.float64), missing


def _moment(value: Any) -> np.datetime64:
    return np.datetime64(value.replace(tzinfo=None), "ms")
