"""What HDX's catalogue (CKAN) answers: a dataset with its terms, caveats and resources.

https://docs.ckan.org/en/latest/api/ ; errors come with `success: false`, and often with status 404.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.client import Answer
from connectors.documents import loads
from connectors.outcomes import Classified, Outcome, agreed_shape

SOURCE = "cod"

_EVERY = 9  # of a file that holds all levels, the finest too

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_TABLES = ("geojson", "csv", "xlsx", "xls")  # best first

#: What HDX calls the formats of boundaries, best first: the shapefile is what countries check, GeoJSON lacks its notes.
_BOUNDARIES = ("shp", "shapefile", "geodatabase", "gdb", "geojson", "geopackage", "gpkg")


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of a dataset."""

    id: str
    name: str
    format: str  # in small letters
    url: str
    last_modified: str

    @property
    def level(self) -> int | None:
        """The administrative level its name tells, if any."""
        found = re.search(r"adm(?:in)?_?(\d)", self.name.casefold())
        return int(found[1]) if found else None

    @property
    def year(self) -> int | None:
        """The last year its name tells, if any."""
        years = _YEAR.findall(self.name)
        return int(years[-1]) if years else None

    @property
    def boundaries(self) -> bool:
        """Whether it may hold outlines."""
        return self.format in _BOUNDARIES


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset as its page describes it."""

    name: str
    title: str
    publisher: str
    country: str | None  # alpha-3, of a dataset about one country
    licence: str
    licence_url: str | None
    source: str
    caveats: str
    methodology: str
    covers: str  # "[2015-01-01T00:00:00 TO 2022-12-31T23:59:59]"
    year: int | None  # the reference year its notes tell
    projected: bool  # its notes say that a census was projected to another year
    resources: tuple[Resource, ...]


def classify(answer: Answer) -> Classified:
    """Return what an answer of the catalogue is; a failure says so in the body."""
    try:
        document = loads(answer.text)
    except ValueError:
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with a body that is not JSON")
    if not isinstance(document, dict) or "success" not in document:
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with something else than an answer of the catalogue")
    if document["success"] is True:
        return Classified(Outcome.OK)
    error = document.get("error")
    kind = error.get("__type", "") if isinstance(error, dict) else ""
    said = error.get("message", kind) if isinstance(error, dict) else str(error)
    denied = answer.status == 403 or "Authorization" in kind  # noqa: PLR2004 - HTTP
    return Classified(Outcome.ACCESS_PROBLEM if denied else Outcome.INVALID_REQUEST, str(said))


def read_dataset(content: str) -> Dataset:
    """Read the answer of `package_show`, or its `result` alone as it is saved. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "the dataset"):
        document = loads(content)
        said: Mapping[str, Any] = document.get("result", document)
        groups = said.get("groups") or []
        notes = said.get("notes") or ""
        year = re.search(r"REFERENCE YEAR:\s*((?:19|20)\d\d)", notes)
        return Dataset(
            name=said["name"],
            title=said["title"],
            publisher=(said.get("organization") or {}).get("title", "") or "OCHA",
            country=groups[0]["name"].upper() if len(groups) == 1 else None,
            licence=said["license_title"] or said["license_id"],
            licence_url=said.get("license_url"),
            source=said.get("dataset_source") or "",
            caveats=(said.get("caveats") or "").strip(),
            methodology=" ".join(filter(None, (said.get("methodology"), said.get("methodology_other")))),
            covers=said["dataset_date"],
            year=int(year[1]) if year else None,
            projected="project" in notes.casefold(),
            resources=tuple(
                Resource(
                    id=one["id"],
                    name=one["name"],
                    format=one["format"].casefold(),
                    url=one.get("download_url") or one["url"],
                    last_modified=one["last_modified"],
                )
                for one in said["resources"]
            ),
        )


def choose(dataset: Dataset, wanted: str | None, level: int | None) -> Resource | None:
    """Return the resource of this name or id; else of a dataset of boundaries (cod-ab) the boundaries, else a table.

    Boundaries go by format: shapefile, geodatabase, GeoJSON, GeoPackage; a file whose name tells no level holds them
    all. Of tables the one of the level is taken, or the finest, and the last year; those whose name tells no level
    (projects' spreadsheets of many sheets) come last. None when nothing fits.
    """
    if wanted:
        return next((one for one in dataset.resources if wanted in {one.id, one.name}), None)
    if dataset.name.startswith("cod-ab") and (found := _boundaries(dataset, level)):
        return found
    readable = [one for one in dataset.resources if one.format in _TABLES]
    fitting = [one for one in readable if level is None or one.level == level]
    return max(
        fitting,
        key=lambda one: (
            -1 if one.level is None else one.level,
            one.year or 0,
            -_TABLES.index(one.format),
            one.last_modified,
        ),
        default=None,
    )


def _boundaries(dataset: Dataset, level: int | None) -> Resource | None:
    fitting = [one for one in dataset.resources if one.boundaries and (level is None or one.level in {None, level})]
    return max(
        fitting,
        key=lambda one: (
            -_BOUNDARIES.index(one.format),
            _EVERY if one.level is None else one.level,
            one.year or 0,
            one.last_modified,
        ),
        default=None,
    )
