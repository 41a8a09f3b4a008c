"""In which formats an edition is written: each takes its flags some at a time, and the rest of it at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from geodata.geopackage import Layer, append
from geodata.unstamped import unstamp
from service.configuration.settings import Settings
from service.gap_reports import rows
from service.gap_reports.spreadsheets import SpreadsheetStream
from service.gap_reports.workbook import WorkbookStream
from service.running.disk import written
from service.writing.spool import Aside, Spool
from service.writing.spreadsheets.dialects import PLAIN, Dialect
from service.writing.streams import CsvStream, GeoJsonStream, Items, JsonStream, Stream


class Form(StrEnum):
    """A format, as it is named in `?f=` and as the ending of a file."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    GEOJSON = "geojson"
    GPKG = "gpkg"
    HTML = "html"
    PDF = "pdf"


MEDIA_TYPES = {
    Form.JSON: "application/json",
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.GEOJSON: "application/geo+json",
    Form.GPKG: "application/geopackage+sqlite3",
    Form.HTML: "text/html; charset=utf-8",
    Form.PDF: "application/pdf",
}


Writer = Callable[[Settings, Dialect], Stream]


def writer(form: Form, settings: Settings, dialect: Dialect = PLAIN) -> Stream:
    """Return what writes an edition as data; documents stand in `service.gap_reports.printing`."""
    return WRITERS[form](settings, dialect)


def _table(settings: Settings, dialect: Dialect) -> Stream:
    if dialect.for_people:
        return SpreadsheetStream(settings, rows.FLAG_COLUMNS, rows.flag_row, dialect)
    return CsvStream(settings, rows.FLAG_COLUMNS, rows.flag_row)


_NUMBERS = frozenset({"lat", "lon", "uncertainty_m", "probability", "persons", "persons_low", "persons_high"})
_MOMENTS = frozenset({"created_at", "updated_at"})
_FLAGS = Layer(
    "flags",
    {
        name: "number" if name in _NUMBERS else "moment" if name in _MOMENTS else "text"
        for name in rows.FLAG_COLUMNS
        if name != "id"
    }
    | {"flag_id": "text"},
)
_ABOUT = Layer("about", {"what": "text", "said": "text"}, points=False)
_SOURCES = Layer(
    "sources",
    dict.fromkeys(rows.SOURCE_COLUMNS, "text") | {"retrieved_at": "moment", "places": "whole"},
    points=False,
)
_CODES = Layer("codes", dict.fromkeys(rows.CODE_COLUMNS, "text"), points=False)


class GeoPackageStream:
    """A layer of points with typed columns, and tables of what the edition is, its lists and its codes."""

    def __init__(self, settings: Settings) -> None:
        """Begin with an empty layer."""
        self._file = Aside(settings, "report.gpkg")
        with written():
            append(self._file.path, _FLAGS, [])

    def take(self, items: Items) -> None:
        """Write some flags."""
        with written():
            append(self._file.path, _FLAGS, [_with_flag_id(rows.flag_row(item)) for item in items])

    def done(self, told: Mapping[str, Any]) -> Spool:
        """Return the file."""
        about = [{"what": what, "said": said} for what, said in rows.about_rows(told)]
        with written():
            for layer, some in ((_ABOUT, about), (_SOURCES, told["snapshots"]), (_CODES, list(rows.code_rows()))):
                append(self._file.path, layer, some)
            unstamp(self._file.path)
        return self._file.spooled()


def _with_flag_id(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "flag_id": row["id"]}  # readers give `id` a meaning of their own


#: What writes an edition, by format.
WRITERS: dict[Form, Writer] = {
    Form.JSON: lambda settings, _: JsonStream(settings),
    Form.CSV: _table,
    Form.XLSX: lambda settings, _: WorkbookStream(settings),
    Form.GEOJSON: lambda settings, _: GeoJsonStream(settings, rows.flag_row),
    Form.GPKG: lambda settings, _: GeoPackageStream(settings),
}
