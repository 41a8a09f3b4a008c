"""ONS: a table of one's own from the census of 2021 in England and Wales, with the areas that are held back named.

The service states no date of release; the vintage is the census. It lists no places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from connectors.client import Answer, Client, Question
from connectors.errors import SourceChanged
from connectors.observations import observation_table
from connectors.ons.answers import SOURCE, Table, classify, held_back, legend, observe, read_areas, read_table
from connectors.outcomes import require
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.counts.coverage import Basis, CountCoverage, Disclosure, Treatment, Universe
from geodata.coverage import CoverageManifest

ENDPOINT = "https://api.beta.ons.gov.uk/v1"

_AREAS_AT_ONCE = "1000"
_PERTURBED = "counts were changed a little to protect people (record swapping, cell key perturbation)"
_UNDATED = "the service states no date of release"


class OnsConnector:
    """Tables of one's own from the census of 2021."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "ONS: census of 2021 in England and Wales, any question by any area"
    needs: ClassVar[Mapping[str, str]] = {}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring one table.

        Options: `population` (UR, usual residents, unless said), `area_type` (ltla unless said; ctry, rgn, msoa, lsoa,
        oa …), `areas` (codes parted by commas; all unless said), `dimensions` (ethnic_group_tb_20b unless said;
        several parted by commas), `endpoint`.
        """
        reader = _Reader(client, request.get("endpoint", ENDPOINT).rstrip("/"), request.get("source") or SOURCE)
        population, area_type = request.get("population", "UR"), request.get("area_type", "ltla")
        wanted = tuple(code.strip() for code in request.get("areas", "").split(",") if code.strip())
        dimensions = request.get("dimensions", "ethnic_group_tb_20b").replace(" ", "")
        path = f"population-types/{population}"
        areas = {one: one for one in wanted} or reader.areas(f"{path}/area-types/{area_type}/areas")
        table = reader.table(
            f"{path}/census-observations",
            {"area-type": ",".join((area_type, *wanted)), "dimensions": dimensions},
        )
        observations = observe(table, population, area_type)
        missing = len(set(areas) - {one.area for one in observations})
        observations += held_back(observations, areas, blocked=missing == table.blocked)
        return Snapshot(
            provenance=Provenance(
                source=reader.source,
                title=f"ONS, census of 2021, {population} by {area_type} and {dimensions}",
                endpoint=f"{reader.endpoint}/{path}/census-observations",
                vintage="Census 2021",
                vintage_kind="census",
                licence="Open Government Licence v3.0",
                licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
                attribution="Office for National Statistics, Census 2021",
                caveats=(_PERTURBED, _UNDATED, *_told(table)),
            ),
            coverage=CoverageManifest(
                lowest_level=area_type,
                countries=frozenset({"GBR"}),
                universe=population,
                counts=CountCoverage(
                    Basis.CENSUS,
                    universe=Universe.USUAL_RESIDENTS if population == "UR" else None,
                    disclosure=Disclosure(Treatment.CELL_KEY),
                ),
                notes=("figures by area; no places are listed", *legend(table, population, area_type)),
            ),
            exchanges=tuple(reader.exchanges),
            observations=observation_table(observations),
        )


@dataclass
class _Reader:
    """One sync: asks, classifies, and remembers every exchange."""

    client: Client
    endpoint: str
    source: str
    exchanges: list[Exchange] = field(default_factory=list)

    def areas(self, path: str) -> dict[str, str]:
        """Return the areas of a type, page after page. Raises `SourceChanged` when fewer come than are announced."""
        areas: dict[str, str] = {}
        while True:
            known = len(areas)
            page, total = read_areas(self._ask(path, {"limit": _AREAS_AT_ONCE, "offset": str(known)}, "items"))
            areas |= page
            if len(areas) >= total or len(areas) == known:  # a page that brings nothing new is the last
                break
        if len(areas) != total:
            msg = f"{path}: {len(areas):,} areas came where {total:,} were announced"
            raise SourceChanged(msg, source=self.source, hint="try again; tell the maintainers if it stays")
        return areas

    def table(self, path: str, parameters: Mapping[str, str]) -> Table:
        """Return the table asked for."""
        return read_table(self._ask(path, parameters, "observations"))

    def _ask(self, path: str, parameters: Mapping[str, str], key: str) -> Answer:
        answer = self.client.get(Question(self.source, f"{self.endpoint}/{path}", parameters, read_s=120.0))
        self.exchanges.append(answer.exchange)
        require(classify(answer, key), source=self.source, asked=path)
        return answer


def _told(table: Table) -> tuple[str, ...]:
    blocked = f"{table.blocked:,} of {table.areas:,} areas are held back, because few people would be told apart"
    nothing = "nothing is published for what was asked"
    return (*((blocked,) if table.blocked else ()), *(() if table.rows else (nothing,)))
