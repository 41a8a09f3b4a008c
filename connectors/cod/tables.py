"""A COD table read: its units as places, its figures as observations, and what is doubtful about either."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.cod.layouts import Layout, layout_of
from connectors.cod.pcodes import Known, Unit, check_pcodes
from connectors.observations import Observation, agreed
from geodata.cells import Cell, CellStatus
from geodata.files.cellwise import cleaned
from geodata.files.columns import Defaults, read_places
from geodata.files.headers import Side
from geodata.files.sheet import Table
from geodata.places import Places
from geodata.rows import RowProblem

#: What OCHA's levels are, roughly; the publisher's own word stands in `level`.
_KINDS = {0: "country", 1: "region", 2: "district", 3: "municipality", 4: "ward"}

_PLAIN = re.compile(r"\d+(\.\d+)?|\d{1,3}([,\u00a0\u202f ]\d{3})+")
_WHOLE = "T_TL"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known about a table from outside it."""

    country: str | None = None  # alpha-3
    period: str = ""  # the year its figures are about
    counted: bool = True  # the whole comes from a census, not from an estimate
    derived: bool = False  # the parts by sex and age are derived from ratios of upper levels
    reference: Mapping[str, Known] = field(default_factory=dict)


@dataclass(frozen=True)
class Units:
    """The units of a table, and the figures about them."""

    level: int
    places: Places
    observations: tuple[Observation, ...]
    problems: tuple[RowProblem, ...]
    valid_on: str | None  # the latest day a row says it is valid on


@dataclass(frozen=True, slots=True)
class _Figure:
    unit: Unit
    group: str
    raw: str
    period: str


def read_units(table: Table, told: Told) -> Units:
    """Read a table of any COD layout. Raises `layouts.NoUnits`, and `ValueError` for other columns than agreed.

    Rows without a P-code are left out; where rows of one P-code say different numbers, none of them is taken.
    """
    table = cleaned(table)
    layout = layout_of([name for name in table.headers if table.columns.column(name).null_count < len(table)])
    units = _units(table, layout)
    lost = [
        RowProblem(int(row), layout.codes[layout.level], None, "has no P-code", "the row was left out")
        for row, unit in zip(table.rows.tolist(), units, strict=True)
        if unit is None
    ]
    known = [unit for unit in units if unit is not None]
    each = list({unit.code: unit for unit in reversed(known)}.values()) if layout.long else known
    figures = list(_figures(table, layout, units, told))
    observations, doubts = _observations(figures, told, layout.scheme)
    totals = {one.area: one for one in observations if one.indicator == _WHOLE}
    places, more = _places(table, layout, units, _Whole(totals, told.country))
    problems = (*lost, *check_pcodes(each, told.reference), *doubts, *_suspicious(observations), *more)
    return Units(layout.level, places, observations, problems, _latest(table))


def _units(table: Table, layout: Layout) -> list[Unit | None]:
    code, name, parent = (
        _texts(table, header)
        for header in (
            layout.codes[layout.level],
            layout.names.get(layout.level),
            layout.codes.get(layout.level - 1),
        )
    )
    rows = zip(table.rows.tolist(), code, name, parent, strict=True)
    return [Unit(row, code, name or "", parent) if code else None for row, code, name, parent in rows]


def _figures(table: Table, layout: Layout, units: Sequence[Unit | None], told: Told) -> Iterator[_Figure]:
    if layout.long:
        columns = {header.casefold(): header for header in table.headers}
        group, raw, year = (
            _texts(table, columns.get(one)) for one in ("population_group", "population", "reference_year")
        )
        for unit, which, cell, period in zip(units, group, raw, year, strict=True):
            if unit is not None and which:
                yield _Figure(unit, which, cell or "", period or told.period)
        return
    for which, header in layout.groups.items():
        for unit, cell in zip(units, _texts(table, header), strict=True):
            if unit is not None:
                yield _Figure(unit, which, cell or "", told.period)


def _observations(
    figures: Sequence[_Figure], told: Told, scheme: str
) -> tuple[tuple[Observation, ...], list[RowProblem]]:
    problems: list[RowProblem] = []
    observations = []
    for one in figures:
        cell = _cell(one.raw, _status(one.group, told))
        if cell is None:
            cell = Cell(None, CellStatus.NOT_AVAILABLE, one.raw)
            message, hint = "is not a number of people", "the figure was set aside"
            problems.append(RowProblem(one.unit.row, one.group, one.raw, message, hint, fatal=False))
        name = one.unit.name or None
        observations.append(Observation(one.unit.code, scheme, name, one.group, one.period, cell, unit="persons"))
    kept, contradictions = agreed(observations)
    return tuple(kept), problems + contradictions


