"""The bulk files of UN SDG (`Series/DataCSV`, `Goal/DataCSV`), as they are downloaded.

They are padded with NUL bytes, name their breakdowns in brackets, and for the largest goals come empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.errors import SourceChanged, SourceUnavailable
from geodata.files.cellwise import cleaned
from geodata.files.tables import UnreadableTable, read_table

#: A column of the file -> the key of the same in a row of the API.
_KEYS = {
    "SeriesCode": "series",
    "GeoAreaCode": "geoAreaCode",
    "GeoAreaName": "geoAreaName",
    "TimePeriod": "timePeriodStart",
    "Value": "value",
    "Time_Detail": "time_detail",
}
_ATTRIBUTES = ("Nature", "Units")


def read_bulk(content: bytes, name: str, source: str) -> list[Mapping[str, Any]]:
    """Return the rows in the shape of the API's, so that both are read the same way.

    Raises `SourceUnavailable` for an empty file, which the service sends when a goal is too large for it, and
    `SourceChanged` for any other layout.
    """
    content = content.partition(b"\0")[0]
    if not content.strip():
        msg = f"{name} is empty: the service gives up on large goals without a word"
        raise SourceUnavailable(msg, source=source, hint="ask for single series (Series/DataCSV)")
    try:
        table = cleaned(read_table(content, name))
    except UnreadableTable as error:
        msg = f"{name}: {error}"
        raise SourceChanged(msg, source=source, hint=error.hint) from error
    if missing := [column for column in _KEYS if column not in table.headers and column != "Time_Detail"]:
        msg = f"{name} is not a bulk file of UN SDG: {', '.join(missing)} missing"
        raise SourceChanged(msg, source=source, hint="give the CSV of Series/DataCSV or Goal/DataCSV")
    return [_row(row) for row in table.columns.to_pylist()]


def _row(row: Mapping[str, str | None]) -> dict[str, Any]:
    said = {key[1:-1]: value for key, value in row.items() if key.startswith("[") and value is not None}
    return {
        **{key: row.get(column) for column, key in _KEYS.items()},
        "attributes": {key: value for key, value in said.items() if key in _ATTRIBUTES},
        "dimensions": {key: value for key, value in said.items() if key not in _ATTRIBUTES},
    }
