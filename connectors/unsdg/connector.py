"""UN SDG database: indicator series by country and region, as of a release.

The vintage is the release, e.g. 2026.Q1.G.02, from the list of series: codes of series change between releases.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

import pycountry

from connectors.bulk.local import read_as_exchange
from connectors.client import Answer, Client, Question
from connectors.errors import RequestRefused, SourceChanged
from connectors.observations import observation_table
from connectors.outcomes import require
from connectors.snapshot import Exchange, Provenance, Snapshot
from connectors.unsdg.answers import SOURCE, Asked, beside, classify, read_observations, read_page, read_releases
from connectors.unsdg.bulk import read_bulk
from geodata.countries import UnknownCountry, country_code
from geodata.coverage import CoverageManifest

ENDPOINT = "https://unstats.un.org/sdgs/UNSDGAPIV5/v1/sdg"

#: Slum population, extreme poverty, and births that are registered, unless `series` names others.
_SERIES = "EN_LND_SLUM,SI_POV_DAY1,SG_REG_BRTH"

_READ_S = 120.0
_PAGE_ROWS = 1_000
_PAGES = 2_000
_PAUSE_S = 0.3  # between questions; the service names no limit
_CHANGED = "a filter has another name now; tell the maintainers of the connector"
_CAVEATS = (
    "series differ in what their whole is: there is no one headline row",
    "some series keep the terms of the agency that provides them",
)


class UnSdgConnector:
    """Series of the SDG indicators."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "UN SDG database: indicator series by country, region and breakdown"
    needs: ClassVar[Mapping[str, str]] = {}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring series for countries, or for all countries and regions.

        Options: `series` (codes parted by commas), `areas` (countries, or M49 numbers of regions; all unless said),
        `years` (2015, or 2015:2020), `release` (the latest unless said), `endpoint`. Or `path` of a bulk file.
        """
        source = request.get("source") or SOURCE
        if request.get("path"):
            return _from_file(Path(request["path"]), request, source)
        reader = _Reader(client, request.get("endpoint", ENDPOINT).rstrip("/"), source)
        codes = _codes(request)
        releases = reader.releases(codes, request.get("release"))
        areas, years = _areas(request.get("areas", ""), source), _years(request.get("years", ""), source)
        rows = [row for code in codes for row in reader.rows(Asked(code, areas, years), releases[code])]
        latest = max(releases.values())
        older = tuple(f"{code} is of release {one}" for code, one in releases.items() if one != latest)
        nothing = () if rows else ("nothing is published for these series, areas and years; check the areas",)
        caveats = (*_CAVEATS, *older, *nothing)
        return _snapshot(rows, tuple(reader.exchanges), _provenance(source, reader.endpoint, latest, caveats))

    def state(self, client: Client, request: Mapping[str, str]) -> str | None:
        """Return the release of each series."""
        if request.get("path"):
            return None
        reader = _Reader(client, request.get("endpoint", ENDPOINT).rstrip("/"), request.get("source") or SOURCE)
        releases = reader.releases(_codes(request), request.get("release"))
        return ", ".join(f"{code} {release}" for code, release in releases.items()) or None


class _Reader:
    """One sync: asks page after page and remembers every exchange."""

    def __init__(self, client: Client, endpoint: str, source: str) -> None:
        self.endpoint = endpoint
        self.exchanges: list[Exchange] = []
        self._client, self._source = client, source

    def releases(self, codes: Sequence[str], wanted: str | None) -> dict[str, str]:
        """Return the release of each series: the wanted one, else its latest. Raises `RequestRefused`."""
        answer = self._ask("Series/List", [("allreleases", "true")] if wanted else [])
        require(classify(answer), source=self._source, asked="Series/List")
        known = read_releases(answer)
        found: dict[str, str] = {}
        for code in codes:
            held = known.get(code, [])
            if not held or (wanted and wanted not in held):
                msg = f"there is no series {code}" + (f" in release {wanted}" if wanted else "")
                raise RequestRefused(msg, source=self._source, hint="series codes change between releases: look it up")
            found[code] = wanted or held[-1]
        return found

    def rows(self, asked: Asked, release: str) -> list[Mapping[str, Any]]:
        """Return all rows of a series. Raises `SourceChanged` when others came, or not all."""
        filters = [("seriesCode", asked.series), ("releaseCode", release)]
        filters += [("areaCode", area) for area in sorted(asked.areas)]
        filters += [("timePeriod", str(year)) for year in asked.years]
        rows: list[Mapping[str, Any]] = []
        for number in range(1, _PAGES + 1):
            answer = self._ask("Series/Data", [*filters, ("pageSize", str(_PAGE_ROWS)), ("page", str(number))])
            require(classify(answer), source=self._source, asked=asked.series)
            page = read_page(answer)
            if foreign := beside(page.rows, asked):
                msg = f"{asked.series}: {foreign} came, which was not asked for: the service ignored a filter"
                raise SourceChanged(msg, source=self._source, hint=_CHANGED)
            rows += page.rows
            self._client.progress(len(rows), page.total, "rows fetched")
            if len(page.rows) < _PAGE_ROWS or (page.pages is not None and number >= page.pages):
                break
        if page.total is not None and len(rows) != page.total:
            msg = f"{asked.series}: {len(rows)} rows came where {page.total} were announced"
            raise SourceChanged(msg, source=self._source, hint="try again; tell the maintainers if it stays")
        return rows

    def _ask(self, path: str, filters: list[tuple[str, str]]) -> Answer:
        if self.exchanges:
            time.sleep(_PAUSE_S)
        query = f"?{urlencode(filters)}" if filters else ""
        answer = self._client.get(Question(self._source, f"{self.endpoint}/{path}{query}", read_s=_READ_S))
        self.exchanges.append(answer.exchange)
        return answer


def _codes(request: Mapping[str, str]) -> list[str]:
    return [code.strip() for code in request.get("series", _SERIES).split(",") if code.strip()]


def _areas(text: str, source: str) -> frozenset[str]:
    """Return M49 numbers without leading zeros, as the service has them."""
    found = set()
    for area in (part.strip() for part in text.split(",") if part.strip()):
        if area.isdigit():
            found.add(area.lstrip("0"))
            continue
        try:
            country = pycountry.countries.get(alpha_3=country_code(area))
        except UnknownCountry as error:
            raise RequestRefused(str(error), source=source, hint=error.hint) from error
        if country is None:  # Kosovo, which has no ISO number
            msg = f"{area} has no M49 number of its own"
            raise RequestRefused(msg, source=source, hint="give the number the database uses")
        found.add(country.numeric.lstrip("0"))
    return frozenset(found)


def _years(text: str, source: str) -> tuple[int, ...]:
    first, _, last = (part.strip() for part in text.partition(":"))
    if not first:
        return ()
    if not (first.isdigit() and (last or first).isdigit()) or int(last or first) < int(first):
        msg = f"years={text} cannot be read"
        raise RequestRefused(msg, source=source, hint="give a year such as 2015, or years such as 2015:2020")
    return tuple(range(int(first), int(last or first) + 1))


def _from_file(path: Path, request: Mapping[str, str], source: str) -> Snapshot:
    exchange = read_as_exchange(path, source)
    rows = read_bulk(path.read_bytes(), path.name, source)
    release = request.get("release", "not stated in the file")
    return _snapshot(rows, (exchange,), _provenance(source, f"file:{path.name}", release, _CAVEATS))


def _provenance(source: str, endpoint: str, release: str, caveats: tuple[str, ...]) -> Provenance:
    return Provenance(
        source=source,
        title="UN Statistics Division, Global SDG Indicators Database",
        endpoint=endpoint,
        vintage=release,
        vintage_kind="release",
        licence="UN data terms of use: free reuse with attribution",
        licence_url="https://data.un.org/Host.aspx?Content=UNdataUse",
        attribution="United Nations Statistics Division, Global SDG Indicators Database",
        caveats=caveats,
    )


def _snapshot(rows: Sequence[Mapping[str, Any]], exchanges: tuple[Exchange, ...], said: Provenance) -> Snapshot:
    observations, problems = read_observations(rows)
    return Snapshot(
        provenance=said,
        coverage=CoverageManifest(
            lowest_level="country",
            kinds=frozenset({"country"}),
            notes=("figures by country and region; no places are listed",),
        ),
        exchanges=exchanges,
        observations=observation_table(observations),
        problems=problems,
    )
