"""World Bank Indicators API v2: population, growth, urban and rural shares, slums. It lists no places.

The vintage is `lastupdated` in the body (the HTTP dates are those of the request); one indicator may live in several
databases, so `source=` is always sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from connectors.client import Answer, Client, Question
from connectors.errors import RequestRefused, SourceChanged, SourceUnavailable
from connectors.observations import observation_table
from connectors.outcomes import require
from connectors.snapshot import Exchange, Provenance, Snapshot
from connectors.worldbank_answers import INDICATORS, SOURCE, classify, read_countries, read_observations, read_page
from geodata.countcoverage import Basis, CountCoverage, Universe
from geodata.coverage import CoverageManifest

ENDPOINT = "https://api.worldbank.org/v2"

_READ_S = 120.0
_PER_PAGE = "5000"


class WorldBankConnector:
    """Indicators by country and year."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "World Bank: population, growth, urban, rural and slum indicators by country"
    needs: ClassVar[Mapping[str, str]] = {}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring the indicators for all countries and aggregates.

        Options: `indicators` and `countries` (codes parted by commas), `date` (2015, or 2000:2020; 2000:2030 unless
        said), `database` (the Bank's source number, 2 = World Development Indicators), `endpoint`.
        """
        reader = _Reader(client, request.get("endpoint", ENDPOINT).rstrip("/"), request.get("source") or SOURCE)
        codes = [code.strip() for code in request.get("indicators", ",".join(INDICATORS)).split(",") if code.strip()]
        window, database = request.get("date", "2000:2030"), request.get("database", "2")
        where = ";".join(code.strip() for code in request.get("countries", "all").split(","))
        countries = read_countries(reader.rows("country", {}))
        rows = [
            row
            for code in codes
            for row in reader.rows(f"country/{where}/indicator/{code}", {"source": database, "date": window})
        ]
        observations, problems = read_observations(rows, countries, window)
        if not observations:
            msg = f"nothing is published for date={window}"
            raise RequestRefused(msg, source=reader.source, hint="ask for other years or indicators")
        caveats = reader.licences(codes, database)
        return Snapshot(
            provenance=Provenance(
                source=reader.source,
                title="World Bank, World Development Indicators"
                if database == "2"
                else f"World Bank, source {database}",
                endpoint=f"{reader.endpoint}/country/{where}/indicator?source={database}",
                vintage=reader.vintage(),
                vintage_kind="date of database",
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


class _Reader:
    """One sync: asks page after page, and remembers every exchange and date of database on the way."""

    def __init__(self, client: Client, endpoint: str, source: str) -> None:
        self.endpoint = endpoint
        self.source = source
        self.exchanges: list[Exchange] = []
        self._client = client
        self._dates: set[str] = set()

    def rows(self, path: str, parameters: Mapping[str, str]) -> list[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = []
        number = 1
        while True:
            asked = {"format": "json", "per_page": _PER_PAGE, "page": str(number), **parameters}
            answer = self._ask(path, asked)
            if not require(classify(answer), source=self.source, asked=path) and number == 1:
                return rows
            page = read_page(answer)
            self._dates |= {page.lastupdated} if page.lastupdated else set()
            rows += page.rows
            if page.page >= page.pages:
                break
            number += 1
        if page.page != number or len(rows) != page.total:
            msg = f"{path}: {len(rows)} rows came where {page.total} were announced"
            raise SourceChanged(msg, source=self.source, hint="try again; tell the maintainers if it stays")
        return rows

    def vintage(self) -> str:
        if len(self._dates) > 1:
            msg = "the database was updated while it was being read"
            raise SourceUnavailable(msg, source=self.source, hint="try again now")
        if not self._dates:
            msg = "the answer does not say when the database was last updated"
            raise SourceChanged(msg, source=self.source, hint="tell the maintainers of the connector")
        return next(iter(self._dates))

    def licences(self, codes: list[str], database: str) -> tuple[str, ...]:
        """Return a caveat for every series whose own licence is not the usual one."""
        path = f"sources/{database}/series/{';'.join(codes)}/metadata"
        answer = self._ask(path, {"format": "json", "per_page": _PER_PAGE})
        try:
            variables = json.loads(answer.text)["source"][0]["concept"][0]["variable"]
            licences = {
                variable["id"]: next(
                    (meta["value"] for meta in variable["metatype"] if meta["id"] == "License_Type"), "not stated"
                )
                for variable in variables
            }
        except (ValueError, KeyError, IndexError, TypeError):
            return ("the licence of each series could not be read; the Bank's default is given",)
        return tuple(f"{code}: licence {terms}" for code, terms in sorted(licences.items()) if not _usual(terms))

    def _ask(self, path: str, parameters: Mapping[str, str]) -> Answer:
        answer = self._client.get(Question(self.source, f"{self.endpoint}/{path}", parameters, read_s=_READ_S))
        self.exchanges.append(answer.exchange)
        return answer


def _usual(terms: str) -> bool:
    return terms.upper().replace("-", " ").replace("  ", " ").strip() == "CC BY 4.0"
