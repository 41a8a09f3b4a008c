"""What is answered, in the words of either version of the protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from service.interop.reconcile.values import Candidate, Entity, Named, Said, Service

Extension = Mapping[str, Mapping[str, Sequence[Said]]]


def candidate(one: Candidate) -> dict[str, Any]:
    """Return a candidate."""
    return {
        "id": one.id,
        "name": one.name,
        "description": one.description,
        "type": [{"id": each.id, "name": each.name} for each in one.types],
        "score": one.score,
        "match": one.match,
        "features": [asdict(each) for each in one.features],
    }


def suggested(entities: Sequence[Entity]) -> dict[str, Any]:
    """Return entities that somebody may be typing; 0.2 calls their types notable."""
    return {"result": [_suggested(one) for one in entities]}


def _suggested(one: Entity) -> dict[str, Any]:
    types = [{"id": each.id, "name": each.name} for each in one.types]
    return {"id": one.id, "name": one.name, "description": one.description, "notable": types, "type": types}


def named(some: Sequence[Named], prefix: str, limit: int) -> list[dict[str, str]]:
    """Return the types or properties that somebody may be typing: those that begin like it first; all for nothing."""
    typed = prefix.strip().lower()
    ranked = sorted(some, key=lambda one: not one.name.lower().startswith(typed))
    fitting = [one for one in ranked if typed in one.name.lower() or typed in one.id]
    return [one.told() for one in fitting[:limit]]


def extended(service: Service, properties: Sequence[str], ids: Sequence[str], found: Extension) -> dict[str, Any]:
    """Return what entities are extended with, as 0.2 has it: rows by entity. Nothing known is an empty list."""
    rows = {one: {name: _cells(found.get(one, {}).get(name, ())) for name in properties} for one in ids}
    return {"meta": _meta(service, properties), "rows": rows}


def extended_in_order(
    service: Service, properties: Sequence[str], ids: Sequence[str], found: Extension
) -> dict[str, Any]:
    """Return the same as 1.0 has it: rows in the order asked."""
    rows = [
        {
            "id": one,
            "properties": [{"id": name, "values": _cells(found.get(one, {}).get(name, ()))} for name in properties],
        }
        for one in ids
    ]
    return {"meta": _meta(service, properties), "rows": rows}


def _meta(service: Service, properties: Sequence[str]) -> list[dict[str, str]]:
    called = {one.id: one.name for one in service.offered}
    return [{"id": name, "name": called[name]} for name in properties]


def _cells(values: Sequence[Said]) -> list[dict[str, Any]]:
    return [_cell(value) for value in values if value is not None]


def _cell(value: str | float) -> dict[str, Any]:
    if isinstance(value, str):
        return {"str": value}
    return {"int": value} if isinstance(value, int) else {"float": value}
