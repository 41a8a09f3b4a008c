"""The values that reconciliation speaks in, whatever the version of the protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from service.callers.caller import Caller
from service.context import Context

#: What an entity is said to be, in the order a protocol wants it: text, number, or nothing known.
Said = str | float | int | None


@dataclass(frozen=True, slots=True)
class Named:
    """A type or a property: its identifier, what people call it, and what it means."""

    id: str
    name: str
    description: str = ""

    def told(self) -> dict[str, str]:
        """Return it as either version of the protocol writes it."""
        return {"id": self.id, "name": self.name, **({"description": self.description} if self.description else {})}


@dataclass(frozen=True, slots=True)
class Query:
    """One thing looked for. What is not known about it is absent: it is never taken to be zero."""

    names: tuple[str, ...] = ()  # other names of the same thing after the first
    type: str | None = None
    limit: int = 5
    properties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # several values: any of them
    required: frozenset[str] = frozenset()  # properties in which a candidate has to agree

    def first(self, name: str) -> str | None:
        """Return the first value of a property; None where nothing is said."""
        values = self.properties.get(name, ())
        return values[0] if values else None


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that was compared. What could not be compared is not there: it is no number."""

    id: str
    name: str
    value: float | bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be the one looked for."""

    id: str
    name: str
    description: str
    types: tuple[Named, ...]
    score: float  # 0..100, the probability in percent
    match: bool  # whether no person has to look
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity as people see it: lines of a label and a value, of which those that are not known are left out."""

    id: str
    name: str
    description: str
    types: tuple[Named, ...]
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, of what."""

    context: Context
    caller: Caller


class Service(Protocol):
    """One database that columns are reconciled with."""

    @property
    def id(self) -> str:
        """Its name in addresses."""

    @property
    def title(self) -> str:
        """What people call it."""

    @property
    def types(self) -> tuple[Named, ...]:
        """What its entities may be, the usual ones first."""

    @property
    def evidence(self) -> tuple[Named, ...]:
        """Properties that help to find an entity."""

    @property
    def offered(self) -> tuple[Named, ...]:
        """Properties that columns can be extended with."""

    def find(self, asking: Asking, queries: Sequence[Query]) -> list[list[Candidate]]:
        """Return the candidates for each query, the best first; at most one of them is a match."""

    def suggest(self, asking: Asking, prefix: str, limit: int) -> list[Entity]:
        """Return entities whose names begin like this, then those whose names are alike."""

    def entity(self, asking: Asking, entity_id: str) -> Entity | None:
        """Return one entity; None where there is none."""

    def extend(
        self, asking: Asking, entity_ids: Sequence[str], properties: Sequence[str]
    ) -> Mapping[str, Mapping[str, Sequence[Said]]]:
        """Return the values of properties by entity; none where nothing is known, or the caller may not know it."""
