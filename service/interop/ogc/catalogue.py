"""The collections: what each is called and says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from service.interop.ogc.asking import CRS84
from service.interop.ogc.links import GEOJSON, HTML, JSON, Link, link, root


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection of features."""

    id: str
    title: str
    description: str

    @property
    def path(self) -> str:
        """Where it stands, below the landing page."""
        return f"/collections/{self.id}"

    @property
    def items(self) -> str:
        """Where its features stand."""
        return f"{self.path}/items"


FLAGS = Collection(
    "flags",
    "Communities that an official list does not seem to name",
    "Flags, as exact as you may see them: without a key those that people published. The true place lies within "
    "uncertainty_m metres. Absence from a list says something about the list, never about people.",
)
PLACES = Collection(
    "official-places",
    "Places of official lists",
    "The places of the present snapshot of each list, as its publisher gives them.",
)
AREAS = Collection(
    "gap-areas",
    "Gaps by administrative unit",
    "How many communities of each unit are hidden, counted too low, in review or listed, as the gap report of the "
    "country tells it; numbers that would tell of few are withheld.",
)

COLLECTIONS = {one.id: one for one in (FLAGS, PLACES, AREAS)}


def described(request: Request, one: Collection) -> dict[str, Any]:
    """Return what a collection says of itself. Its extent is the world, whatever lies in it just now."""
    return {
        "id": one.id,
        "title": one.title,
        "description": one.description,
        "itemType": "feature",
        "crs": [CRS84],
        "storageCrs": CRS84,
        "extent": {"spatial": {"bbox": [[-180.0, -90.0, 180.0, 90.0]], "crs": CRS84}},
        "links": links_of(request, one),
    }


def links_of(request: Request, one: Collection) -> list[Link]:
    """Return where a collection and its features are."""
    base = root(request)
    return [
        link(f"{base}{one.path}", "self", JSON, one.title),
        link(f"{base}{one.path}?f=html", "alternate", HTML, f"{one.title}, as a page"),
        link(f"{base}{one.items}", "items", GEOJSON, "Its features"),
        link(f"{base}{one.items}?f=html", "items", HTML, "Its features, as a page"),
    ]
