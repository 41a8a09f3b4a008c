"""What the UN SDG API answers, read: classified first, then pages, series and observations.

Contract: https://unstats.un.org/sdgs/UNSDGAPIV5/swagger/index.html . What is read with care: a misspelt parameter is
ignored in silence and answered with everything; areas are M49 numbers without leading zeros, regions among countries;
values are texts such as "<5" and "NaN".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.client import Answer
from connectors.documents import loads
from connectors.observations import Observation, agreed
from connectors.outcomes import Classified, Outcome, agreed_shape
from geodata.cells import Cell, CellStatus
from geodata.countries import known_country
from geodata.rows import RowProblem

SOURCE = "unsdg"

_BOUND = re.compile(r"([<>])=?\s*([\d.,]+)")

#: https://unstats.un.org/sdgs/indicators/database: what kind of figure a row holds.
_NATURES = {
    "E": CellStatus.ESTIMATED,
    "M": CellStatus.ESTIMATED,  # modelled
    "N": CellStatus.NOT_APPLICABLE,  # not relevant for this country
}


#: M49 numbers that stand for no group of countries, though ISO 3166 has none: Kosovo, Sark, Channel Islands.
_TERRITORIES = frozenset({"412", "680", "830"})


@dataclass(frozen=True, slots=True)
class Page:
    """One page of figures; some answers do not say how many there are."""

    rows: tuple[Mapping[str, Any], ...]
    pages: int | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, to hold the answer against."""

    series: str
    areas: frozenset[str] = frozenset()  # M49 without leading zeros; empty: all
    years: tuple[int, ...] = ()  # empty: all


def classify(answer: Answer) -> Classified:
    """Return what an answer is; no rows are no fault, but may be a wrong area."""
    try:
        document = loads(answer.text)
    except ValueError:
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with a body that is not JSON")
    if answer.status in {400, 404} and isinstance(document, dict):
        said = document.get("detail") or document.get("title") or document.get("message") or f"HTTP {answer.status}"
        return Classified(Outcome.INVALID_REQUEST, str(said))
    rows = document.get("data") if isinstance(document, dict) else document
    if answer.status != 200 or not isinstance(rows, list):  # noqa: PLR2004 - HTTP
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with something else than rows")
    return Classified(Outcome.OK if rows else Outcome.NO_DATA)


def read_page(answer: Answer) -> Page:
    """Read a page that `classify` found usable."""
    with agreed_shape(SOURCE, "the page"):
        document = loads(answer.text, parse_float=Decimal)
        pages, total = document.get("totalPages"), document.get("totalElements")
        return Page(
            tuple(document["data"]), None if pages is None else int(pages), None if total is None else int(total)
        )


def read_releases(answer: Answer) -> dict[str, list[str]]:
    """Return the releases each series is in, the latest last; the list names a series once per release."""
    with agreed_shape(SOURCE, "the list of series"):
        releases: dict[str, list[str]] = {}
        for row in loads(answer.text):
            releases.setdefault(row["code"], []).append(row["release"])
        return {code: sorted(found) for code, found in releases.items()}


def beside(rows: Iterable[Mapping[str, Any]], asked: Asked) -> str | None:
    """Return what of the rows was not asked for, None when all was: the service ignores filters it does not know."""
    with agreed_shape(SOURCE, "a row of figures"):
        for row in rows:
            if row["series"] != asked.series:
                return f"series {row['series']}"
            if asked.areas and row["geoAreaCode"].lstrip("0") not in asked.areas:
                return f"area {row['geoAreaCode']} ({row['geoAreaName']})"
            if asked.years and int(Decimal(row["timePeriodStart"])) not in asked.years:
                return f"year {row['timePeriodStart']}"
    return None


def read_observations(rows: Iterable[Mapping[str, Any]]) -> tuple[list[Observation], tuple[RowProblem, ...]]:
    """Return the figures with their breakdowns in the indicator's name, and values that are none."""
    problems: list[RowProblem] = []
    observations = []
    with agreed_shape(SOURCE, "a row of figures"):
        for number, row in enumerate(rows, start=1):
            cell = _cell(row["value"], row["attributes"].get("Nature"))
            if cell is None:
                cell = Cell(None, CellStatus.NOT_AVAILABLE, row["value"])
                message, hint = "is not a value that is known", "the figure was set aside"
                problems.append(RowProblem(number, "value", row["value"], message, hint, fatal=False))
            code = row["geoAreaCode"]
            country = known_country(code)  # which adds the zeros that M49 numbers lack here
            observations.append(
                Observation(
                    area=country or code,
                    area_scheme="iso3166-1-a3" if country else "m49",
                    area_name=row["geoAreaName"],
                    indicator="|".join((row["series"], *(f"{k}={v}" for k, v in sorted(row["dimensions"].items())))),
                    period=str(row.get("time_detail") or int(Decimal(row["timePeriodStart"]))),
                    cell=cell,
                    aggregate=country is None and code not in _TERRITORIES,
                    unit=row["attributes"].get("Units"),
                )
            )
    kept, contradictions = agreed(observations)
    return kept, (*problems, *contradictions)


def _cell(value: str | None, nature: str | None) -> Cell | None:
    raw = "null" if value is None else value
    text = raw.strip()
    status = _NATURES.get(nature or "", CellStatus.OBSERVED)
    if text.casefold() in {"", "nan", "null", "na", "n/a"} or status is CellStatus.NOT_APPLICABLE:
        return Cell(None, status if status is CellStatus.NOT_APPLICABLE else CellStatus.NOT_AVAILABLE, raw)
    bound = _BOUND.fullmatch(text)
    try:
        number = Decimal((bound[2] if bound else text).replace(",", ""))
    except InvalidOperation:
        return None
    if bound:
        return Cell(number, CellStatus.OPEN_ENDED_BOUND, raw)
    return Cell(number, status if number else CellStatus.TRUE_ZERO, raw)
