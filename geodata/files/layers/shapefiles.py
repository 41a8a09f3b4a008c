"""Shapefiles: several files that belong together, of which an archive may hold several.

ESRI Shapefile Technical Description (1998). Field names are cut at ten characters.
"""

from __future__ import annotations

from dataclasses import replace

from geodata.files.layers.codepages import BYTEWISE, Stated, spelled
from geodata.files.layers.gdal import Format, read_layer
from geodata.files.layers.stored import stored
from geodata.files.layers.tabling import as_table
from geodata.files.packed import Packed
from geodata.files.sheet import Table, UnreadableTable
from geodata.rows import RowProblem

MAGIC = b"\x00\x00\x27\x0a"

_USED = (".shp", ".dbf", ".shx", ".prj")
_PAGE = 29  # place in the header of a dBASE table
_HEADER = 32  # bytes
_INDEX_HEADER, _INDEX_ENTRY = 100, 8  # bytes
_NO_SYSTEM = "put the .prj file of the shapefile into the archive, or export it in WGS 84 (EPSG:4326)"


def read_shapefile(archive: Packed, path: str) -> Table:
    """Read the shapefile whose `.shp` stands under `path`, with what belongs to it. Raises `UnreadableTable`."""
    files = _family(archive, path)
    if lacking := [ending for ending in (".dbf", ".shx") if ending not in files]:
        msg = f"the shapefile {path} comes without its {' and '.join(lacking)} file"
        raise UnreadableTable(msg, hint="put the .shp, .shx, .dbf and .prj files into one archive")
    if not files[".shp"].startswith(MAGIC) or len(files[".dbf"]) < _HEADER:
        msg = f"{path} is no shapefile, or a cut one"
        raise UnreadableTable(msg, hint="export the layer again")
    stated = Stated(files.get(".cpg", b"").decode("ascii", errors="replace"), files[".dbf"][_PAGE])
    if ".prj" in files:
        files[".prj"] = _as_utf8(files[".prj"])
    content = stored({f"layer{ending}": files[ending] for ending in _USED if ending in files})
    layer, told = spelled(read_layer(content, Format.SHAPEFILE, None, BYTEWISE), stated)
    table = as_table(layer, missing=_NO_SYSTEM)
    return replace(table, problems=(*_lost(files[".shx"], len(table)), *told, *table.problems))


def _as_utf8(system: bytes) -> bytes:
    """Return a reference system whose name may be written in an old encoding, of which every byte is a letter."""
    try:
        system.decode("utf-8")
    except UnicodeDecodeError:
        return system.decode("latin-1").encode()
    return system


def _lost(index: bytes, rows: int) -> tuple[RowProblem, ...]:
    """Tell of shapes without a row: the table was cut, or rows were deleted and never cleared away."""
    shapes = (len(index) - _INDEX_HEADER) // _INDEX_ENTRY
    if shapes <= rows:
        return ()
    message = f"the shapefile has {shapes:,} shapes and only {rows:,} rows; shapes without a row were left out"
    return (RowProblem(None, None, None, message, "fetch it again, or export it again", fatal=False),)


def _family(archive: Packed, path: str) -> dict[str, bytes]:
    """Return the files of one shapefile by their ending; programs disagree about capital letters."""
    stem = path.casefold().removesuffix(".shp")
    names = {name.casefold().removeprefix(stem): name for name in archive.names if name.casefold().startswith(stem)}
    return {ending: archive.read(names[ending]) for ending in (*_USED, ".cpg") if ending in names}
