"""What the World Bank answers, read: classified first, then envelope, countries and observations.

Contract: https://datahelpdesk.worldbank.org/knowledgebase/articles/889392. What is read with care: errors come with
status 200; a `date` wholly outside a series is ignored in silence; aggregates stand among countries and are known only
from `/country`; numbers of the envelope come as numbers or as texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.client import Answer
from connectors.documents import loads
from connectors.observations import Observation
from connectors.outcomes import Classified, Outcome, agreed_shape, text
from geodata.cells import Cell, CellStatus
from geodata.countries import UnknownCountry, country_code
from geodata.rows import RowProblem

SOURCE = "worldbank"

#: What is brought unless `indicators` names others: code -> unit.
INDICATORS = {
    "SP.POP.TOTL": "persons",
    "SP.POP.GROW": "percent per year",
    "SP.URB.TOTL": "persons",
    "SP.URB.TOTL.IN.ZS": "percent of population",
    "SP.URB.GROW": "percent per year",
    "SP.RUR.TOTL": "persons",
    "SP.RUR.TOTL.ZS": "percent of population",
    "SP.RUR.TOTL.ZG": "percent per year",
    "EN.POP.SLUM.UR.ZS": "percent of urban population",
}


@dataclass(frozen=True, slots=True)
class Country:
    """A row of `/country`: a country, or an aggregate such as "Arab World"."""

    code: str
    name: str
    aggregate: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer; the numbers of its envelope come as numbers or as texts."""

    page: int
    pages: int
    total: int
    lastupdated: str | None
    rows: tuple[Mapping[str, Any], ...]


def classify(answer: Answer) -> Classified:
    """Return what an answer is; a message in a 200 is a refusal, and so is the HTML that comes with a 400."""
    if (page := refused_page(answer)) is not None:
        return page
    document = loads(answer.text)
    if said := messages(document):
        return Classified(Outcome.INVALID_REQUEST, "; ".join(dict.fromkeys(said)))
    if not (isinstance(document, list) and len(document) == 2 and isinstance(document[0], dict)):  # noqa: PLR2004
        return Classified(Outcome.CHANGED, "the answer is not [envelope, rows]")
    return Classified(Outcome.OK if document[1] else Outcome.NO_DATA)


def refused_page(answer: Answer) -> Classified | None:
    """Return what an answer without JSON, or at a path that is gone, is; None for any other."""
    said = answer.text.strip()
    if said.startswith("<"):
        wrong = Outcome.INVALID_REQUEST if answer.status in {200, 400} else Outcome.CHANGED
        return Classified(wrong, f"HTTP {answer.status} with a page instead of data")
    try:
        loads(answer.text)  # as it came: JSON knows fewer blanks than `strip`
    except ValueError:
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with a body that is not JSON")
    if answer.status == 404:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.CHANGED, "the path is not known (HTTP 404)")
    return None


def read_page(answer: Answer) -> Page:
    """Read an answer that `classify` found usable. Raises `SourceChanged` when the envelope has another shape."""
    with agreed_shape(SOURCE, "the envelope of the answer"):
        envelope, rows = loads(answer.text, parse_float=Decimal)
        return Page(
            page=int(envelope["page"]),
            pages=int(envelope["pages"]),
            total=int(envelope["total"]),
            lastupdated=envelope.get("lastupdated"),
            rows=tuple(rows or ()),
        )


def read_countries(rows: list[Mapping[str, Any]]) -> dict[str, Country]:
    """Return the rows of `/country` by two-letter code, as observations name them."""
    with agreed_shape(SOURCE, "the list of countries"):
        return {
            row["iso2Code"]: Country(text(row["id"]), text(row["name"]).strip(), row["region"]["id"] == "NA")
            for row in rows
        }


def read_observations(
    rows: list[Mapping[str, Any]], countries: Mapping[str, Country], window: str
) -> tuple[list[Observation], tuple[RowProblem, ...]]:
    """Return the observations within the window, and what was left out: rows outside it, rows of unknown areas."""
    with agreed_shape(SOURCE, "a row of observations"):
        within = [row for row in rows if _within(row["date"], window)]
        known = [(row, countries[row["country"]["id"]]) for row in within if row["country"]["id"] in countries]
        unknown = {text(row["country"]["id"]): row["country"]["value"] for row in within}
        unknown = {code: name for code, name in unknown.items() if code not in countries}
        kept = [_observation(row, country) for row, country in known]
    problems = [
        RowProblem(None, "country", code, f"{name} is not in the Bank's list of countries", "its rows were left out")
        for code, name in sorted(unknown.items())
    ]
    if outside := len(rows) - len(within):
        message = f"{outside} rows lie outside date={window}: the service ignored the filter"
        problems.append(RowProblem(None, "date", window, message, "they were left out"))
    return kept, tuple(problems)


def _observation(row: Mapping[str, Any], country: Country) -> Observation:
    indicator = text(row["indicator"]["id"])
    return Observation(
        area=country.code,
        area_scheme="wb" if country.aggregate or not _is_iso(country.code) else "iso3166-1-a3",
        area_name=country.name,
        indicator=indicator,
        period=text(row["date"]),
        cell=_cell(row["value"]),
        aggregate=country.aggregate,
        unit=row.get("unit") or INDICATORS.get(indicator),
    )


def _cell(value: int | Decimal | None) -> Cell:
    if value is None:
        return Cell(None, CellStatus.NOT_AVAILABLE, "null")
    return Cell(Decimal(value), CellStatus.OBSERVED if value else CellStatus.TRUE_ZERO, str(value))


def _within(period: str, window: str) -> bool:
    first, _, last = window.partition(":")
    return first <= period <= (last or first)


def _is_iso(code: str) -> bool:
    try:
        return country_code(code) == code
    except UnknownCountry:
        return False


def messages(document: Any) -> list[str]:
    """Return what an answer says in place of data, wrapped in an array or not; nothing where it holds data."""
    holder = document[0] if isinstance(document, list) and document else document
    found = holder.get("message", []) if isinstance(holder, dict) else []
    if not isinstance(found, list):
        return [str(found)]
    return [
        f"{one.get('key', 'message')} ({one.get('id', '?')}): {one.get('value', '')}"
        if isinstance(one, dict)
        else str(one)
        for one in found
    ]
