"""World Bank Indicators API v2: population, growth, urban and rural shares, slums. It lists no places.

The vintage is `lastupdated` in the body (the HTTP dates are those of the request); one indicator may live in several
databases, so `source=` is always sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from connectors.client import Client
from connectors.errors import RequestRefused
from connectors.observations import Observation, observation_table
from connectors.snapshot import Provenance, Snapshot
from connectors.worldbank import archives
from connectors.worldbank.answers import INDICATORS, SOURCE, Country, read_countries, read_observations
from connectors.worldbank.reading import Reader
from geodata.counts.coverage import Basis, CountCoverage, Universe
from geodata.coverage import CoverageManifest
from geodata.rows import RowProblem

ENDPOINT = "https://api.worldbank.org/v2"


class WorldBankConnector:
    """Indicators by country and year."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "World Bank: population, growth, urban, rural and slum indicators by country"
    needs: ClassVar[Mapping[str, str]] = {}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring the indicators for all countries and aggregates.

        Options: `indicators` and `countries` (codes parted by commas), `date` (2015, or 2000:2020; 2000:2030 unless
        said), `database` (the Bank's source number, 2 = World Development Indicators), `version` (YYYYMM: the World
        Development Indicators as they were then, instead of `database`), `endpoint`.
        """
        reader = Reader(client, request.get("endpoint", ENDPOINT).rstrip("/"), request.get("source") or SOURCE)
        asked = _Asked.of(request, reader.source)
        countries = read_countries(reader.rows("country", {}))
        observations, problems = (_archived if asked.version else _present)(reader, asked, countries)
        if not observations:
            msg = f"nothing is published for date={asked.window}"
            raise RequestRefused(msg, source=reader.source, hint="ask for other years or indicators")
        caveats = reader.licences(list(asked.codes), asked.database)
        wdi = asked.database == "2"
        title = "World Bank, World Development Indicators" if wdi else f"World Bank, source {asked.database}"
        return Snapshot(
            provenance=Provenance(
                source=reader.source,
                title=f"{title}, as of {asked.version}" if asked.version else title,
                endpoint=f"{reader.endpoint}/{asked.endpoint}",
                vintage=asked.version or reader.vintage(),
                vintage_kind="version of the archive" if asked.version else "date of database",
                licence="CC BY 4.0",
                licence_url="https://datacatalog.worldbank.org/public-licenses#cc-by",
                attribution="The World Bank: World Development Indicators",
                caveats=caveats,
            ),
            coverage=CoverageManifest(
                lowest_level="country",
                kinds=frozenset({"country"}),
                counts=CountCoverage(Basis.PROJECTION, universe=Universe.DE_FACTO),  # as SP.POP.TOTL is defined
                notes=("figures by country and aggregate; no places are listed",),
            ),
            exchanges=tuple(reader.exchanges),
            observations=observation_table(observations),
            problems=problems,
        )

    def state(self, client: Client, request: Mapping[str, str]) -> str | None:
        """Return the date of the database; of a version of the archive, which names none, nothing."""
        reader = Reader(client, request.get("endpoint", ENDPOINT).rstrip("/"), request.get("source") or SOURCE)
        asked = _Asked.of(request, reader.source)
        if asked.version or not asked.codes:
            return None
        return reader.date_of(f"country/{asked.where}/indicator/{asked.codes[0]}", asked.parameters)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for, read from the options."""

    codes: tuple[str, ...]
    where: str
    window: str
    database: str
    version: str  # of the archive; empty for the database as it is now

    @classmethod
    def of(cls, request: Mapping[str, str], source: str) -> _Asked:
        codes = request.get("indicators", ",".join(INDICATORS)).split(",")
        version = request.get("version", "")
        return cls(
            codes=tuple(code.strip() for code in codes if code.strip()),
            where=";".join(code.strip() for code in request.get("countries", "all").split(",")),
            window=request.get("date", "2000:2030"),
            database="2" if version else request.get("database", "2"),
            version=archives.checked_version(version, source) if version else "",
        )

    @property
    def parameters(self) -> dict[str, str]:
        return {"source": self.database, "date": self.window}

    @property
    def endpoint(self) -> str:
        if self.version:
            return archives.path(self.where, ";".join(self.codes), self.version)
        return f"country/{self.where}/indicator?source={self.database}"


_Found = tuple[list[Observation], tuple[RowProblem, ...]]


def _present(reader: Reader, asked: _Asked, countries: Mapping[str, Country]) -> _Found:
    paths = [f"country/{asked.where}/indicator/{code}" for code in asked.codes]
    rows = [row for path in paths for row in reader.rows(path, asked.parameters)]
    return read_observations(rows, countries, asked.window)


def _archived(reader: Reader, asked: _Asked, countries: Mapping[str, Country]) -> _Found:
    paths = [archives.path(asked.where, code, asked.version) for code in asked.codes]
    rows = [row for path in paths for row in reader.rows(path, {}, archives.ARCHIVE)]
    rows = archives.within(archives.of_version(rows, asked.version, reader.source), asked.window)
    return read_observations(rows, archives.by_letters(countries.values()), asked.window)
