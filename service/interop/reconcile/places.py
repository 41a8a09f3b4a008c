"""Official places as a database to reconcile with: every list in use, together or one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geodata.index.beginnings import beginning
from matchers.base import OfficialList
from service.interop.reconcile import matching
from service.interop.reconcile.entries import KINDS, entries_at, entries_of
from service.interop.reconcile.extending import OFFERED, lines_of, values_of
from service.interop.reconcile.values import Asking, Candidate, Entity, Named, Query, Said

_USUAL = ("settlement", "village", "informal_settlement", "administrative_unit", "school", "health_facility")


class OfficialPlaces:
    """The places that official lists name."""

    id = "official-places"
    title = "Official places"
    types = (*(KINDS[kind] for kind in _USUAL), *(one for kind, one in KINDS.items() if kind not in _USUAL))
    evidence = (
        Named("lat", "Latitude", "decimal degrees, WGS 84"),
        Named("lon", "Longitude", "decimal degrees, WGS 84"),
        Named("country", "Country", "ISO 3166 code or English name"),
        Named("admin1", "Administrative unit, coarse", "name or code, such as a county"),
        Named("admin2", "Administrative unit, fine", "name or code, such as a ward"),
        Named("kind", "Kind of place", "such as village or primary school"),
        Named("source", "Official list", "the identifier of one list, to search no other"),
    )
    offered = OFFERED

    def find(self, asking: Asking, queries: Sequence[Query]) -> list[list[Candidate]]:
        """Return the candidates for each query, of all lists; see `matching.candidates`."""
        return matching.candidates(asking.context.lists.current(), queries)

    def suggest(self, asking: Asking, prefix: str, limit: int) -> list[Entity]:
        """Return places whose names begin like this, then those whose names are alike."""
        found: list[Entity] = []
        alike: list[tuple[float, Entity]] = []
        for official in asking.context.lists.current():
            if not isinstance(official, OfficialList):
                continue  # too long to be searched without a place
            rows = beginning(official.index, prefix, limit)
            found += [entry.entity() for entry in entries_at(official, rows)]
            hits = [hit for hit in official.index.search(prefix, None, None, limit) if hit.row not in rows]
            for hit, entry in zip(hits, entries_at(official, [hit.row for hit in hits]), strict=True):
                alike.append((-(hit.similarity or 0.0), entry.entity()))
        found.sort(key=lambda one: (len(one.name), one.name, one.id))
        alike.sort(key=lambda one: (one[0], one[1].id))
        return [*found, *(one for _, one in alike)][:limit]

    def entity(self, asking: Asking, entity_id: str) -> Entity | None:
        """Return one place with what the caller sees of it; None where no list in use has it."""
        entry = entries_of(asking.context.lists.current(), [entity_id]).get(entity_id)
        return None if entry is None else entry.entity(lines_of(asking, entry))

    def extend(
        self, asking: Asking, entity_ids: Sequence[str], properties: Sequence[str]
    ) -> Mapping[str, Mapping[str, Sequence[Said]]]:
        """Return the values of properties by place, as the caller may see them."""
        entries = entries_of(asking.context.lists.current(), entity_ids)
        return values_of(asking, entries, properties)
