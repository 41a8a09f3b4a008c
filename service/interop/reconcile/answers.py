"""What answers to reconciliation look like, declared for the OpenAPI document; the names are the protocol's."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from service.api.answers import Shown


class NamedShown(Shown):
    """A type or a property."""

    id: str
    name: str
    description: str | None = None


class ManifestShown(Shown):
    """What the service offers, for clients of version 0.2."""

    versions: list[str]
    name: str
    identifierSpace: str  # noqa: N815 - the protocol's own names
    schemaSpace: str  # noqa: N815
    documentation: str
    serviceVersion: str  # noqa: N815
    batchSize: int = Field(description="queries to send together")  # noqa: N815
    defaultTypes: list[NamedShown]  # noqa: N815
    view: dict[str, str]
    preview: dict[str, Any]
    suggest: dict[str, Any]
    extend: dict[str, Any]


class DraftManifestShown(ManifestShown):
    """The same for clients of version 1.0-draft."""

    standardizedScore: bool = Field(description="scores are 0 to 100")  # noqa: N815


class FeatureShown(Shown):
    """One thing that was compared; what could not be compared is not there."""

    id: str
    name: str
    value: bool | float


class CandidateShown(Shown):
    """An entity that may be the one."""

    id: str
    name: str
    description: str
    type: list[NamedShown]
    score: float = Field(ge=0, le=100, description="probability in percent that it is the one")
    match: bool = Field(description="whether no person has to look; true of one candidate at most")
    features: list[FeatureShown]


class CandidatesShown(Shown):
    """The candidates for one query, the best first."""

    candidates: list[CandidateShown]


class ResultsShown(Shown):
    """The candidates for each query, in order."""

    results: list[CandidatesShown]


class SuggestionShown(NamedShown):
    """Something whose name begins like what was typed."""

    notable: list[NamedShown] | None = Field(default=None, description="types of an entity, as 0.2 calls them")
    type: list[NamedShown] | None = Field(default=None, description="types of an entity")


class SuggestedShown(Shown):
    """Suggestions, the best first."""

    result: list[SuggestionShown]


class FlyoutShown(Shown):
    """A line of HTML."""

    id: str
    html: str


class ProposedShown(Shown):
    """Properties that entities can be extended with."""

    properties: list[NamedShown]
    limit: int
    type: str | None = None


class ValuesShown(Shown):
    """The values of one property; none where nothing is known."""

    id: str
    values: list[dict[str, str | int | float]]


class RowShown(Shown):
    """The values of one entity."""

    id: str
    properties: list[ValuesShown]


class ExtendedShown(Shown):
    """What entities are extended with, in order."""

    meta: list[NamedShown]
    rows: list[RowShown]
