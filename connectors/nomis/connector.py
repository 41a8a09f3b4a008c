"""Nomis: tables of the UK census and of the labour market, by the areas of the Office for National Statistics.

The vintage is the day the dataset was last updated, which its definition says. It lists no places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from connectors.client import Client, Question
from connectors.errors import RequestRefused, SourceChanged
from connectors.nomis.answers import (
    SOURCE,
    Definition,
    busy,
    classify_definition,
    classify_figures,
    read_definition,
    read_rows,
)
from connectors.nomis.figures import columns, legend, observe
from connectors.observations import observation_table
from connectors.outcomes import agreed_shape, require
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.coverage import CoverageManifest

ENDPOINT = "https://www.nomisweb.co.uk/api/v01"

#: Usual residents of the census of 2021 in every local authority.
_RESIDENTS = {"dataset": "NM_2021_1", "geography": "TYPE154", "filters": "c2021_restype_3=0"}

_AT_ONCE = 25_000  # rows in one answer for guests
_MOST = 500_000  # rows in one snapshot
_PERTURBED = "counts were changed a little to protect people (record swapping, cell key perturbation)"


class NomisConnector:
    """Datasets of Nomis."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "Nomis (UK Office for National Statistics): census tables by area"
    needs: ClassVar[Mapping[str, str]] = {"uid": "optional: id of a free account, served first (UNCOUNTED_NOMIS_UID)"}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring one dataset for some areas.

        Options: `dataset` (NM_2021_1), `geography` (TYPE154, E06000001, or several parted by commas), `filters`
        (`c_sex=0; c_age=200,201`), `measures` (20100, the value, unless said), `date` (latest unless said); usual
        residents of 2021 by local authority unless a dataset is named; `uid`, `endpoint`.
        """
        request = request if "dataset" in request else {**_RESIDENTS, **request}
        if not request.get("geography"):
            msg = f"no areas are named for {request['dataset']}"
            hint = "set geography, e.g. TYPE154 for local authorities"
            raise RequestRefused(msg, source=request.get("source") or SOURCE, hint=hint)
        reader = _reader(client, request)
        definition = reader.definition()
        rows = reader.rows(definition, _asked(request, definition, reader.source))
        caveats = [_PERTURBED] if any("perturbation" in text for text in definition.texts) else []
        caveats += [] if rows else [f"nothing is published for {request['geography']} as asked for"]
        return Snapshot(
            provenance=Provenance(
                source=reader.source,
                title=f"Nomis, {definition.name}",
                endpoint=f"{reader.endpoint}.data.csv",
                vintage=definition.updated,
                vintage_kind="last update of the dataset",
                licence="Open Government Licence v3.0",
                licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
                attribution=f"Nomis, Office for National Statistics: {definition.name}",
                caveats=tuple(caveats),
            ),
            coverage=CoverageManifest(
                lowest_level=request["geography"],
                countries=frozenset({"GBR"}),
                notes=("figures by area; no places are listed", *legend(rows, definition)),
            ),
            exchanges=tuple(reader.exchanges),
            observations=observation_table(observe(rows, definition)),
        )

    def state(self, client: Client, request: Mapping[str, str]) -> str | None:
        """Return when the dataset was last updated, as its definition says."""
        definition = _reader(client, request if "dataset" in request else {**_RESIDENTS, **request}).definition()
        return f"{definition.id} updated {definition.updated}"


def _reader(client: Client, request: Mapping[str, str]) -> _Reader:
    endpoint = f"{request.get('endpoint', ENDPOINT).rstrip('/')}/dataset/{request['dataset'].strip()}"
    account = {"uid": request["uid"]} if request.get("uid") else {}
    return _Reader(client, endpoint, request.get("source") or SOURCE, account)


@dataclass
class _Reader:
    """One sync: asks, classifies, and remembers every exchange."""

    client: Client
    endpoint: str
    source: str
    account: Mapping[str, str]
    exchanges: list[Exchange] = field(default_factory=list)

    def definition(self) -> Definition:
        answer = self.client.get(
            Question(self.source, f"{self.endpoint}.def.sdmx.json", self.account, later=busy),
        )
        self.exchanges.append(answer.exchange)
        require(classify_definition(answer), source=self.source, asked="the definition of the dataset")
        return read_definition(answer)

    def rows(self, definition: Definition, asked: Mapping[str, str]) -> list[Mapping[str, str]]:
        """Return every row, page after page. Raises `SourceChanged` when fewer come than RECORD_COUNT says."""
        rows: list[Mapping[str, str]] = []
        while True:
            page = self._page({**asked, "RecordOffset": str(len(rows))}, columns(definition))
            rows += page
            with agreed_shape(self.source, "RECORD_COUNT"):
                announced = int(rows[0]["RECORD_COUNT"]) if rows else 0
            if announced > _MOST:
                msg = f"{definition.id} has {announced:,} rows as asked for"
                raise RequestRefused(msg, source=self.source, hint=f"filter it, to at most {_MOST:,}")
            if len(rows) >= announced or not page:
                break
        different = len({tuple(row.values()) for row in rows})
        if different != announced:
            msg = f"{definition.id}: {different:,} rows came where {announced:,} were announced"
            raise SourceChanged(msg, source=self.source, hint="try again; tell the maintainers if it stays")
        return rows

    def _page(self, asked: Mapping[str, str], expected: Sequence[str]) -> list[Mapping[str, str]]:
        question = Question(
            self.source,
            f"{self.endpoint}.data.csv",
            {**asked, "select": ",".join(expected), "RecordLimit": str(_AT_ONCE), **self.account},
            headers={"Accept": "text/csv"},
            later=busy,
        )
        answer = self.client.get(question)
        self.exchanges.append(answer.exchange)
        usable = require(classify_figures(answer, expected), source=self.source, asked=asked["geography"])
        return read_rows(answer) if usable else []


def _asked(request: Mapping[str, str], definition: Definition, source: str) -> dict[str, str]:
    """Return the parameters of the question. Raises `RequestRefused` for a filter by what is no dimension."""
    filters = {}
    for part in filter(str.strip, request.get("filters", "").split(";")):
        name, _, codes = (piece.strip() for piece in part.partition("="))
        if not codes or name.upper() not in definition.dimensions:
            known = ", ".join(one.casefold() for one in definition.dimensions)
            msg = f"{part.strip()!r} is no filter of {definition.id}, which has {known}"
            raise RequestRefused(msg, source=source, hint="write filters as c_sex=0; c_age=200,201")
        filters[name.casefold()] = codes
    return {
        "date": request.get("date", "latest"),
        "geography": request["geography"],
        "measures": request.get("measures", "20100"),
        **filters,
    }
