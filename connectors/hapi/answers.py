"""What HAPI answers, read: classified first, then rows of a theme as observations.

Contract: https://hapi.humdata.org/docs . There is no total: a page shorter than `limit` is the last one. `*_ref`
numbers are internal and never kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.client import Answer
from connectors.documents import loads
from connectors.observations import Observation, agreed
from connectors.outcomes import Classified, Outcome, agreed_shape
from geodata.cells import Cell, CellStatus
from geodata.rows import RowProblem

SOURCE = "hapi"


@dataclass(frozen=True, slots=True)
class Theme:
    """One kind of figure: where it stands, what it counts, and what divides it; groups overlap (all with f and m)."""

    path: str
    title: str
    value: str
    divided_by: tuple[str, ...]
    status: CellStatus


THEMES = {
    "baseline-population": Theme(
        "geography-infrastructure/baseline-population",
        "baseline population",
        "population",
        ("gender", "age_range"),
        CellStatus.OBSERVED,
    ),
    "humanitarian-needs": Theme(
        "affected-people/humanitarian-needs",
        "people in need",
        "population",
        ("sector_code", "category", "population_status"),
        CellStatus.ESTIMATED,
    ),
    "idps": Theme(
        "affected-people/idps",
        "internally displaced people",
        "population",
        ("operation", "assessment_type", "reporting_round"),
        CellStatus.ESTIMATED,
    ),
}


def classify(answer: Answer) -> Classified:
    """Return what an answer is; a missing identifier is 403, a wrong parameter 422 with the parameter's name."""
    try:
        document = loads(answer.text)
    except ValueError:
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with a body that is not JSON")
    said = document if isinstance(document, dict) else {}
    if answer.status in {401, 403}:
        return Classified(Outcome.ACCESS_PROBLEM, str(said.get("error", f"HTTP {answer.status}")))
    if answer.status == 422:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.INVALID_REQUEST, _detail(said.get("detail")))
    if answer.status == 404:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.CHANGED, "the path is not known (HTTP 404)")
    rows = said.get("data")
    if answer.status != 200 or not isinstance(rows, list):  # noqa: PLR2004 - HTTP
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with something else than rows")
    return Classified(Outcome.OK if rows else Outcome.NO_DATA)


def _detail(detail: Any) -> str:
    if not isinstance(detail, list):
        return str(detail)
    parts = (one for one in detail if isinstance(one, dict))
    return "; ".join(f"{'.'.join(map(str, one.get('loc', ())))}: {one.get('msg', '')}" for one in parts)


def read_rows(answer: Answer) -> list[Mapping[str, Any]]:
    """Return the rows of an answer that `classify` found usable."""
    with agreed_shape(SOURCE, "the rows"):
        rows: list[Mapping[str, Any]] = loads(answer.text, parse_float=Decimal)["data"]
        return rows


def read_observations(
    rows: Iterable[Mapping[str, Any]], theme: Theme, first: int = 1
) -> tuple[list[Observation], tuple[RowProblem, ...]]:
    """Return the figures, and what is doubtful: rows without a P-code, warnings and errors of the flat file.

    A row about a unit that OCHA could not bring to a P-code is left out: without its code it would pass for the unit
    above. `first` is the number of the first row. Raises `SourceChanged` for rows of another shape.
    """
    problems: list[RowProblem] = []
    observations: list[Observation] = []
    with agreed_shape(SOURCE, f"a row of {theme.path}"):
        for number, row in enumerate(rows, start=first):
            problems += _flagged(row, number)
            level = _level(row)
            code = row["location_code"] if level == 0 else row[f"admin{level}_code"]
            if not code:
                name = row.get(f"provider_admin{level}_name")
                message = f"{name or 'a unit'} in {row['location_code']} has no P-code"
                problems.append(RowProblem(number, f"admin{level}_code", name, message, "the row was left out"))
                continue
            observations.append(
                Observation(
                    area=code,
                    area_scheme="pcode" if level else "iso3166-1-a3",
                    area_name=_name(row, level),
                    indicator=_indicator(row, theme),
                    period=f"{row['reference_period_start'][:10]}/{row['reference_period_end'][:10]}",
                    cell=_cell(row[theme.value], theme.status),
                    unit="persons",
                )
            )
    kept, contradictions = agreed(observations)
    return kept, (*problems, *contradictions)


def _level(row: Mapping[str, Any]) -> int:
    """Return the level a row is about: as it says, else by the names its provider gave."""
    if str(row.get("admin_level") or "").isdigit():
        return int(row["admin_level"])
    named = [level for level in (1, 2) if row.get(f"admin{level}_code") or row.get(f"provider_admin{level}_name")]
    return max(named, default=0)


def _name(row: Mapping[str, Any], level: int) -> str | None:
    name = row.get(f"admin{level}_name") if level else row.get("location_name")
    return str(name) if name else None


def _indicator(row: Mapping[str, Any], theme: Theme) -> str:
    return "|".join((theme.value, *(f"{part}={row.get(part) or 'all'}" for part in theme.divided_by)))


def _cell(value: Any, status: CellStatus) -> Cell:
    if value is None or value == "":
        return Cell(None, CellStatus.NOT_AVAILABLE, "null")
    number = Decimal(str(value))
    return Cell(number, status if number else CellStatus.TRUE_ZERO, str(value))


def _flagged(row: Mapping[str, Any], number: int) -> list[RowProblem]:
    return [
        RowProblem(
            number, kind, _name(row, _level(row)), str(row[kind]), "OCHA's own finding; see the source", fatal=False
        )
        for kind in ("warning", "error")
        if row.get(kind)
    ]
