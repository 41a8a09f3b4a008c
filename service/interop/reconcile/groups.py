"""Groups of people as a database to reconcile with: the taxonomy, by every name a group is known under.

Resented names are understood and never shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from geodata import taxonomy
from geodata.countries import country_name, known_country
from geodata.names.folding import fold
from geodata.taxonomy import Dimension, Group, NameKind, Taxonomy
from geodata.taxonomy.recognition import ACCEPTED, How, Recognised
from service.interop.reconcile.values import Asking, Candidate, Entity, Feature, Named, Query, Said

_TYPES = {one: Named(one.value, one.spoken.capitalize()) for one in Dimension}
_FEW = 5  # countries that are told one by one
_SPELT = frozenset({How.SPELLING, How.PART})  # all else is a name that the group is known by

OFFERED = (
    Named("label", "Label", "the name that is shown"),
    Named("dimension", "Dimension", "such as ethnic, language, disability"),
    Named("broader", "Part of", "the groups it is part of"),
    Named("endonym", "Own name", "what the group calls itself"),
    Named("countries", "At home in", "ISO 3166-1 alpha-3; nothing where it lives anywhere"),
)

_VALUES: dict[str, Callable[[Group], Sequence[str]]] = {
    "label": lambda group: [group.label],
    "dimension": lambda group: [group.dimension.value],
    "broader": lambda group: [_known()[one].label for one in group.broader],
    "endonym": lambda group: [name.text for name in group.names if name.kind is NameKind.ENDONYM],
    "countries": lambda group: sorted(group.countries),
}


class Groups:
    """The groups that this service knows."""

    id = "groups"
    title = "Groups of people"
    types = tuple(_TYPES.values())
    evidence = (Named("country", "Country", "ISO 3166 code or English name; a local group is meant before another"),)
    offered = OFFERED

    def find(self, asking: Asking, queries: Sequence[Query]) -> list[list[Candidate]]:  # noqa: ARG002 - as any service
        """Return the groups that each query may mean, the most probable first."""
        return [_candidates(query) for query in queries]

    def suggest(self, asking: Asking, prefix: str, limit: int) -> list[Entity]:  # noqa: ARG002 - as any service
        """Return groups with a name that begins like this, then those whose names are alike."""
        begun = fold(prefix)
        beginning = (group for group in _known().groups.values() if begun and _begins(group, begun))
        found = sorted(beginning, key=lambda group: (len(group.label), group.label))
        alike = [one.group for one in _known().recognise(prefix)]
        return [_entity(group) for group in dict.fromkeys([*found, *alike])][:limit]

    def entity(self, asking: Asking, entity_id: str) -> Entity | None:  # noqa: ARG002 - as any service
        """Return one group; None where there is none."""
        group = _known().get(entity_id)
        return None if group is None else _entity(group)

    def extend(
        self,
        asking: Asking,  # noqa: ARG002 - as any service
        entity_ids: Sequence[str],
        properties: Sequence[str],
    ) -> Mapping[str, Mapping[str, Sequence[Said]]]:
        """Return the values of properties by group."""
        groups = ((one, _known().get(one)) for one in dict.fromkeys(entity_ids))
        return {one: {name: _VALUES[name](group) for name in properties} for one, group in groups if group is not None}


def _known() -> Taxonomy:
    return taxonomy.in_force()


def _candidates(query: Query) -> list[Candidate]:
    country = known_country(query.first("country") or "")
    dimensions = [one for one in Dimension if one.value == query.type]
    best: dict[str, Recognised] = {}
    for name in query.names:
        for found in _known().recognise(name, country, dimensions):
            held = best.get(found.group.id)
            best[found.group.id] = found if held is None or found.probability > held.probability else held
    wanted = [one for one in best.values() if not dimensions or one.group.dimension in dimensions]
    wanted.sort(key=lambda one: (-one.probability, one.group.id))
    return [_candidate(one, country, first=at == 0) for at, one in enumerate(wanted[: query.limit])]


def _candidate(found: Recognised, country: str | None, *, first: bool) -> Candidate:
    entity = _entity(found.group)
    features = [Feature("known_name", "A name the group is known by, as written", found.how not in _SPELT)]
    if country is not None and found.group.countries:
        features.append(Feature("at_home", "At home in the country named", country in found.group.countries))
    return Candidate(
        id=entity.id,
        name=entity.name,
        description=entity.description,
        types=entity.types,
        score=round(100 * found.probability, 3),
        match=first and found.probability >= ACCEPTED,
        features=tuple(features),
    )


def _entity(group: Group) -> Entity:
    countries = ", ".join(country_name(one) for one in sorted(group.countries)[:_FEW])
    told = (
        ("Dimension", group.dimension.spoken.capitalize()),
        ("Part of", ", ".join(_known()[one].label for one in group.broader)),
        ("Also called", ", ".join(dict.fromkeys(_other_names(group)))),
        ("At home in", countries + (" and elsewhere" if len(group.countries) > _FEW else "")),
        ("Source", "; ".join(source.citation for source in group.sources[:2])),
    )
    where = f"; {countries}" if countries else ""
    lines = tuple((label, value) for label, value in told if value)
    return Entity(group.id, group.label, f"{group.dimension.spoken}{where}", (_TYPES[group.dimension],), lines)


def _other_names(group: Group) -> Iterator[str]:
    return (one.text for one in group.names if one.kind is not NameKind.PEJORATIVE and one.text != group.label)


def _begins(group: Group, begun: str) -> bool:
    return any(fold(name).startswith(begun) for name in (group.label, *_other_names(group)))
