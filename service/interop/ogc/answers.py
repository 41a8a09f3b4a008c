"""What answers of OGC API Features look like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from service.api.answers import Shown


class LinkShown(Shown):
    """A link."""

    href: str
    rel: str
    type: str
    title: str


Links = list[LinkShown]


class LandingShown(Shown):
    """Where to begin."""

    title: str
    description: str
    links: Links


class ConformanceShown(Shown):
    """Which parts of the standard hold."""

    conformsTo: list[str]  # noqa: N815 - the standard's word
    links: Links


class SpatialShown(Shown):
    """Boxes that hold all features: west, south, east, north in degrees."""

    bbox: list[list[float]]
    crs: str


class ExtentShown(Shown):
    """Where features lie."""

    spatial: SpatialShown


class CollectionShown(Shown):
    """A collection of features."""

    id: str
    title: str
    description: str
    itemType: Literal["feature"]  # noqa: N815 - the standard's word
    crs: list[str]
    storageCrs: str  # noqa: N815 - the standard's word
    extent: ExtentShown
    links: Links


class OgcCollectionsShown(Shown):
    """All collections."""

    collections: list[CollectionShown]
    links: Links


class FeatureShown(Shown):
    """A feature with flat properties."""

    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any] | None
    properties: dict[str, Any]
    links: Links = Field(default=[], description="of a feature that is asked for by itself")


class FeaturesShown(Shown):
    """A page of features (RFC 7946)."""

    type: Literal["FeatureCollection"]
    features: list[FeatureShown]
    numberMatched: int = Field(description="features that are what was asked for, on all pages")  # noqa: N815 - the standard's word
    numberReturned: int = Field(description="features on this page")  # noqa: N815 - the standard's word
    timeStamp: datetime  # noqa: N815 - the standard's word
    links: Links
