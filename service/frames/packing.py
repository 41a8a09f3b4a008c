"""Packing: a zip with a GeoPackage, the same as CSV, and a text that says what is in it and how to handle it."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from geodata.countries import country_name
from geodata.geopackage import Layer, append
from geodata.unstamped import unstamp
from service.callers.caller import Caller
from service.context import Context
from service.frames.choosing import Chosen, FrameScope, chosen
from service.frames.parents import Point, enumeration_area, holding, nearest, parent, said
from service.frames.rows import COLUMNS, KINDS, NAMES, frame_row
from service.running.disk import written
from service.writing.formats import csv_text

LAYER = "frame_updates"
_MOMENT = (2000, 1, 1, 0, 0, 0)  # of every file: the same frame update is the same file

Row = Mapping[str, Any]


def pack(context: Context, scope: FrameScope, caller: Caller) -> bytes:
    """Return the frame update of a scope as zip, as this caller may see it; the same gaps give the same bytes.

    Raises `Problem` (not found) where the archive no longer holds a list as it was put.
    """
    found = chosen(context, scope, caller)
    rows = sorted(
        _rows(context, found.flags), key=lambda row: (row["country"], row["parent_code"] or "", row["flag_id"])
    )
    return _zipped(
        {
            "README.txt": _readme(scope, found, rows).encode(),
            f"{LAYER}.csv": csv_text(NAMES, rows),
            f"{LAYER}.gpkg": _layer(rows),
        }
    )


def _rows(context: Context, flags: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    lists = context.lists.current()
    borders = holding(lists, [_point(flag["community"]["location"]) for flag in flags])
    return [
        frame_row(
            flag,
            parent(held) or nearest(flag, lists) or said(flag["community"]["admin"]),
            enumeration_area(held),
        )
        for flag, held in zip(flags, borders, strict=True)
    ]


def _point(place: Mapping[str, Any] | None) -> Point | None:
    return None if place is None else (place["lat"], place["lon"])


def _layer(rows: Sequence[Row]) -> bytes:
    """Return the rows as GeoPackage. Raises `Problem` where the disk cannot take it."""
    with written(), TemporaryDirectory(prefix="uncounted-") as folder:
        path = Path(folder) / f"{LAYER}.gpkg"
        append(path, Layer(LAYER, KINDS), rows)
        unstamp(path)
        return path.read_bytes()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(entry, content)
    return out.getvalue()


def _readme(scope: FrameScope, found: Chosen, rows: Sequence[Row]) -> str:
    asked = (
        f"country {country_name(scope.country)}" if scope.country else "",
        f"unit {scope.admin}" if scope.admin else "",
        f"list {scope.source}" if scope.source else "",
    )
    gaps, lists = Counter(row["gap"] for row in rows), sorted({_list(row) for row in rows if row["list"]})
    last = max((row["decided_at"] for row in rows if row["decided_at"]), default="none")
    columns = "\n".join(f"  {name:20} {kind:7} {words}" for name, kind, words in COLUMNS)
    return _README.format(
        scope=", ".join(filter(None, asked)) or "everything",
        new=gaps["not_listed"],
        short=gaps["counted_too_low"],
        left_out=found.left_out,
        without=sum(row["lat"] is None for row in rows),
        unplaced=sum(row["parent_basis"] is None for row in rows),
        last=last,
        lists="\n".join(f"  {one}" for one in lists) or "  none",
        columns=columns,
        layer=LAYER,
    )


def _list(row: Row) -> str:
    return f"{row['list']}, vintage {row['list_vintage']}, sha256 {row['snapshot']}"


_README = """UNCOUNTED: UPDATE OF A CENSUS FRAME

RESTRICTED. This file holds places of communities as they were recorded. It is for the work on the frame: do not
publish it, do not pass it on, delete it when the frame is updated. A community may withdraw at any time; ask again
before you use an old file.

Scope          {scope}
To be added    {new} communities that the official list does not name
To look at     {short} listed communities whose official count was found too low
Last decision  {last}

Each was confirmed by a person, or published by a second one. {left_out} more are left out, because consent or risk keep
them from files that travel. {without} have no place, {unplaced} no proposed unit. Absence of data is not absence of
people: communities that nobody recorded are not here.

FILES
  {layer}.gpkg   one layer of points, WGS 84 (EPSG:4326), for QGIS or any other GIS
  {layer}.csv    the same rows, UTF-8, RFC 4180; open it by import, with every code as text

HELD AGAINST
{lists}

COLUMNS
{columns}

Temporary codes begin with X, which ISO 3166 leaves to its users; they are not official and give way to yours. The
proposed parent says on what it rests: a border that holds the point, the unit of the nearest listed place, or the
record itself. It is a proposal; borders on the ground decide.
"""
