"""Points with properties as GeoParquet 1.1, written some rows at a time; the same rows are the same bytes.

For tables of any columns. `geodata.geoparquet` is for `Places`, all of it at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

#: What a column may hold.
KINDS = {
    "text": pa.string(),
    "number": pa.float64(),
    "whole": pa.int64(),
    "moment": pa.timestamp("us", tz="UTC"),
}

#: Rows that are compressed together: held in memory until there are so many.
GROUP_ROWS = 20_000

Row = Mapping[str, Any]


class PointsFile:
    """A file under way. Rows have `lat` and `lon` in degrees (WGS 84); one without a point has a null geometry.

    Raises `OSError` where the file cannot be written.
    """

    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        """Begin a file with these columns, each of one of `KINDS`; the geometry stands after them."""
        self._columns = {name: KINDS[kind] for name, kind in columns.items()}
        fields = [pa.field(name, kind) for name, kind in self._columns.items()]
        self._schema = pa.schema([*fields, pa.field("geometry", pa.binary())])
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd", write_page_checksum=True)
        self._waiting: list[Row] = []
        self._box: NDArray[np.float64] = np.array([np.inf, np.inf, -np.inf, -np.inf])

    def add(self, rows: Sequence[Row]) -> None:
        """Write some rows."""
        self._waiting += rows
        while len(self._waiting) >= GROUP_ROWS:
            self._write(self._waiting[:GROUP_ROWS])
            del self._waiting[:GROUP_ROWS]

    def close(self) -> None:
        """Write what is left, and what the file says of itself."""
        if self._waiting:
            self._write(self._waiting)
        self._writer.add_key_value_metadata({"geo": json.dumps(self._geo(), sort_keys=True)})
        self._writer.close()

    def __enter__(self) -> Self:
        """Write in a block, at whose end the file is closed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def _write(self, rows: Sequence[Row]) -> None:
        arrays = [pa.array([row.get(name) for row in rows], kind) for name, kind in self._columns.items()]
        at = np.array([(row.get("lon"), row.get("lat")) for row in rows], dtype=np.float64).reshape(-1, 2)
        known = ~np.isnan(at).any(axis=1)
        points: NDArray[np.object_] = np.full(len(at), None, dtype=object)
        points[known] = shapely.to_wkb(shapely.points(at[known]))
        if known.any():
            low, high = at[known].min(axis=0), at[known].max(axis=0)
            self._box = np.concatenate([np.minimum(self._box[:2], low), np.maximum(self._box[2:], high)])
        arrays.append(pa.array(points, pa.binary()))
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def _geo(self) -> dict[str, Any]:
        column: dict[str, Any] = {"encoding": "WKB", "geometry_types": []}  # no crs: GeoParquet's default is CRS84
        if np.isfinite(self._box).all():
            column |= {"geometry_types": ["Point"], "bbox": self._box.tolist()}
        return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
