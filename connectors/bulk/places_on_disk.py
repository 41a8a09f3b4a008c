"""Places that stand in a file: a list of ten million is written, fingerprinted and archived without being in memory."""

from __future__ import annotations

import json
import shutil
import tempfile
import weakref
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from connectors.bulk import leftovers
from connectors.bulk.fingerprints import RunningFingerprint
from geodata.geoparquet import COLUMNS, GROUP_ROWS, from_geoparquet, geometry_of, shapes_of
from geodata.places import SCHEMA, Places

#: Types of geometry as shapely numbers and GeoParquet names them.
_KINDS = {0: "Point", 3: "Polygon", 6: "MultiPolygon"}


class PlacesOnDisk(Places):
    """Places whose table is read only when somebody asks for it; their number and fingerprint are known without.

    The file lies in a folder of its own, which goes with the last reference to these places.
    """

    def __init__(self, folder: Path, rows: int, fingerprint: str) -> None:
        """Take over the folder that a `PlaceWriter` filled."""
        object.__setattr__(self, "file", folder / "places.parquet")
        object.__setattr__(self, "fingerprint", fingerprint)
        object.__setattr__(self, "_rows", rows)
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    file: Path  # GeoParquet, as `geodata.geoparquet` reads it
    fingerprint: str  # as `geodata.fingerprint` gives it of the table
    _rows: int

    @cached_property
    def table(self) -> pa.Table:
        """All of them in memory."""
        return from_geoparquet(self.file.read_bytes()).table

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._rows

    def __repr__(self) -> str:
        """Return what they are, without reading them."""
        return f"PlacesOnDisk({self._rows} rows in {self.file})"


class PlaceWriter:
    """Writes places part by part; use it as a context manager and take `places` before leaving it.

    What is written is one GeoParquet file in a folder of its own under the system's directory for temporary files
    (TMPDIR), beside it, until the end, what the fingerprint needs: about a third of the size in memory.
    """

    def __init__(self) -> None:
        """Make the folder."""
        self._folder = Path(tempfile.mkdtemp(prefix=leftovers.PLACES))
        self._fingerprint = RunningFingerprint(SCHEMA, self._folder)
        schema = pa.schema([*(SCHEMA.field(name) for name in COLUMNS), pa.field("geometry", pa.binary())])
        path = self._folder / "places.parquet"
        self._file = pq.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True)
        self._waiting: list[pa.Table] = []
        self._extent = _Extent()
        self._rows = 0
        self._handed_over = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Remove the folder unless its places were taken."""
        if not self._handed_over:
            self._file.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def write(self, places: Places) -> None:
        """Add the next rows."""
        if len(places):
            self._waiting.append(places.table)
        if sum(table.num_rows for table in self._waiting) >= GROUP_ROWS:
            self._flush()

    def places(self) -> PlacesOnDisk:
        """Return everything written; nothing can be written afterwards."""
        self._flush()
        self._file.add_key_value_metadata({"geo": self._extent.metadata()})
        self._file.close()
        self._handed_over = True
        return PlacesOnDisk(self._folder, self._rows, self._fingerprint.hexdigest())

    def _flush(self) -> None:
        if not self._waiting:
            return
        places = Places(pa.concat_tables(self._waiting).combine_chunks())
        self._waiting = []
        self._fingerprint.add(places.table)
        geometry = geometry_of(places)
        table = places.table.select(COLUMNS).append_column(pa.field("geometry", pa.binary()), geometry)
        self._file.write_table(table)
        self._extent.add(geometry)
        self._rows += len(places)


class _Extent:
    """The metadata of GeoParquet for all parts together."""

    def __init__(self) -> None:
        self._kinds: set[str] = set()
        self._box: list[float] = []

    def add(self, geometry: pa.Array) -> None:
        shapes = shapes_of(geometry)
        self._kinds |= {_KINDS[kind] for kind in np.unique(shapely.get_type_id(shapes)).tolist() if kind in _KINDS}
        box = shapely.total_bounds(shapes)
        if not np.isnan(box).any():
            joined = np.vstack((box, self._box or box))
            self._box = [*joined[:, :2].min(axis=0).tolist(), *joined[:, 2:].max(axis=0).tolist()]

    def metadata(self) -> str:
        column: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted(self._kinds)}
        if self._box:
            column["bbox"] = self._box
        return json.dumps(
            {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}, sort_keys=True
        )
