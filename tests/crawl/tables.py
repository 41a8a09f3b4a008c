"""Tables of bytes: what Parquet and GeoPackage hold, as JSON, moments and places written as everywhere else."""

from __future__ import annotations

import io
import json
import sqlite3
from contextlib import closing
from datetime import date
from typing import Any

import pyarrow.parquet as pq
import shapely

_MAGIC, _HEADER = b"GP", 8  # of a geometry in a GeoPackage (OGC 12-128r19, 2.1.3)
_ENVELOPES = (0, 32, 48, 48, 64)  # bytes of each kind of envelope


def of_parquet(body: bytes) -> bytes:
    """Return the rows and the metadata of a Parquet file."""
    table = pq.read_table(io.BytesIO(body))
    return _written([table.to_pylist(), str(table.schema.metadata)])


def of_geopackage(body: bytes) -> bytes:
    """Return the rows of every table of a GeoPackage, its extents and indexes among them."""
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(body)
        names = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return _written([base.execute(f'SELECT * FROM "{name}"').fetchall() for name in names])  # noqa: S608 - its own


def _written(rows: list[Any]) -> bytes:
    return json.dumps(rows, default=_plainly, ensure_ascii=False).encode()


def _plainly(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes) and value.startswith(_MAGIC):
        skipped = _HEADER + _ENVELOPES[value[3] >> 1 & 7]
        return shapely.get_coordinates(shapely.from_wkb(value[skipped:])).tolist()
    return repr(value)
