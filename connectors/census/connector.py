"""US Census Data API: counts and estimates by area, with their margins and the reasons for what is not published.

A key is required since May 2026; it is free and travels in the query, so it is redacted everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from connectors.census.answers import SOURCE, classify, read_estimate, read_rows
from connectors.client import Client, Question
from connectors.errors import AccessRefused, SourceChanged
from connectors.observations import Observation, observation_table
from connectors.outcomes import Outcome, agreed_shape, require
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.countcoverage import Basis, CountCoverage, Disclosure, Treatment, Universe
from geodata.coverage import CoverageManifest

ENDPOINT = "https://api.census.gov/data"

#: Variables in one call, by the rules of the service; NAME and GEO_ID are two of them.
MOST_VARIABLES = 50

_NATIVE_AREAS = "american indian area/alaska native area/hawaiian home land:*"
_KEY_HINT = "get a free key at https://api.census.gov/data/key_signup.html and set UNCOUNTED_CENSUS_KEY"
_NOTICE = "This product uses the Census Bureau Data API but is not endorsed or certified by the Census Bureau."
_NOISE = "differential-privacy noise: small areas can be off by several persons; only state totals are exact"


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked, apart from the variables."""

    source: str
    url: str
    parameters: Mapping[str, str]
    asked: str  # in a few words, without the key


class CensusConnector:
    """Decennial counts and American Community Survey estimates."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "US Census Bureau: decennial counts and American Community Survey estimates by area"
    needs: ClassVar[Mapping[str, str]] = {"key": "a free key from the Census Bureau (UNCOUNTED_CENSUS_KEY)"}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring variables for every area of one kind.

        Options: `key`; `year` and `dataset` (2020 and dec/pl unless said); `variables` (parted by commas); `for`
        and `in` (geography, e.g. `county:*` and `state:06`; all American Indian, Alaska Native and Hawaiian areas
        unless said); `POPGROUP`; `endpoint`. Without data there is an empty snapshot that says so.
        """
        source = request.get("source") or SOURCE
        if not request.get("key"):
            msg = "the Census Data API asks for a key"
            raise AccessRefused(msg, source=source, hint=_KEY_HINT)
        year, dataset = request.get("year", "2020"), request.get("dataset", "dec/pl").strip("/")
        variables = tuple(
            part.strip() for part in request.get("variables", "P1_001N,P1_005N").split(",") if part.strip()
        )
        geography = {"for": request.get("for", _NATIVE_AREAS)} | {
            k: request[k] for k in ("in", "POPGROUP") if k in request
        }
        url = f"{request.get('endpoint', ENDPOINT).rstrip('/')}/{year}/{dataset}"
        ask = _Ask(source, url, {**geography, "key": request["key"]}, f"{year}/{dataset} for {geography['for']}")
        rows, exchanges = _rows(client, ask, _columns(variables, survey="acs" in dataset))
        caveats = [_NOTICE]
        caveats += [_NOISE] if dataset.startswith("dec/") and year == "2020" else []
        caveats += [] if rows else [f"no data are published for {', '.join(variables)} ({ask.asked})"]
        return Snapshot(
            provenance=Provenance(
                source=source,
                title=f"US Census Bureau, {dataset} {year}",
                endpoint=url,
                vintage=f"{year}/{dataset}",
                vintage_kind="release",
                licence="US public domain",
                licence_url="https://www.census.gov/data/developers/about/terms-of-service.html",
                attribution="US Census Bureau",
                caveats=tuple(caveats),
            ),
            coverage=CoverageManifest(
                lowest_level=geography["for"].partition(":")[0],
                countries=frozenset({"USA"}),
                universe="resident population",
                counts=_read_as(dataset),
                notes=("figures by area; no places are listed",),
            ),
            exchanges=tuple(exchanges),
            observations=observation_table(_observations(rows, variables, year)),
        )


def _read_as(dataset: str) -> CountCoverage:
    """Return how numbers of a dataset are to be read; those of surveys have margins at 90 %, each its own."""
    if "acs" in dataset:
        margins = Disclosure(Treatment.MARGIN, level=90)
        return CountCoverage(Basis.SURVEY, universe=Universe.USUAL_RESIDENTS, disclosure=margins)
    return CountCoverage(Basis.CENSUS, universe=Universe.USUAL_RESIDENTS)


def split(columns: Sequence[tuple[str, ...]], most: int = MOST_VARIABLES) -> list[tuple[str, ...]]:
    """Return calls of at most `most` variables, each with NAME and GEO_ID; a variable stays with its annotations."""
    calls: list[tuple[str, ...]] = []
    call: tuple[str, ...] = ("NAME", "GEO_ID")
    for group in columns:
        if len(call) + len(group) > most:
            calls.append(call)
            call = ("NAME", "GEO_ID")
        call += group
    return [*calls, call]


def _columns(variables: Sequence[str], *, survey: bool) -> list[tuple[str, ...]]:
    """Return each variable with its annotation and margin columns, which surveys have."""
    return [
        (one, f"{one}A", f"{one[:-1]}M", f"{one[:-1]}MA") if survey and one.endswith("E") else (one,)
        for one in variables
    ]


def _rows(
    client: Client, ask: _Ask, columns: Sequence[tuple[str, ...]]
) -> tuple[list[dict[str, str | None]], list[Exchange]]:
    joined: dict[str, dict[str, str | None]] = {}
    exchanges: list[Exchange] = []
    for number, call in enumerate(split(columns)):
        answer = client.get(Question(ask.source, ask.url, {"get": ",".join(call), **ask.parameters}))
        exchanges.append(answer.exchange)
        found = classify(answer)
        hint = _KEY_HINT if found.outcome is Outcome.ACCESS_PROBLEM else None
        usable = require(found, source=ask.source, asked=ask.asked, hint=hint)
        rows = read_rows(answer) if usable else []
        with agreed_shape(ask.source, "GEO_ID"):
            part = {str(row["GEO_ID"]): row for row in rows}
        if len(part) != len(rows) or (number and set(part) != set(joined)):
            msg = f"{ask.asked}: the parts of the table do not fit together on GEO_ID"
            raise SourceChanged(msg, source=ask.source, hint="try again; tell the maintainers if it stays")
        joined = {area: {**joined.get(area, {}), **row} for area, row in part.items()}
    return list(joined.values()), exchanges


def _observations(rows: list[dict[str, str | None]], variables: Sequence[str], year: str) -> list[Observation]:
    observations = []
    with agreed_shape(SOURCE, "a row of the table"):
        for row in rows:
            for variable in variables:
                cell, margin = read_estimate(row, variable)
                observations.append(
                    Observation(
                        area=str(row["GEO_ID"]),
                        area_scheme="us-geoidfq",
                        area_name=row.get("NAME"),
                        indicator=variable,
                        period=year,
                        cell=cell,
                        margin=margin,
                    )
                )
    return observations
