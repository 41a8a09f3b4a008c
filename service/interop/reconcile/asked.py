"""What is asked, in the words of either version of the protocol, as `values.Query`.

Members nobody declared are passed over, because clients of other versions send their own; a property nobody offers is
refused, because a misspelt one would match as if nothing had been said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, JsonValue, WithJsonSchema

from service.api.fields import blanked, mistake
from service.errors import INVALID, Mistake, Problem
from service.interop.reconcile.values import Named, Query, Service

#: Candidates for each query; the model keeps no more of them (`matchers.shortlist.TOP`).
MOST_CANDIDATES = 5

_LONGEST = 400  # letters of a value; what is longer is no name
_MOST_VALUES = 20


class Asked(BaseModel):
    """A part of a question."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def _plain(given: Any) -> Any:
    """Return a value or several, as they came. Raises for what is none."""
    several = given if isinstance(given, list) else [given]
    if len(several) > _MOST_VALUES:
        message = f"There are more than {_MOST_VALUES} values."
        raise mistake(message, "Leave the less likely ones out.")
    for value in several:
        if not (value is None or isinstance(value, str | int | float) or _is_reference(value)):
            message = "This is no value of a property."
            raise mistake(message, 'Give a text, a number, true or false, or an entity as {"id": "…", "name": "…"}.')
    return given


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("id"), str) and isinstance(value.get("name", ""), str)


_REFERENCE: dict[str, JsonValue] = {
    "type": "object",
    "description": "a value that was reconciled itself",
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
    "required": ["id"],
}
_VALUE: list[JsonValue] = [{"type": ["string", "number", "boolean", "null"]}, _REFERENCE]
_VALUES: dict[str, JsonValue] = {
    "anyOf": [*_VALUE, {"type": "array", "items": {"anyOf": _VALUE}, "maxItems": _MOST_VALUES}]
}
Values = Annotated[Any, AfterValidator(_plain), WithJsonSchema(_VALUES)]
Limit = Annotated[int, Field(ge=1, description="candidates wanted; there are 5 at most")]


class PropertyAsked(Asked):
    """A property with the value it should have."""

    pid: str = Field(max_length=100, description="identifier of the property")
    v: Values = Field(default=None, description="one value, or several of which any will do")


class QueryAsked(Asked):
    """One query of version 0.2."""

    query: str | None = Field(default=None, description="a name")
    type: str | list[str] | None = Field(default=None, description="of the entities wanted")
    type_strict: str | None = Field(default=None, description="not used: a type always narrows")
    limit: Limit = MOST_CANDIDATES
    properties: Annotated[list[PropertyAsked], Field(max_length=50)] = []

    def plain(self, service: Service) -> Query:
        """Return the query. Raises `Problem` (invalid) for a property or type that there is not."""
        types = [self.type] if isinstance(self.type, str) else self.type or []
        told = {one.pid: _texts(one.v) for one in self.properties}
        return _known(service, Query(_texts(self.query), types[0] if types else None, _most(self.limit), told))


class ConditionAsked(Asked):
    """One condition of version 1.0."""

    matchType: Literal["name", "property"] = Field(description="what the value is held against")  # noqa: N815 - protocol
    propertyId: str | None = Field(  # noqa: N815 - the protocol's own names
        default=None,
        max_length=100,
        validation_alias=AliasChoices("propertyId", "pid"),
        description="with matchType property: its identifier",
    )
    propertyValue: Values = Field(  # noqa: N815 - the protocol's own names
        default=None,
        validation_alias=AliasChoices("propertyValue", "v"),
        description="one value, or several of which any will do",
    )
    required: bool = Field(default=False, description="leave out entities that do not agree")
    matchQuantifier: Literal["any", "all"] = Field(default="any", description="of several values")  # noqa: N815


class ConditionsAsked(Asked):
    """One query of version 1.0."""

    type: str | None = Field(default=None, description="of the entities wanted")
    limit: Limit = MOST_CANDIDATES
    conditions: Annotated[list[ConditionAsked], Field(min_length=1, max_length=50)] = Field(
        description="the names and properties of what is looked for"
    )

    def plain(self, service: Service) -> Query:
        """Return the query. Raises `Problem` (invalid) for a property or type that there is not."""
        names = tuple(text for one in self.conditions if one.matchType == "name" for text in _texts(one.propertyValue))
        said = [one for one in self.conditions if one.matchType == "property"]
        told = {one.propertyId or "": _texts(one.propertyValue) for one in said}
        required = frozenset(one.propertyId or "" for one in said if one.required)
        return _known(service, Query(names, self.type, _most(self.limit), told, required))


class QueriesAsked(Asked):
    """A batch of queries of version 1.0."""

    queries: list[ConditionsAsked] = Field(description="answered in this order")


class PropertyWanted(Asked):
    """A property to extend with."""

    id: str = Field(max_length=100, description="identifier of the property")


class ExtensionAsked(Asked):
    """Entities, and the properties wanted of them."""

    ids: list[Annotated[str, Field(max_length=_LONGEST)]] = Field(description="identifiers of entities")
    properties: Annotated[list[PropertyWanted], Field(max_length=50)] = Field(description="what is wanted of each")

    def names(self, service: Service) -> list[str]:
        """Return the properties. Raises `Problem` (invalid) for one that is not offered."""
        names = [one.id for one in self.properties]
        _offered(names, service.offered, "property")
        return names


def _most(limit: int) -> int:
    return min(limit, MOST_CANDIDATES)


def _known(service: Service, query: Query) -> Query:
    """Return a query that names nothing unknown. Raises `Problem` (invalid)."""
    _offered(query.properties, service.evidence, "property")
    _offered([query.type] if query.type else [], service.types, "type")
    return query


def _offered(names: Iterable[str], there_are: Sequence[Named], what: str) -> None:
    ids = [one.id for one in there_are]
    for name in names:
        if name not in ids:
            close = get_close_matches(name.lower(), ids, n=1, cutoff=0.6)
            hint = f"Did you mean `{close[0]}`?" if close else f"There are {', '.join(f'`{one}`' for one in ids)}."
            wrong = Mistake("", f"There is no {what} {name[:80]!r} here.", hint)
            raise Problem(INVALID, f"{wrong.message} {hint}", errors=[wrong.members()])


def _texts(values: Any) -> tuple[str, ...]:
    """Return values as texts; of one that was reconciled its name and its code, either of which may be known."""
    several = values if isinstance(values, list) else [values]
    return tuple(text for value in several for text in _of_value(value))


def _of_value(value: Any) -> list[str]:
    if value is None or isinstance(value, bool):
        return []
    if isinstance(value, dict):
        return [*_of_value(value.get("name")), *_of_value(value["id"].rpartition(":")[2])]
    text = " ".join(blanked(f"{value:.10g}" if isinstance(value, float) else str(value)).split())
    return [text] if 0 < len(text) <= _LONGEST else []
