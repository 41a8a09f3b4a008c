"""What the World Development Indicators said in an earlier month, from database 57.

Contract: https://datahelpdesk.worldbank.org/knowledgebase/articles/1886686-advanced-data-api-queries. It is the only
official replay of old figures. The envelope is an object; areas go by three letters, some old.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from connectors.client import Answer
from connectors.documents import loads
from connectors.errors import RequestRefused, SourceChanged
from connectors.outcomes import Classified, Outcome, agreed_shape
from connectors.worldbank.answers import SOURCE, Country, Page, messages, refused_page
from connectors.worldbank.reading import Shape

DATABASE = "57"

#: Codes of the Bank that were others once; the archive keeps the old ones.
_RENAMED = {
    "ADO": "AND",
    "IMY": "IMN",
    "KSV": "XKX",
    "ROM": "ROU",
    "TMP": "TLS",
    "WBG": "PSE",
    "ZAR": "COD",
}

_VERSION = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])")


def checked_version(version: str, source: str) -> str:
    """Return a version of the archive, YYYYMM. Raises `RequestRefused` when it is none."""
    if not _VERSION.fullmatch(version):
        msg = f"version={version} is not a month of the archive"
        raise RequestRefused(msg, source=source, hint="write year and month without a dash, e.g. version=201404")
    return version


def path(countries: str, series: str, version: str) -> str:
    """Return where one series stands in one version of the archive, for all its years."""
    return f"sources/{DATABASE}/country/{countries}/series/{series}/time/all/version/{version}/data"


def _classify(answer: Answer) -> Classified:
    """Return what an answer is: an object with its data, or a message as elsewhere."""
    if (page := refused_page(answer)) is not None:
        return page
    document = loads(answer.text)
    if said := messages(document):
        return Classified(Outcome.INVALID_REQUEST, "; ".join(dict.fromkeys(said)))
    held = document.get("source") if isinstance(document, dict) else None
    if not (isinstance(held, dict) and isinstance(held.get("data"), list)):
        return Classified(Outcome.CHANGED, "the answer is not an envelope with its source and data")
    return Classified(Outcome.OK if held["data"] else Outcome.NO_DATA)


def _read(answer: Answer) -> Page:
    """Read an answer as a page whose rows look like those of the indicators of today. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "the archive"):
        document = loads(answer.text, parse_float=Decimal)
        return Page(
            page=int(document["page"]),
            pages=int(document["pages"]),
            total=int(document["total"]),
            lastupdated=document.get("lastupdated"),
            rows=tuple(_row(row) for row in document["source"]["data"]),
        )


#: The answers of the archive.
ARCHIVE = Shape(_classify, _read)


def of_version(rows: list[Mapping[str, Any]], version: str, source: str) -> list[Mapping[str, Any]]:
    """Return the rows. Raises `SourceChanged` when one is of another version: the service ignored what was asked."""
    others = sorted({str(row["version"]) for row in rows} - {version})
    if others:
        msg = f"version {version} was asked for, and {', '.join(others[:3])} came"
        raise SourceChanged(msg, source=source, hint="tell the maintainers of the connector")
    return rows


def within(rows: list[Mapping[str, Any]], window: str) -> list[Mapping[str, Any]]:
    """Return the rows of the years asked for; the archive always gives every year it has."""
    first, _, last = window.partition(":")
    return [row for row in rows if first <= row["date"] <= (last or first)]


def by_letters(countries: Iterable[Country]) -> dict[str, Country]:
    """Return the countries by three letters, those of today and those they once had."""
    today = {country.code: country for country in countries}
    return {**today, **{old: today[new] for old, new in _RENAMED.items() if new in today}}


def _row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    said = {variable["concept"].casefold(): variable for variable in row["variable"]}
    return {
        "indicator": {"id": said["series"]["id"], "value": said["series"]["value"]},
        "country": {"id": said["country"]["id"], "value": said["country"]["value"].strip()},
        "date": said["time"]["id"].removeprefix("YR"),
        "version": said["version"]["id"],
        "value": row["value"],
    }
