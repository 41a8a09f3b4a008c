"""The rows of a data message, as observations, by what the description says of its dimensions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

from connectors.errors import SourceChanged
from connectors.observations import Observation, agreed
from connectors.outcomes import agreed_shape
from connectors.sdmx.cells import UnknownValue, read_cell, status_of
from connectors.sdmx.description import Description
from connectors.sdmx.message import Message, Row
from connectors.sdmx.question import Asked
from geodata.cells import Cell, CellStatus
from geodata.countries import known_country
from geodata.rows import RowProblem

_HINT = "what was fetched before stays in use; mend the description of the source, or tell its maintainers"
_COUNTRIES = frozenset({"iso3166-1-a2", "iso3166-1-a3", "m49"})
_MOMENTS = ("%d/%m/%y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%y", "%d/%m/%Y")  # Eurostat's, in SDMX-CSV


@dataclass(frozen=True, slots=True)
class Read:
    """What a message came to."""

    observations: tuple[Observation, ...]
    problems: tuple[RowProblem, ...]
    flow: str  # AGENCY:ID(VERSION), as the message says it
    updated: str  # when the figures were last changed; empty when nothing says so
    licence: str  # where the message says it


@dataclass(frozen=True, slots=True)
class Expected:
    """What a message is held against, and what its codes of areas mean."""

    described: Description
    asked: Asked = field(default_factory=Asked)
    names: Mapping[str, str] = field(default_factory=dict)
    source: str = "sdmx"


@dataclass
class _Reading:
    """One message, row by row."""

    expected: Expected
    observations: list[Observation] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)  # statuses nobody knows
    changes: set[str] = field(default_factory=set)
    flow: str = ""
    licence: str = ""
    illegible: int = 0

    @property
    def described(self) -> Description:
        """What the dimensions mean."""
        return self.expected.described

    def take(self, number: int, row: Row) -> None:
        """Take one row. Raises `SourceChanged` when it is not about what was asked for."""
        one = self.described
        if number == 1:
            self._check_columns(row)
        self.flow = self.flow or row.get("DATAFLOW") or row.get("STRUCTURE_ID") or ""
        self.changes.add(row.get(one.updated or "") or "")
        self.licence = self.licence or row.get(one.licence_column or "") or ""
        period = row[one.period] or ""
        for dimension in one.dimensions:
            if not self.expected.asked.holds(dimension, row[dimension]):
                self._ignored(f"{dimension} {row[dimension]}")
        if not self.expected.asked.within(period):
            self._ignored(f"{one.period} {period}")
        area = row[one.area] or ""
        self.observations.append(
            Observation(
                area=area,
                area_scheme=one.area_scheme,
                area_name=self.expected.names.get(area),
                indicator=self._indicator(row),
                period=period,
                cell=self._cell(number, row),
                aggregate=self._aggregate(area),
                unit=self._unit(row),
            )
        )

    def _check_columns(self, row: Row) -> None:
        one = self.described
        needed = (*one.dimensions, one.area, one.period, one.value)
        if missing := [name for name in dict.fromkeys(needed) if name not in row]:
            msg = f"{one.flow} no longer says {', '.join(missing)}; it says {', '.join(row)}"
            raise SourceChanged(msg[:500], source=self.expected.source, hint=_HINT)

    def _ignored(self, what: str) -> None:
        msg = f"{self.described.flow}: {what} came, which was not asked for: the service ignored a filter"
        raise SourceChanged(msg, source=self.expected.source, hint=_HINT)

    def _indicator(self, row: Row) -> str:
        one = self.described
        parts = [name for name in one.dimensions if name not in (one.indicator, one.area)]
        said = (f"{name}={row[name]}" for name in (*parts, *one.breakdowns) if row.get(name))
        return "|".join(((row[one.indicator] or "") if one.indicator else one.flow.id, *said))

    def _cell(self, number: int, row: Row) -> Cell:
        one = self.described
        code = (row.get(one.status) or "").strip()
        status = status_of(code, one.statuses)
        if status is None:
            self.unknown[code] += 1
        value = row[one.value]
        try:
            return read_cell(value, status or CellStatus.OBSERVED, row.get(one.confidentiality))
        except UnknownValue as error:
            self.illegible += 1
            self.problems.append(
                RowProblem(number, one.value, value or "", str(error), "it was set aside", fatal=False)
            )
            return Cell(None, CellStatus.NOT_AVAILABLE, value or "")

    def _unit(self, row: Row) -> str | None:
        unit, power = row.get(self.described.unit), (row.get(self.described.multiplier) or "0").strip()
        return unit if power == "0" else f"{unit or ''} x 10^{power}".strip()

    def _aggregate(self, area: str) -> bool:
        if any(fnmatchcase(area, pattern) for pattern in self.described.aggregates):
            return True
        return self.described.area_scheme in _COUNTRIES and known_country(area) is None


def read_observations(message: Message, expected: Expected) -> Read:
    """Return the observations of a message, each figure once.

    Raises `SourceChanged` when a dimension is missing or new, when other figures came than were asked for, or when
    most values cannot be read.
    """
    described, source = expected.described, expected.source
    _check_order(message, described, source)
    reading = _Reading(expected, flow=message.flow)
    with agreed_shape(source, f"the answer about {described.flow}"):
        for number, row in enumerate(message.rows, start=1):
            reading.take(number, row)
    if reading.illegible * 2 > len(reading.observations):
        msg = f"{described.flow}: {reading.problems[0].message}, nor are most others"
        raise SourceChanged(msg, source=source, hint=_HINT)
    kept, contradictions = agreed(reading.observations)
    return Read(
        observations=tuple(kept),
        problems=(*reading.problems, *_unknown(reading.unknown, described), *contradictions),
        flow=reading.flow or str(described.flow),
        updated=_latest(reading.changes - {""}),
        licence=reading.licence,
    )


def _check_order(message: Message, described: Description, source: str) -> None:
    """Dimensions come before the value in SDMX-CSV: one that is not described parts figures nobody knows how."""
    columns = message.columns
    if not {described.value, *described.dimensions} <= set(columns):
        return  # the rows will tell
    first = min(columns.index(name) for name in described.dimensions)
    between = columns[first : columns.index(described.value)]
    known = {*described.dimensions, *described.breakdowns, described.period, described.updated}
    if new := [name for name in between if name not in known]:
        msg = f"{described.flow} has a new dimension {', '.join(new)}"
        raise SourceChanged(msg, source=source, hint=_HINT)


def _unknown(statuses: Counter[str], described: Description) -> list[RowProblem]:
    hint = "the figures were kept as they are; describe the code under statuses"
    return [
        RowProblem(None, described.status, code, f"status {code} of {rows} figures is not known", hint, fatal=False)
        for code, rows in sorted(statuses.items())
    ]


def _latest(changes: set[str]) -> str:
    """Return the latest of the dates as it is written; by their text where one of them is no date."""
    moments = {_moment(text): text for text in changes}
    return max(changes, default="") if None in moments else moments[max(moments)] if moments else ""  # type: ignore[type-var]


def _moment(text: str) -> str | None:
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        pass
    for form in _MOMENTS:
        try:
            return datetime.strptime(text, form).isoformat()  # noqa: DTZ007 - the zone is not said
        except ValueError:
            continue
    return None
