"""Series: the points of each coordinate as observations, and what is said of those that failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from connectors.observations import Observation
from connectors.outcomes import agreed_shape
from connectors.statcan.answers import SOURCE, Item
from connectors.statcan.cubes import Cube
from connectors.statcan.points import read_cell, read_period, rounded_at_random
from geodata.cells import Cell, CellStatus
from geodata.rows import RowProblem

#: Tables of the census of population begin with these digits.
_CENSUS = "9810"
_UNITS = {"Persons": "persons", "Number of persons": "persons", "Households": "households"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One series asked for, and what came: `name` is its vector or coordinate as the user may have written it."""

    name: str
    cube: Cube
    coordinate: str
    item: Item


def observe(series: Iterable[Asked], units: Mapping[int, str]) -> tuple[list[Observation], tuple[RowProblem, ...]]:
    """Return the observations of all series, those that failed as absent cells of the same periods, and a word on them.

    Tables of the census leave some zeros out and answer with a failure, which is no zero until somebody says so.
    """
    series = list(series)
    with agreed_shape(SOURCE, "a series"):
        observed = [one for asked in series if asked.item.usable for one in _points(asked, units)]
    failed = [asked for asked in series if not asked.item.usable]
    periods: dict[str, set[str]] = {}
    for one in observed:
        periods.setdefault(one.indicator, set()).add(one.period)
    absent = [
        _observation(asked, period, _absent(asked.item), units)
        for asked in failed
        for period in sorted(periods.get(asked.cube.indicator(asked.coordinate), ()))
    ]
    return [*observed, *absent], problems([(asked.name, asked.item) for asked in failed], len(series))


def problems(failed: list[tuple[str, Item]], of: int) -> tuple[RowProblem, ...]:
    """Return one problem for each way in which series failed, with the first names."""
    by_reason: dict[str, list[str]] = {}
    for name, item in failed:
        by_reason.setdefault(item.found.said, []).append(name)
    return tuple(
        RowProblem(
            None,
            "series",
            names[0],
            f"{len(names)} of {of} series failed ({said}): {', '.join(names[:3])}{' …' if len(names) > 3 else ''}",  # noqa: PLR2004 - enough to look one up
            "check them; tables of the census leave out some that are zero",
        )
        for said, names in sorted(by_reason.items())
    )


def is_census(cube: Cube) -> bool:
    """Return whether a table is one of the census of population."""
    return cube.id.startswith(_CENSUS)


def _points(asked: Asked, units: Mapping[int, str]) -> Iterator[Observation]:
    for point in asked.item.object["vectorDataPoint"]:
        cell = read_cell(point)
        cell = rounded_at_random(cell) if is_census(asked.cube) else cell
        yield _observation(asked, read_period(point, int(point["frequencyCode"])), cell, units)


def _observation(asked: Asked, period: str, cell: Cell, units: Mapping[int, str]) -> Observation:
    area = asked.cube.area(asked.coordinate)
    unit = units.get(asked.cube.unit(asked.coordinate))
    return Observation(
        area=area.code,
        area_scheme=area.scheme,
        area_name=area.name,
        indicator=asked.cube.indicator(asked.coordinate),
        period=period,
        cell=cell,
        aggregate=area.aggregate,
        unit=_UNITS.get(unit, unit) if unit else None,
    )


def _absent(item: Item) -> Cell:
    return Cell(None, CellStatus.ABSENT_CELL, item.found.said)
