"""Published figures on their way into a snapshot: cells with their area, indicator and period, in one fixed order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pyarrow as pa

from connectors.snapshot import OBSERVATIONS
from geodata.cells import Cell, CellStatus
from geodata.rows import RowProblem


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure, or the reason why there is none."""

    area: str  # the source's own code, as text
    area_scheme: str
    area_name: str | None
    indicator: str
    period: str
    cell: Cell
    aggregate: bool = False
    unit: str | None = None
    margin: str | None = None  # published margin of error, decimal text


def observation_table(observations: Iterable[Observation]) -> pa.Table:
    """Return the observations as a table with the columns of `OBSERVATIONS`, sorted by area, indicator and period."""
    ordered = sorted(observations, key=lambda one: (one.area_scheme, one.area, one.indicator, one.period))
    columns: dict[str, list[object]] = {
        "area": [one.area for one in ordered],
        "area_scheme": [one.area_scheme for one in ordered],
        "area_name": [one.area_name for one in ordered],
        "aggregate": [one.aggregate for one in ordered],
        "indicator": [one.indicator for one in ordered],
        "period": [one.period for one in ordered],
        "value": [None if one.cell.value is None else f"{one.cell.value:f}" for one in ordered],
        "status": [one.cell.status.value for one in ordered],
        "raw": [one.cell.raw for one in ordered],
        "unit": [one.unit for one in ordered],
        "margin": [one.margin for one in ordered],
    }
    return pa.table(columns, schema=OBSERVATIONS)


def agreed(observations: Iterable[Observation]) -> tuple[list[Observation], list[RowProblem]]:
    """Return each figure once, and what the source contradicts itself about.

    Where rows about one area, indicator and period say different things none is taken: the cell is not available, and
    what each says stands in `raw`.
    """
    by_key: dict[tuple[str, str, str, str], list[Observation]] = defaultdict(list)
    for one in observations:
        by_key[one.area_scheme, one.area, one.indicator, one.period].append(one)
    kept: list[Observation] = []
    problems: list[RowProblem] = []
    for found in by_key.values():
        said = list(dict.fromkeys(one.cell.raw for one in found))
        if len(said) == 1:
            kept.append(found[0])
            continue
        one = replace(found[0], cell=Cell(None, CellStatus.NOT_AVAILABLE, " | ".join(said)), margin=None)
        kept.append(one)
        message = f"{one.area} {one.indicator} {one.period} is given as {' and as '.join(said)}"
        problems.append(RowProblem(None, "value", one.area, message, "none was taken; ask the publisher", fatal=False))
    return kept, problems
