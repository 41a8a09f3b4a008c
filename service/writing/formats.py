"""Writers of the formats people open: JSON, GeoJSON for maps, CSV for spreadsheets. Rows are redacted already."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

#: Spreadsheets run a cell that starts like this as a formula.
_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - the full-width signs run as formulas too
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")

Row = Mapping[str, Any]


def json_text(value: Any) -> bytes:
    """Return plain values as UTF-8 JSON; moments in UTC end in Z."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def feature_collection(rows: Sequence[Row], links: Sequence[Mapping[str, str]] = ()) -> bytes:
    """Return rows as a GeoJSON FeatureCollection (RFC 7946) of points with flat properties.

    A row has `id`, `lat` and `lon`; one without a point gets a null geometry, so that every row is there.
    """
    features = [feature(row) for row in rows]
    return json_text(
        {
            "type": "FeatureCollection",
            "numberReturned": len(features),
            "features": features,
            **({"links": links} if links else {}),
        }
    )


def csv_text(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return rows as UTF-8 CSV (RFC 4180: commas, CRLF, quotes doubled), without a byte order mark.

    A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers, negative ones too, stay as
    they are. Lists are joined with "; ". A value that is not known is an empty cell.
    """
    return csv_head(columns) + csv_lines(columns, rows)


def csv_head(columns: Sequence[str]) -> bytes:
    """Return the header of such a table."""
    return _csv([list(columns)])


def csv_lines(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return rows of such a table, without its header."""
    return _csv(
        [
            # Most cells need nothing done to them, and are not worth a call each.
            one if type(one) in _AS_IT_IS or (type(one) is str and one[:1] not in _SIGNS) else cell(one)
            for one in map(row.get, columns)
        ]
        for row in rows
    )


#: What the module for CSV writes as `cell` does.
_AS_IT_IS = frozenset({float, int, type(None)})


def _csv(rows: Iterable[list[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def cell(value: Any) -> str:
    """Return a value as the text of one CSV cell."""
    if value is None or isinstance(value, str):  # most are
        return unformulated(value or "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return unformulated("; ".join(str(part) for part in value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).replace("+00:00", "Z")
    return unformulated(str(value))


def unformulated(text: str) -> str:
    """Return the text so that no spreadsheet runs it."""
    if text[:1] in _SIGNS and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def feature(row: Row) -> dict[str, Any]:
    """Return a row as a GeoJSON feature; see `feature_collection`."""
    properties = dict(row)
    lat, lon = properties.pop("lat", None), properties.pop("lon", None)
    located = lat is not None and lon is not None
    return {
        "type": "Feature",
        "id": properties["id"],
        "geometry": {"type": "Point", "coordinates": [lon, lat]} if located else None,
        "properties": properties,
    }
