"""What the ONS answers to a question of one's own about the census of 2021.

Contract: https://developer.ons.gov.uk/createyourowndataset/. What is read with care: whole areas are held back where a
table would tell too much about few people; they are counted in `blocked_areas`, and their rows are simply not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.client import Answer
from connectors.documents import loads
from connectors.observations import Observation
from connectors.outcomes import Classified, Outcome, agreed_shape, text
from geodata.cells import Cell, CellStatus

SOURCE = "ons"
PERIOD = "2021"

_UNITS = {"UR": "persons", "UR_HH": "persons", "HH": "households"}
_SEVERAL_COUNTRIES = ("K03", "K04")  # Great Britain, England and Wales


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of an answer, and how many areas it covers, gives and holds back."""

    rows: tuple[Mapping[str, Any], ...]
    areas: int
    blocked: int


def classify(answer: Answer, key: str) -> Classified:
    """Return what an answer is that should hold a list under this key."""
    if where := answer.headers.get("location"):
        return Classified(Outcome.CHANGED, f"HTTP {answer.status}, sent on to {where}")
    try:
        document = loads(answer.text)
    except ValueError:
        said = answer.text.strip()[:200]
        refused = answer.status in {400, 404} and not said.startswith("<")
        return Classified(Outcome.INVALID_REQUEST if refused else Outcome.CHANGED, f"HTTP {answer.status} {said}")
    if isinstance(document, dict) and document.get("errors"):
        return Classified(Outcome.INVALID_REQUEST, str(document["errors"])[:300])
    if answer.status in {400, 404}:
        return Classified(Outcome.INVALID_REQUEST, f"HTTP {answer.status} {answer.text.strip()[:200]}")
    if answer.status != 200 or not isinstance(document, dict) or key not in document:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with something else than {key}")
    return Classified(Outcome.OK)


def read_areas(answer: Answer) -> tuple[dict[str, str], int]:
    """Return a page of areas (code -> name), and how many there are in all. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "the list of areas"):
        document = loads(answer.text)
        return {text(one["id"]): text(one["label"]) for one in document["items"]}, int(document["total_count"])


def read_table(answer: Answer) -> Table:
    """Return the rows of an answer. Raises `SourceChanged` when fewer came than it says."""
    with agreed_shape(SOURCE, "the observations"):
        document = loads(answer.text, parse_float=Decimal)
        rows = tuple(document["observations"] or ())
        if len(rows) != int(document["total_observations"]):
            msg = f"{len(rows)} observations came where {document['total_observations']} were announced"
            raise ValueError(msg)
        return Table(rows, int(document["total_areas"]), int(document["blocked_areas"]))


def observe(table: Table, population: str, area_type: str) -> list[Observation]:
    """Return the rows as observations. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "an observation"):
        return [_observation(row, population, area_type) for row in table.rows]


def held_back(observations: Sequence[Observation], areas: Mapping[str, str], *, blocked: bool) -> list[Observation]:
    """Return a cell for every indicator of every area that is listed and not there: held back, or merely absent."""
    told = {one.indicator for one in observations}
    there = {one.area for one in observations}
    cell = Cell(None, CellStatus.SUPPRESSED, "blocked area") if blocked else Cell(None, CellStatus.ABSENT_CELL, "")
    return [
        _made(area, name, indicator, cell)
        for area, name in areas.items()
        if area not in there
        for indicator in sorted(told)
    ]


def legend(table: Table, population: str, area_type: str) -> tuple[str, ...]:
    """Return what each indicator is called, one sentence each."""
    with agreed_shape(SOURCE, "an observation"):
        told = {
            _indicator(others, population): "; ".join(f"{one['dimension']}: {one['option']}" for one in others)
            for row in table.rows
            for others in [_parts(row, area_type)[1]]
        }
    return tuple(f"{indicator}: {words}" for indicator, words in sorted(told.items()))


def _observation(row: Mapping[str, Any], population: str, area_type: str) -> Observation:
    area, others = _parts(row, area_type)
    value = Decimal(row["observation"])
    cell = Cell(value, CellStatus.OBSERVED if value else CellStatus.TRUE_ZERO, str(row["observation"]))
    return _made(text(area["option_id"]), text(area["option"]), _indicator(others, population), cell)


def _made(area: str, name: str, indicator: str, cell: Cell) -> Observation:
    unit = _UNITS.get(indicator.partition(":")[0])
    return Observation(area, "gss", name, indicator, PERIOD, cell, area.startswith(_SEVERAL_COUNTRIES), unit)


def _parts(row: Mapping[str, Any], area_type: str) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    """Return the area of a row, and its other dimensions."""
    (area,) = [one for one in row["dimensions"] if one["dimension_id"] == area_type]
    return area, [one for one in row["dimensions"] if one is not area]


def _indicator(others: Sequence[Mapping[str, Any]], population: str) -> str:
    """Return population, questions and answers: UR:ethnic_group_tb_20b=1."""
    answers = ";".join(f"{one['dimension_id']}={one['option_id']}" for one in others)
    return f"{population}:{answers}"