def _status(group: str, told: Told) -> CellStatus:
    part = group != _WHOLE
    return CellStatus.ESTIMATED if not told.counted or (part and told.derived) else CellStatus.OBSERVED


def _cell(raw: str, status: CellStatus) -> Cell | None:
    """Return the cell, None for what is no number; an empty one is not available."""
    if not raw:
        return Cell(None, CellStatus.NOT_AVAILABLE, raw)
    if not _PLAIN.fullmatch(raw):
        return None
    value = Decimal(re.sub(r"[,\s\u00a0\u202f]", "", raw))
    return Cell(value, status if value else CellStatus.TRUE_ZERO, raw)


def _suspicious(observations: Sequence[Observation]) -> Iterator[RowProblem]:
    """Tell of units where as many women as men live, to the last one: derived, not counted."""
    totals: dict[tuple[str, str], dict[str, Decimal | None]] = defaultdict(dict)
    for one in observations:
        if one.indicator in {"F_TL", "M_TL"}:
            totals[one.area, one.period][one.indicator] = one.cell.value
    for (code, _), said in totals.items():
        women = said.get("F_TL")
        if women and women == said.get("M_TL"):
            message = f"{code} has as many women as men, {women:,}: likely derived, not counted"
            yield RowProblem(None, "F_TL and M_TL", code, message, "do not take them for counts by sex", fatal=False)


@dataclass(frozen=True, slots=True)
class _Whole:
    """How many people live in each unit, by its code; and the country of all units, where it is known."""

    totals: Mapping[str, Observation]
    country: str | None


def _places(
    table: Table, layout: Layout, units: Sequence[Unit | None], whole: _Whole
) -> tuple[Places, tuple[RowProblem, ...]]:
    """Return every unit once, with its codes as text, its names, and how many people live there."""
    seen: set[str] = set()
    keep = np.zeros(len(table), dtype=bool)
    for row, unit in enumerate(units):
        keep[row] = unit is not None and unit.code not in seen
        seen |= {unit.code} if unit else set()
    left = {*layout.groups.values(), *(one for one in table.headers if one.casefold() in _LONG)}
    kept = table.take(keep)
    columns = {header: kept.columns.column(header) for header in kept.headers if header not in left}
    code = layout.codes[layout.level]
    counted = [whole.totals.get(one) for one in kept.columns.column(code).to_pylist()]
    columns["T_TL"] = pa.array([_shown(one) for one in counted], pa.string())
    columns["count date"] = pa.array([_middle(one) for one in counted], pa.string())
    mapping = {"id": code, "count.persons": "T_TL"}
    mapping |= {"admin.pcode": code} if layout.scheme == "pcode" else {"country": code}
    if layout.level in layout.names:
        mapping["name"] = layout.names[layout.level]
    if above := layout.codes.get(layout.level - 1):
        columns["parent pcode"] = kept.columns.column(above)  # beside its place among the administrative units
    spoken = {f"name {language}": columns.pop(header) for header, language in layout.languages if language}
    others = [pc.fill_null(columns.pop(header), "") for header, language in layout.languages if not language]
    if others:
        spoken["other names"] = pc.binary_join_element_wise(*others, ";")
    columns |= spoken
    centre = {header.casefold(): header for header in columns}
    mapping |= {part: centre[name] for part, name in (("lat", "center_lat"), ("lon", "center_lon")) if name in centre}
    defaults = Defaults(whole.country, kind=_KINDS.get(layout.level, "administrative_unit"), level=f"adm{layout.level}")
    plain = Table(pa.table(columns), kept.rows, kept.problems, kept.shapes)
    reading = read_places(plain, Side.OFFICIAL, mapping, defaults)
    return reading.places, reading.problems


def _shown(one: Observation | None) -> str | None:
    if one is None:
        return None
    return "not available" if one.cell.value is None else f"{one.cell.value:f}"


def _middle(one: Observation | None) -> str | None:
    """Return the middle of the year a count is about, as counts of a year are dated elsewhere."""
    return f"{one.period}-07-01" if one is not None and re.fullmatch(r"\d{4}", one.period) else None


#: Columns of the global file that belong to a figure, not to a unit.
_LONG = {"population_group", "gender", "age_range", "age_min", "age_max", "population", "reference_year"}


def _texts(table: Table, header: str | None) -> list[str | None]:
    if header is None:
        return [None] * len(table)
    return table.columns.column(header).to_pylist()  # type: ignore[no-any-return]


def _latest(table: Table) -> str | None:
    columns = [header for header in table.headers if header.casefold() in {"valid_on", "validon"}]
    days = [day[:10] for header in columns for day in _texts(table, header) if day]
    return max((day for day in days if re.fullmatch(r"\d{4}-\d\d-\d\d", day)), default=None)
