"""KML: placemarks of all folders as one table, with their ExtendedData; what would be fetched or expanded is not.

OGC 12-007r2. A document type or entity is refused where it begins, before anything is expanded; network links, styles
and pictures are passed over. Coordinates are always WGS 84, longitude first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

import numpy as np
import pyarrow as pa
import shapely

from geodata.files.layers.referencing import on_earth
from geodata.files.sheet import Table, UnreadableTable, headers_of
from geodata.rows import RowProblem

_AGAIN = "export the placemarks again as KML, or as GeoJSON or CSV"
_DEEPEST = 200  # elements in one another; folders are nested a few deep
_TEXTS = frozenset({"name", "description", "address", "phoneNumber", "when", "begin", "end"})
_SHAPES = frozenset({"Point", "LineString", "LinearRing", "Polygon"})
_TRIPLE = re.compile(r"[^\s,]+(?:\s*,\s*[^\s,]+){1,2}")


def read_kml(content: bytes) -> Table:
    """Read every placemark, in the order of the file; row n is the n-th. Columns: its name, texts, folder and data.

    A placemark whose coordinates cannot be read keeps its row and is told. Raises `UnreadableTable` for broken XML,
    for declared entities, and for a file without placemarks.
    """
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler = reading.start, reading.end
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(content, True)  # noqa: FBT003 - this function takes no keywords
    except (expat.ExpatError, ValueError, LookupError) as error:
        msg = f"the KML is broken: {error}"
        raise UnreadableTable(msg, hint=_AGAIN) from error
    if not reading.placemarks:
        msg = "the KML holds no placemarks"
        hint = "open a linked layer and save its places themselves" if reading.linked else _AGAIN
        raise UnreadableTable(msg, hint=hint)
    return _table(reading.placemarks)


def _refuse(*_: object) -> None:
    msg = "the KML declares a document type or entities, which may unfold without end or name other files"
    raise UnreadableTable(msg, hint=_AGAIN)


@dataclass
class _Placemark:
    """One placemark: its texts by header, and its shapes."""

    texts: dict[str, str] = field(default_factory=dict)
    shapes: list[Any] = field(default_factory=list)
    broken: str | None = None  # coordinates that cannot be read


@dataclass
class _Reading:
    """Where the reading of a file stands."""

    placemarks: list[_Placemark] = field(default_factory=list)
    linked: bool = False
    _path: list[str] = field(default_factory=list)
    _folders: list[str] = field(default_factory=list)
    _open: _Placemark | None = None
    _data: str = ""  # the key of the datum being read
    _rings: list[list[tuple[float, float]]] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _said: str = ""  # the coordinates read last, as written

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self._path.append(local)
        self._text.clear()
        if len(self._path) > _DEEPEST:
            msg = f"elements stand in one another more than {_DEEPEST} deep"
            raise ValueError(msg)
        self.linked |= local == "NetworkLink"
        if local == "Placemark":
            self._open = _Placemark({"id": attributes["id"]} if "id" in attributes else {})
        elif local in {"Data", "SimpleData"}:
            self._data = attributes.get("name", "")
        elif local in _SHAPES - {"LinearRing"}:
            self._rings.clear()
        elif local == "Folder":
            self._folders.append("")

    def text(self, text: str) -> None:
        self._text.append(text)

    def end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        self._path.pop()
        text = "".join(self._text).strip()
        self._text.clear()
        within = self._path[-1] if self._path else ""
        if local == "Folder":
            self._folders.pop()
        elif self._open is None:
            if (local, within) == ("name", "Folder"):
                self._folders[-1] = text
        elif local == "Placemark":
            self._close()
        else:
            self._take(self._open, local, text)

    def _close(self) -> None:
        if self._open is not None:
            if folder := " / ".join(filter(None, self._folders)):
                self._open.texts.setdefault("folder", folder)
            self.placemarks.append(self._open)
        self._open = None

    def _take(self, placemark: _Placemark, local: str, text: str) -> None:
        if local in {"SimpleData", "value"} and self._data:
            placemark.texts[self._data] = text
        elif local in _TEXTS and text and self._path[-1] in {"Placemark", "TimeStamp", "TimeSpan"}:
            placemark.texts.setdefault(local, text)
        elif local == "coordinates":
            self._said = text[:80]
            self._rings.append(_points(text))
        elif local in _SHAPES:
            self._shape(placemark, local)

    def _shape(self, placemark: _Placemark, local: str) -> None:
        if local == "LinearRing" and "Polygon" in self._path:
            return
        try:
            placemark.shapes.append(_built(local, self._rings))
        except (ValueError, IndexError, shapely.GEOSException):
            placemark.broken = self._said
        self._rings.clear()


def _points(text: str) -> list[tuple[float, float]]:
    try:
        return [(float(lon), float(lat)) for lon, lat, *_ in (one.split(",") for one in _TRIPLE.findall(text))]
    except ValueError:
        return []  # no shape can be built of it, which is told


def _built(local: str, rings: list[list[tuple[float, float]]]) -> Any:
    if not all(rings):
        msg = "an outline without coordinates"
        raise ValueError(msg)
    if local == "Point":
        return shapely.Point(rings[0][0])
    if local == "Polygon":
        return shapely.Polygon(rings[0], rings[1:])
    return shapely.LineString(rings[0])


def _table(placemarks: list[_Placemark]) -> Table:
    keys = list(dict.fromkeys(key for one in placemarks for key in one.texts)) or ["name"]
    headers, problems = headers_of(keys)
    arrays = [pa.array([one.texts.get(key, "") for one in placemarks], type=pa.string()) for key in keys]
    broken = [
        RowProblem(row, "geometry", one.broken, "the coordinates cannot be read", "draw it again", fatal=False)
        for row, one in enumerate(placemarks, start=1)
        if one.broken is not None
    ]
    drawn = np.array([_one(one.shapes) for one in placemarks], dtype=object)
    shapes = on_earth(drawn)
    nowhere = ~shapely.is_missing(drawn) & shapely.is_missing(shapes)
    broken += [
        RowProblem(
            row + 1, "geometry", None, "the geometry lies nowhere on Earth", "give degrees (WGS 84)", fatal=False
        )
        for row in np.flatnonzero(nowhere).tolist()
    ]
    wkb = pa.array(shapely.to_wkb(shapes), type=pa.binary())
    rows = np.arange(1, len(placemarks) + 1)
    return Table(pa.Table.from_arrays(arrays, names=headers), rows, (*problems, *broken), wkb)


def _one(shapes: list[Any]) -> Any:
    """Return the shape of a placemark: several outlines are one area, a point beside an outline is its label."""
    areas = [shape for shape in shapes if shape.geom_type == "Polygon"]
    if len(areas) > 1:
        return shapely.MultiPolygon(areas)
    if areas or len(shapes) == 1:
        return (areas or shapes)[0]
    return shapely.GeometryCollection(shapes) if shapes else None
