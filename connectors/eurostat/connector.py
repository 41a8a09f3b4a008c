"""Eurostat, the statistical office of the European Union: a dataset by area and period. It lists no places.

The vintage is `updated` in the dataset. An answer without a single value is no state of anything: a code was wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote, urlencode

from connectors.client import Client, Question
from connectors.errors import NothingThere, RequestRefused
from connectors.eurostat.answers import SOURCE, classify, later
from connectors.eurostat.cube import Cube, Position, read_cube
from connectors.eurostat.flags import FLAGS, read_cell, unexplained
from connectors.observations import Observation, observation_table
from connectors.outcomes import require
from connectors.snapshot import Provenance, Snapshot
from geodata.coverage import CoverageManifest
from geodata.rows import RowProblem

ENDPOINT = "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0"

#: Population on 1 January in every NUTS 3 region.
_POPULATION = {"dataset": "demo_r_pjanaggr3", "filters": "sex=T; age=TOTAL", "level": "nuts3", "last": "1"}
_OPTIONS = {"level": "geoLevel", "since": "sinceTimePeriod", "until": "untilTimePeriod", "last": "lastTimePeriod"}
_MOST = 500_000  # cells in one snapshot
_AREA, _TIME, _UNIT = "geo", "time", "unit"


class EurostatConnector:
    """Datasets of Eurostat."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "Eurostat: any dataset by area and period, e.g. population by NUTS region"
    needs: ClassVar[Mapping[str, str]] = {}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring one dataset.

        Options: `dataset`, `filters` (`geo=DE,FR; sex=T`), `level` (country, nuts1, nuts2, nuts3 …), `since`, `until`,
        `last` (periods); population by NUTS 3 region in the last year unless a dataset is named; `endpoint`.
        """
        request = request if "dataset" in request else {**_POPULATION, **request}
        asked = _Asked.of(request, request.get("source") or SOURCE)
        url = f"{request.get('endpoint', ENDPOINT).rstrip('/')}/data/{quote(asked.dataset, safe='')}"
        answer = client.get(Question(asked.source, f"{url}?{asked.query}", later=later, read_s=120.0))
        if not require(classify(answer), source=asked.source, asked=asked.dataset):
            raise _nothing(read_cube(answer), asked)
        cube = read_cube(answer)
        observations = _observations(cube, asked)
        return Snapshot(
            provenance=Provenance(
                source=asked.source,
                title=f"Eurostat, {cube.label} ({asked.dataset})",
                endpoint=url,
                vintage=cube.updated,
                vintage_kind="last update of the dataset",
                licence="CC BY 4.0",
                licence_url="https://ec.europa.eu/eurostat/help/copyright-notice",
                attribution=f"Eurostat, {asked.dataset}",
                caveats=_caveats(cube),
            ),
            coverage=CoverageManifest(
                lowest_level=request.get("level", "area of the dataset"),
                notes=("figures by area; no places are listed", *_legend(cube, asked.dataset)),
            ),
            exchanges=(answer.exchange,),
            observations=observation_table(observations),
            problems=_problems(cube, asked),
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for, read from the options."""

    source: str
    dataset: str
    filters: tuple[tuple[str, str], ...]
    query: str

    @classmethod
    def of(cls, request: Mapping[str, str], source: str) -> _Asked:
        filters: list[tuple[str, str]] = []
        for part in filter(str.strip, request.get("filters", "").split(";")):
            name, given, codes = part.partition("=")
            if not given or not codes.strip():
                msg = f"{part.strip()!r} is no filter"
                raise RequestRefused(msg, source=source, hint="write filters as geo=DE,FR; sex=T")
            filters += [(name.strip(), code.strip()) for code in codes.split(",")]
        times = [(_OPTIONS[name], request[name]) for name in _OPTIONS if name in request]
        query = urlencode([("format", "JSON"), ("lang", "EN"), *filters, *times])
        return cls(source, request["dataset"].strip(), tuple(filters), query)


