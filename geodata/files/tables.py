"""Read a table from any file people keep lists in: CSV, TSV, XLSX, ODS, GeoJSON, Parquet, GeoParquet."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geodata.files.delimited import read_delimited
from geodata.files.features import read_features
from geodata.files.footing import without_totals
from geodata.files.sheet import Table, UnreadableTable, headers_of
from geodata.files.workbooks import as_text, read_workbook
from geodata.forms.submissions import as_submissions

__all__ = ["Table", "UnreadableTable", "read_table"]

#: First bytes of files that are no tables, and what to do instead.
_OTHERS = {
    b"SQLite format 3": ("a GeoPackage or SQLite database", "export the layer as GeoJSON or CSV"),
    b"%PDF": ("a PDF", "copy the table into a spreadsheet"),
    b"\x89PNG": ("a picture", "give the table, not its picture"),
    b"\xff\xd8\xff": ("a picture", "give the table, not its picture"),
    b"\x1f\x8b": ("a gzip archive", "unpack it first"),
    b"\x00\x00\x27\x0a": ("a shapefile", "export the layer as GeoJSON or CSV"),
}

#: Endings of files whose first bytes are always the same.
_ENDINGS = (".xlsx", ".ods", ".xls", ".parquet")


def read_table(source: Path | bytes, name: str | None = None, sheet: str | None = None) -> Table:
    """Read a file, or its bytes, as a table of text.

    What it is is told by its content, then by the ending of `name`; a path brings its own name. `sheet` names the sheet
    of a workbook. A row of HXL tags under the header is dropped; broken rows are among the problems of the table.
    Raises `UnreadableTable` when nothing can be read.
    """
    if isinstance(source, Path):
        return read_table(_content(source), name or source.name, sheet)
    return as_submissions(without_totals(without_tags(_read(source, (name or "").casefold(), sheet))))


def is_delimited(start: bytes, name: str) -> bool:
    """Tell from its first bytes and its name whether a file is to be read as delimited text."""
    name = name.casefold()
    return not (
        start.startswith((*_OTHERS, b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
        or _is_json(start, name)
        or (start and name.endswith(_ENDINGS))
    )


def _is_json(start: bytes, name: str) -> bool:
    body = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    return name.endswith((".json", ".geojson")) or body.startswith(b"{") or re.match(rb"\[\s*\{", body) is not None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        msg = f"there is no file {path.name}"
        raise UnreadableTable(msg, hint="check the path") from error
    except OSError as error:
        msg = f"{path.name} cannot be opened: {error.strerror}"
        raise UnreadableTable(msg, hint="check the path and the permissions") from error


def _read(content: bytes, name: str, sheet: str | None) -> Table:
    for start, (what, hint) in _OTHERS.items():
        if content.startswith(start):
            msg = f"the file is {what}"
            raise UnreadableTable(msg, hint=hint)
    if content.startswith(b"PAR1"):
        return _read_parquet(content)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return read_workbook(content, sheet)
    if _is_json(content[:1_000], name):
        return read_features(content)
    if name.endswith(_ENDINGS) and content:
        msg = f"the file is not what its ending says ({name.rpartition('.')[2]})"
        raise UnreadableTable(msg, hint="save it again in that format, or rename it")
    return read_delimited(content)


def _read_parquet(content: bytes) -> Table:
    try:
        table = pq.read_table(io.BytesIO(content))
        geometry = _geometry_column(table)
        shapes = None if geometry is None else _shapes(content, geometry)
    except (pa.ArrowException, ValueError, OSError) as error:
        msg = f"the Parquet file cannot be read: {error}"
        raise UnreadableTable(msg, hint="write it again") from error
    if geometry is not None:
        table = table.drop_columns([geometry])
    headers, problems = headers_of(table.column_names)
    columns = pa.Table.from_arrays([_texts(column) for column in table.columns], names=headers)
    return Table(columns, np.arange(1, table.num_rows + 1), problems, shapes)


def _geometry_column(table: pa.Table) -> str | None:
    geo = (table.schema.metadata or {}).get(b"geo")
    return None if geo is None else str(json.loads(geo)["primary_column"])


def _shapes(content: bytes, geometry: str) -> pa.Array:
    import geopandas as gpd  # noqa: PLC0415 - takes a third of a second to load, and few files are GeoParquet

    frame = gpd.read_parquet(io.BytesIO(content), columns=[geometry]).to_crs("OGC:CRS84")
    return pa.array(shapely.to_wkb(shapely.force_2d(np.asarray(frame.geometry.array))), type=pa.binary())


def _texts(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    if pa.types.is_string(whole.type) or pa.types.is_integer(whole.type):
        return whole.cast(pa.string())
    return pa.array([_plain(value) for value in whole.to_pylist()], type=pa.string())


def _plain(value: Any) -> str:
    return ";".join(as_text(item) for item in value) if isinstance(value, list) else as_text(value)


def without_tags(table: Table) -> Table:
    """Return the table without the row of HXL tags (`#adm1+code`) that humanitarian files carry under the header."""
    if not len(table):
        return table
    first = [(column[0].as_py() or "").strip() for column in table.columns.columns]
    tags = [cell for cell in first if cell]
    if not tags or not all(cell.startswith("#") and cell[1:2].isalpha() for cell in tags):
        return table
    keep = np.arange(len(table)) > 0
    return table.take(keep)
