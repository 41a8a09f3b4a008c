"""HDX HAPI v2: population, people in need and displaced people, by country and P-code.

It wants an app identifier: name and e-mail in base64. That is no password but holds an address of a person, so it
travels in a header and is redacted like one. One request a second is what the terms allow.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from connectors.bulk.local import read_as_exchange
from connectors.client import Client, Question
from connectors.errors import AccessRefused, RequestRefused, SourceChanged
from connectors.hapi.answers import SOURCE, THEMES, Theme, classify, read_observations, read_rows
from connectors.hapi.terms import terms_of
from connectors.observations import Observation, observation_table
from connectors.outcomes import Outcome, require
from connectors.probing import digest
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.coverage import CoverageManifest
from geodata.files.cellwise import cleaned
from geodata.files.tables import UnreadableTable, read_table
from geodata.rows import RowProblem

ENDPOINT = "https://hapi.humdata.org/api/v2"

_HEADER = "X-HDX-HAPI-APP-IDENTIFIER"
_HINT = "make one at https://hapi.humdata.org/api/v2/encode_app_identifier and set UNCOUNTED_HAPI_APP_IDENTIFIER"
_PAUSE_S = 1.0
_LIMIT = 10_000  # rows in a page; the most that is given
_PAGES = 1_000
_FILTERS = ("location_code", "admin1_code", "admin2_code", "admin_level", "gender", "age_range", "has_hrp", "in_gho")
_OVERLAP = "groups overlap (all with f and m, levels with one another): take one cell of each before adding up"


class HapiConnector:
    """Humanitarian figures by area."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "OCHA HDX HAPI: population, people in need, displaced people by country and P-code"
    needs: ClassVar[Mapping[str, str]] = {"app_identifier": "base64 of name:e-mail (UNCOUNTED_HAPI_APP_IDENTIFIER)"}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring the figures of one theme.

        Options: `app_identifier`; `theme` (baseline-population unless said, humanitarian-needs, idps); `location_code`
        (e.g. AFG), `admin_level` and the service's other filters; `endpoint`. Or `path` of the flat file that HDX
        offers: it also holds the rows OCHA found wrong, with its warnings.
        """
        source = request.get("source") or SOURCE
        theme = THEMES.get(request.get("theme", "baseline-population"))
        if theme is None:
            msg = f"there is no theme {request['theme']!r}"
            raise RequestRefused(msg, source=source, hint=f"set theme to one of {', '.join(THEMES)}")
        if request.get("path"):
            return _from_file(Path(request["path"]), theme, source)
        if not request.get("app_identifier"):
            msg = "HAPI asks for an app identifier"
            raise AccessRefused(msg, source=source, hint=_HINT)
        reader = _Reader(client, request, source)
        rows = reader.rows(theme.path, {name: request[name] for name in _FILTERS if name in request})
        observations, problems = read_observations(rows, theme)
        ids = {row.get("resource_hdx_id") for row in rows}
        used = (
            [row for row in reader.rows("metadata/resource", {}) if row.get("resource_hdx_id") in ids] if rows else []
        )
        terms = terms_of(client, source, used)
        caveats = (_OVERLAP, *terms.caveats, *(() if rows else ("nothing is published for this question",)))
        return _snapshot(
            Provenance(
                source=source,
                title=f"HDX HAPI, {theme.title}",
                endpoint=f"{reader.endpoint}/{theme.path}",
                vintage=terms.updated or "not stated",
                vintage_kind="latest update of a source file",
                licence=terms.licence,
                licence_url=terms.licence_url,
                attribution=terms.attribution,
                caveats=caveats,
            ),
            (*reader.exchanges, *terms.exchanges),
            observations,
            problems,
        )

    def state(self, client: Client, request: Mapping[str, str]) -> str | None:
        """Return when the files behind the figures were updated, all of them: which are used is not known before."""
        if request.get("path") or not request.get("app_identifier"):
            return None
        rows = _Reader(client, request, request.get("source") or SOURCE).rows("metadata/resource", {})
        time.sleep(_PAUSE_S)  # whoever fetches next asks at once
        updated = sorted((str(row.get("resource_hdx_id")), str(row.get("update_date"))) for row in rows)
        latest = max((date for _, date in updated), default="")
        return f"{len(updated)} files, the latest of {latest} ({digest(updated)})" if updated else None


class _Reader:
    """One sync: asks page after page, a second apart, and remembers every exchange."""

    def __init__(self, client: Client, request: Mapping[str, str], source: str) -> None:
        self.endpoint = request.get("endpoint", ENDPOINT).rstrip("/")
        self.exchanges: list[Exchange] = []
        self._client, self._source = client, source
        self._headers = {_HEADER: request["app_identifier"]}

    def rows(self, path: str, filters: Mapping[str, str]) -> list[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = []
        for page in range(_PAGES):
            if self.exchanges:
                time.sleep(_PAUSE_S)
            asked = {"output_format": "json", "limit": str(_LIMIT), "offset": str(page * _LIMIT), **filters}
            answer = self._client.get(Question(self._source, f"{self.endpoint}/{path}", asked, self._headers))
            self.exchanges.append(answer.exchange)
            found = classify(answer)
            hint = _HINT if found.outcome is Outcome.ACCESS_PROBLEM else None
            usable = require(found, source=self._source, asked=path, hint=hint)
            rows += read_rows(answer) if usable else []
            self._client.progress(len(rows), None, "rows fetched")
            if len(rows) < (page + 1) * _LIMIT:
                return rows
        msg = f"{path} does not end after {len(rows):,} rows"
        raise SourceChanged(msg, source=self._source, hint="ask for one country with location_code")


def _from_file(path: Path, theme: Theme, source: str) -> Snapshot:
    exchange = read_as_exchange(path, source)
    try:
        table = cleaned(read_table(path))
    except UnreadableTable as error:
        msg = f"{path.name}: {error}"
        raise SourceChanged(msg, source=source, hint=error.hint) from error
    first = int(table.rows[0]) if len(table) else 1
    observations, problems = read_observations(table.columns.to_pylist(), theme, first)
    periods = [one.period.partition("/")[2] for one in observations]
    return _snapshot(
        Provenance(
            source=source,
            title=f"HDX HAPI, {theme.title}, {path.name}",
            endpoint=f"file:{path.name}",
            vintage=max(periods, default="not stated"),
            vintage_kind="end of the latest reference period",
            licence="not stated in the file: each dataset on HDX has its own",
            licence_url="https://data.humdata.org/faqs/licenses",
            attribution="OCHA, HDX HAPI",
            caveats=(_OVERLAP,),
        ),
        (exchange,),
        observations,
        problems,
    )


def _snapshot(
    provenance: Provenance,
    exchanges: tuple[Exchange, ...],
    observations: Sequence[Observation],
    problems: tuple[RowProblem, ...],
) -> Snapshot:
    countries = {one.area for one in observations if one.area_scheme == "iso3166-1-a3"}
    return Snapshot(
        provenance=provenance,
        coverage=CoverageManifest(
            lowest_level="adm2",
            countries=frozenset(countries),
            notes=("figures by country and administrative unit; no places are listed",),
        ),
        exchanges=exchanges,
        observations=observation_table(observations),
        problems=problems,
    )
