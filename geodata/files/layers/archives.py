"""What does an archive hold? One workbook, or files of which one is meant: told by their names, and their contents.

Layers come before tables, because what lies beside a layer (a list of sources, a readme) is about it. Of several layers
one has to be named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from geodata.files.layers.choosing import chosen
from geodata.files.layers.gdal import Format, layer_names, read_layer
from geodata.files.layers.geopackages import geopackage_layers
from geodata.files.layers.shapefiles import read_shapefile
from geodata.files.layers.stored import stored
from geodata.files.layers.tabling import as_table
from geodata.files.packed import Packed, opened
from geodata.files.sheet import Table, UnreadableTable

#: Endings of files that are read out of an archive, those of layers first.
_ENDINGS: tuple[tuple[str, ...], ...] = (
    (".shp",),
    (".gpkg",),
    (".fgb",),
    (".kml",),
    (".geojson",),
    (".parquet", ".geoparquet"),
    (".json",),
)
_ENDINGS += ((".csv", ".tsv", ".txt"), (".xlsx", ".ods", ".xls"))

_DATABASE = ".gdbtable"
_NO_SYSTEM = "set the reference system of the layer, or export it in WGS 84 (EPSG:4326)"

#: Reads the bytes of a file of this name, and of its sheet or layer of that name.
Reader = Callable[[bytes, str, str | None], Table]


@dataclass(frozen=True, slots=True)
class _Member:
    """One thing in an archive that can be read."""

    name: str  # by which it is chosen
    path: str


def is_workbook(names: tuple[str, ...]) -> bool:
    """Return whether files of these names are the parts of a workbook (XLSX, ODS)."""
    return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= set(names)


def read_archive(content: bytes, layer: str | None, read: Reader) -> Table:
    """Read the one layer or table of an archive, or the one that `layer` names; `read` reads plain files.

    Raises `UnreadableTable` when nothing can be read, or several could be and none is named.
    """
    with opened(content) as archive:
        if folders := _databases(archive):
            return _read_database(archive, folders, layer)
        members = _members(archive, layer)
        names = [member.name for member in members]
        if len(members) == 1 and layer not in names:
            return _read_member(archive, members[0], layer, read)
        return _read_member(archive, members[names.index(chosen(names, layer))], None, read)


def archived_layers(content: bytes) -> tuple[str, ...]:
    """Return the names by which the layers of an archive are chosen. Raises `UnreadableTable`."""
    with opened(content) as archive:
        if folders := _databases(archive):
            return layer_names(_database(archive, folders), Format.GEODATABASE)
        members = _members(archive, None)
        if len(members) == 1 and members[0].path.casefold().endswith(".gpkg"):
            return geopackage_layers(archive.read(members[0].path))
        return tuple(member.name for member in members)


def _members(archive: Packed, wanted: str | None) -> list[_Member]:
    """Return the files of the first ending that any has, or those that bear the wanted name."""
    sorts = [[name for name in archive.names if name.casefold().endswith(endings)] for endings in _ENDINGS]
    paths: list[str] = next(filter(None, sorts), [])
    if not paths:
        msg = "the archive holds no table and no layer"
        raise UnreadableTable(msg, hint="give a shapefile, GeoPackage, geodatabase, KML, GeoJSON, CSV or workbook")
    if len(paths) > 1 and paths[0].casefold().endswith(".kml"):  # the others are what the first one refers to
        paths = [name for name in paths if name.casefold() == "doc.kml"] or paths
    everything = [name for names in sorts for name in names]
    called = [name for name in everything if wanted and wanted.casefold() in {name.casefold(), _stem(name)}]
    paths = called or paths
    stems = [_stem(path) for path in paths]
    distinct = len(set(stems)) == len(stems)
    return [_Member(PurePosixPath(path).stem if distinct and not called else path, path) for path in paths]


def _stem(path: str) -> str:
    return PurePosixPath(path).stem.casefold()


def _read_member(archive: Packed, member: _Member, layer: str | None, read: Reader) -> Table:
    if member.path.casefold().endswith(".shp"):
        return read_shapefile(archive, member.path)
    return read(archive.read(member.path), member.path.casefold(), layer)


def _databases(archive: Packed) -> list[str]:
    """Return the folders that are file geodatabases."""
    return list(dict.fromkeys(name.rpartition("/")[0] for name in archive.names if name.endswith(_DATABASE)))


def _database(archive: Packed, folders: list[str]) -> bytes:
    if len(folders) > 1:
        msg = f"the archive holds {len(folders)} geodatabases"
        raise UnreadableTable(msg, hint="pack one of them alone")
    start = f"{folders[0]}/" if folders[0] else ""
    inside = [name for name in archive.names if name.startswith(start) and "/" not in name[len(start) :]]
    return stored({name[len(start) :]: archive.read(name) for name in inside})


def _read_database(archive: Packed, folders: list[str], layer: str | None) -> Table:
    content = _database(archive, folders)
    name = chosen(layer_names(content, Format.GEODATABASE), layer)
    return as_table(read_layer(content, Format.GEODATABASE, name), missing=_NO_SYSTEM)
