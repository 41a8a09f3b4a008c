"""Read a table from any file people keep lists in: delimited text, workbooks, Parquet, and layers of geographic files.

CSV, TSV, XLSX, ODS, XLS, Parquet, GeoParquet, GeoJSON, GeoPackage, FlatGeobuf, KML and KMZ; shapefiles and file
geodatabases in a ZIP archive, and any of the others in one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from geodata.files.delimited import read_delimited
from geodata.files.features import read_features
from geodata.files.footing import without_totals
from geodata.files.hxl import without_tags
from geodata.files.layers import geopackages
from geodata.files.layers.archives import archived_layers, is_workbook, read_archive
from geodata.files.layers.gdal import Format, read_layer
from geodata.files.layers.kml import read_kml
from geodata.files.layers.tabling import as_table
from geodata.files.packed import ZIP, opened
from geodata.files.parquet import read_parquet
from geodata.files.sheet import Table, UnreadableTable
from geodata.files.workbooks import filled_sheets, read_workbook
from geodata.forms.linked import is_first_sheet, join_files, join_sheets
from geodata.forms.submissions import as_submissions

__all__ = ["Table", "UnreadableTable", "layer_names", "read_table"]

#: First bytes of files that are no tables, and what to do instead.
_OTHERS = {
    b"%PDF": ("a PDF", "copy the table into a spreadsheet"),
    b"\x89PNG": ("a picture", "give the table, not its picture"),
    b"\xff\xd8\xff": ("a picture", "give the table, not its picture"),
    b"\x1f\x8b": ("a gzip archive", "unpack it first"),
    b"\x00\x00\x27\x0a": ("one part of a shapefile", "put its .shp, .shx, .dbf and .prj files into one ZIP archive"),
}

#: Endings of formats that say in their first bytes what they are.
_BINARY = (".xlsx", ".ods", ".xls", ".parquet", ".zip", ".kmz", ".gpkg", ".fgb", ".shp", ".kml")

_HEAD = 4_096  # bytes in which a KML file says that it is one


def read_table(source: Path | bytes, name: str | None = None, sheet: str | None = None) -> Table:
    """Read a file, or its bytes, as a table of text.

    What it is is told by its content, then by the ending of `name`; a path brings its own name. `sheet` names the sheet
    of a workbook, the layer of a geographic file or the file of an archive. A row of HXL tags under the header is
    dropped; broken rows are among the problems of the table. Raises `UnreadableTable` when nothing can be read.
    """
    if isinstance(source, Path):
        return read_table(_content(source), name or source.name, sheet)
    return as_submissions(without_totals(without_tags(_read(source, (name or "").casefold(), sheet))))


def is_delimited(start: bytes, name: str) -> bool:
    """Tell from its first bytes and its name whether a file is to be read as delimited text."""
    name = name.casefold()
    return not (
        start.startswith((*_OTHERS, *_BY_START))
        or _is_json(start, name)
        or _is_kml(start, name)
        or (start and name.endswith(_BINARY))
    )


def _is_json(start: bytes, name: str) -> bool:
    body = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    return name.endswith((".json", ".geojson")) or body.startswith(b"{") or re.match(rb"\[\s*\{", body) is not None


def layer_names(content: bytes) -> tuple[str, ...]:
    """Return the names by which `read_table` finds the layers of a geographic file or archive; none for other files.

    Raises `UnreadableTable` when the file is damaged.
    """
    if content.startswith(geopackages.MAGIC):
        return geopackages.geopackage_layers(content)
    if not content.startswith(ZIP):
        return ()
    with opened(content) as archive:
        workbook = is_workbook(archive.names)
    return () if workbook else archived_layers(content)


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
    for start, read in _BY_START.items():
        if content.startswith(start):
            return read(content, sheet)
    if _is_kml(content, name):
        return read_kml(content)
    if _is_json(content[:_HEAD], name):
        return read_features(content)
    if name.endswith(_BINARY) and content:
        msg = f"the file is not what its ending says ({name.rpartition('.')[2]})"
        raise UnreadableTable(msg, hint="save it again in that format, or rename it")
    return read_delimited(content)


def _read_packed(content: bytes, sheet: str | None) -> Table:
    with opened(content) as archive:
        if is_workbook(archive.names):
            return _read_workbook(content, sheet)
        tables = [name for name in archive.names if name.casefold().endswith(".csv")]
        if sheet is None and len(tables) > 1:  # one of them for the submissions, others for their repeats
            joined = join_files({name: read_delimited(archive.read(name)) for name in tables})
            if joined is not None:
                return joined
    return read_archive(content, sheet, _read)


def _read_workbook(content: bytes, sheet: str | None) -> Table:
    table = read_workbook(content, sheet)
    if sheet is not None or not is_first_sheet(table):
        return table
    first, *others = filled_sheets(content)
    return join_sheets(first, table, {name: read_workbook(content, name) for name in others})


def _read_flatgeobuf(content: bytes, _: str | None) -> Table:
    layer = read_layer(content, Format.FLATGEOBUF, None)
    return as_table(layer, missing="export the layer in WGS 84 (EPSG:4326)")


def _is_kml(content: bytes, name: str) -> bool:
    head = content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and (name.endswith(".kml") or b"<kml" in head or b":kml" in head)


def _read_parquet(content: bytes, _: str | None) -> Table:
    return read_parquet(content)


#: How files are read that say in their first bytes what they are.
_BY_START: dict[bytes, Callable[[bytes, str | None], Table]] = {
    b"PAR1": _read_parquet,
    ZIP: _read_packed,
    b"\xd0\xcf\x11\xe0": _read_workbook,
    geopackages.MAGIC: geopackages.read_geopackage,
    b"fgb\x03fgb": _read_flatgeobuf,
}