def _observations(cube: Cube, asked: _Asked) -> list[Observation]:
    areas, times = cube.dimension(_AREA), cube.dimension(_TIME)
    if areas is None or times is None:
        others = ", ".join(one.name for one in cube.dimensions)
        msg = f"{asked.dataset} is not by {_AREA} and {_TIME}, but by {others}"
        raise RequestRefused(msg, source=asked.source, hint="name a dataset by area and period")
    if cube.size > _MOST:
        msg = f"{asked.dataset} has {cube.size:,} cells as asked for"
        raise RequestRefused(msg, source=asked.source, hint=f"filter it, to at most {_MOST:,}")
    units = cube.dimension(_UNIT)
    names = {code: areas.labels.get(code) for code in areas.codes}
    return [
        Observation(
            area=position.codes[_AREA],
            area_scheme="eurostat-geo",
            area_name=names[position.codes[_AREA]],
            indicator=_indicator(position, asked.dataset),
            period=position.codes[_TIME],
            cell=read_cell(position.value, position.flags, there=position.there),
            aggregate=_is_aggregate(position.codes[_AREA]),
            unit=units.labels.get(position.codes[_UNIT]) if units else None,
        )
        for position in cube.positions()
    ]


def _indicator(position: Position, dataset: str) -> str:
    """Return the dataset with the codes of all dimensions but area and time, in its order."""
    codes = [code for name, code in position.codes.items() if name not in {_AREA, _TIME}]
    return f"{dataset}:{'.'.join(codes)}"


def _is_aggregate(area: str) -> bool:
    """Return whether a code is that of several countries: EU27_2020, EA20, EFTA. Greece is EL, and Estonia EE."""
    return area.startswith(("EU", "EA", "EFTA", "EEA")) or "_" in area


def _legend(cube: Cube, dataset: str) -> tuple[str, ...]:
    others = [one for one in cube.dimensions if one.name not in {_AREA, _TIME}]
    told = [
        f"{one.name}: {', '.join(f'{code} {one.labels.get(code, code)}' for code in one.codes[:20])}" for one in others
    ]
    return (f"indicators are {dataset}:{'.'.join(one.name for one in others)}", *told)


def _caveats(cube: Cube) -> tuple[str, ...]:
    flagged = Counter(flag for flags in cube.flags.values() for flag in flags if flag in FLAGS)
    return tuple(f"{flag} ({FLAGS[flag]}) stands beside {number:,} cells" for flag, number in sorted(flagged.items()))


def _problems(cube: Cube, asked: _Asked) -> tuple[RowProblem, ...]:
    """Name what was asked for and is not there, periods without figures, and flags that have no meaning here."""
    there = {one.name: set(one.codes) for one in cube.dimensions}
    missing = [
        RowProblem(None, name, code, f"{name}={code} is not in the answer", "check the code", fatal=False)
        for name, code in asked.filters
        if code not in there.get(name, ())
    ]
    with_values = {position.codes.get(_TIME) for position in cube.positions() if position.value is not None}
    times = cube.dimension(_TIME)
    silent = [
        RowProblem(None, _TIME, code, f"{code} is announced without a value", "its cells are absent", fatal=False)
        for code in (times.codes if times else ())
        if code not in with_values
    ]
    strange = sorted({flag for flags in cube.flags.values() for flag in unexplained(flags)})
    unknown = [
        RowProblem(None, "status", flag, f"the flag {flag!r} is not known", "its figures are unreliable", fatal=False)
        for flag in strange
    ]
    return (*missing, *silent, *unknown)


def _nothing(cube: Cube, asked: _Asked) -> NothingThere:
    """Say what an answer without any value was asked for, and which dimension has no code left."""
    empty = [one.name for one in cube.dimensions if not one.codes]
    where = f" ({', '.join(empty)} has no code left)" if empty else ""
    msg = f"{asked.dataset} gives no value for {asked.query}{where}"
    return NothingThere(msg, source=asked.source, hint="check the codes: classifications are renamed, Greece is EL")
