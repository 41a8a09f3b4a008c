"""Figures of a table, as cells: every mark that IBGE prints in place of a number keeps its own meaning.

The marks are the conventional signs (sinais convencionais) of its publications. A dash is a zero that is not the result
of rounding: 737 municipalities of the census of 2022 print it for their indigenous residents, and only with
all of these as zero do the municipalities add up to the country.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from connectors.client import Answer
from connectors.ibge.answers import SOURCE, items
from connectors.ibge.tables import Question
from connectors.observations import Observation
from connectors.outcomes import agreed_shape, text
from geodata.cells import Cell, CellStatus

_MARKS = {
    "-": Cell(Decimal(0), CellStatus.TRUE_ZERO, "-"),
    "..": Cell(None, CellStatus.NOT_APPLICABLE, ".."),
    "...": Cell(None, CellStatus.NOT_AVAILABLE, "..."),
    "X": Cell(None, CellStatus.SUPPRESSED, "X"),
}
_ABSENT = Cell(None, CellStatus.ABSENT_CELL, "")

#: Scheme of the codes of each level.
SCHEMES = {
    "N1": "ibge-country",
    "N2": "ibge-region",
    "N3": "ibge-uf",
    "N6": "ibge-mun",
    "N125": "ibge-ti-uf",
    "N145": "ibge-tq-uf",
    "N1125": "ibge-ti",
    "N1145": "ibge-tq",
}

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_UNITS = {"Pessoas": "persons", "Domicílios": "households"}


def read_cell(printed: str | None) -> Cell:
    """Return a printed value as a number or a reason. Raises `ValueError` for a mark that is not known.

    A printed 0 is the result of rounding; a zero that is none is printed as a dash.
    """
    if printed is None or not text(printed).strip():
        return Cell(None, CellStatus.NOT_AVAILABLE, "null" if printed is None else printed)
    if printed in _MARKS:
        return _MARKS[printed]
    if not _NUMBER.fullmatch(printed):
        msg = f"{printed!r} is neither a number nor a known mark"
        raise ValueError(msg)
    value = Decimal(printed)
    return Cell(value, CellStatus.OBSERVED if value else CellStatus.ROUNDED_ZERO, printed)


def read_figures(answer: Answer, question: Question) -> list[Observation]:
    """Return the observations of an answer to a question. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "the figures of a table"):
        return [
            observation
            for variable in items(answer)
            for result in variable["resultados"]
            for observation in _series(variable, result, question)
        ]


def with_absent(observations: list[Observation], areas: Mapping[str, str]) -> list[Observation]:
    """Return the observations, and a cell that says so for every listed area (code -> name) whose row is missing."""
    shapes = {(one.indicator, one.period): one for one in observations}
    known = {(one.area, one.indicator, one.period) for one in observations}
    absent = [
        Observation(area, one.area_scheme, name, indicator, period, _ABSENT, unit=one.unit)
        for (indicator, period), one in shapes.items()
        for area, name in areas.items()
        if (area, indicator, period) not in known
    ]
    return [*observations, *absent]


def _series(variable: Mapping[str, Any], result: Mapping[str, Any], question: Question) -> Iterable[Observation]:
    categories = "".join(
        f"/c{one['id']}/{category}" for one in result["classificacoes"] for category in one["categoria"]
    )
    indicator = f"t/{question.table.id}/v/{variable['id']}{categories}"
    unit = _UNITS.get(text(variable["unidade"]), variable["unidade"])
    for series in result["series"]:
        place = series["localidade"]
        level = text(place["nivel"]["id"])
        for period, printed in series["serie"].items():
            yield Observation(
                area=str(place["id"]),
                area_scheme=SCHEMES.get(level, f"ibge-{level.lower()}"),
                area_name=text(place["nome"]),
                indicator=indicator,
                period=period,
                cell=read_cell(printed),
                aggregate=level in {"N1", "N2"},
                unit=unit,
            )
