"""What may be asked for: filters and paging as they stand in a query, checked like any other input."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from geodata.coordinates import check_point
from matchers.base import Verdict
from matchers.releases.diff import Change
from service.api.fields import Country, Line, Moment, mistake
from service.api.tags_asked import TagsAsked
from service.http.answers import Format
from service.store.filters import MAX_PAGE, Bbox
from service.store.values import FlagStatus, RecordState

_BBOX = r"^\s*-?\d+(\.\d+)?(\s*,\s*-?\d+(\.\d+)?){3}\s*$"
_POINT = r"^\s*-?\d+(\.\d+)?\s*,\s*-?\d+(\.\d+)?\s*$"
_MAX_LAT, _MAX_LON = 90, 180


def numbers(text: str) -> tuple[float, ...]:
    """Return the numbers of a text that matched one of the patterns here."""
    return tuple(float(part) for part in text.split(","))


def _box(text: str) -> str:
    west, south, east, north = numbers(text)
    if max(abs(west), abs(east)) > _MAX_LON or max(abs(south), abs(north)) > _MAX_LAT:
        message = "This box reaches off the globe."
        raise mistake(message, "Give west,south,east,north in degrees, such as 36.6,-1.4,37.1,-1.1.")
    if south > north:
        message = "The south of this box lies north of its north."
        raise mistake(message, "Give west,south,east,north in degrees, such as 36.6,-1.4,37.1,-1.1.")
    return text


def _near(text: str) -> str:
    lat, lon = numbers(text)
    wrong = check_point(lat, lon, None)
    if wrong is not None:
        message = f"This point cannot be right: {wrong.message}."
        raise mistake(message, "Give latitude,longitude in degrees, such as -1.3133,36.7876.")
    return text


#: Short enough that the number inside always fits the database.
Cursor = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=32, json_schema_extra={"format": "cursor"})]
BoxText = Annotated[
    str, Field(pattern=_BBOX, max_length=120, json_schema_extra={"format": "bbox"}), AfterValidator(_box)
]
PointText = Annotated[
    str, Field(pattern=_POINT, max_length=60, json_schema_extra={"format": "point"}), AfterValidator(_near)
]
Asked = Annotated[
    Literal[Format.JSON, Format.GEOJSON, Format.CSV] | None,
    Field(description="json, geojson or csv; without it, Accept decides"),
]


class Query(BaseModel):
    """Parameters of one address; one that is not named here is refused before it gets here."""

    model_config = ConfigDict(frozen=True)


class Paging(Query):
    """Where a page begins and how long it is."""

    limit: int = Field(default=100, ge=1, le=MAX_PAGE, description="items on a page")
    cursor: Cursor | None = Field(default=None, description="from `next` of the page before")


class CommunityFilter(TagsAsked, Paging):
    """Filters that records and flags share."""

    country: Country | None = Field(default=None, description="ISO 3166 code or English name")
    admin: Line | None = Field(default=None, description="code or name of a unit, or level=value")
    bbox: BoxText | None = Field(default=None, description="west,south,east,north in degrees")
    q: Line | None = Field(default=None, description="part of a name, in any script")
    updated_since: Moment | None = Field(default=None, description="with time zone, such as 2026-03-31T12:00:00Z")
    f: Asked = None

    @property
    def box(self) -> Bbox | None:
        """The bounding box as numbers."""
        if self.bbox is None:
            return None
        west, south, east, north = numbers(self.bbox)
        return west, south, east, north


class RecordQuery(CommunityFilter):
    """Which records."""

    verdict: Verdict | None = Field(default=None, description="of the primary finding")
    state: RecordState | None = Field(default=None, description="pending, verified, quarantined or withdrawn")
    collection: Line | None = Field(default=None, description="the survey or project")
    id: Line | None = Field(default=None, description="your own identifier")


class FlagQuery(CommunityFilter):
    """Which flags."""

    verdict: list[Verdict] = Field(default=[], description="may be repeated")
    status: list[FlagStatus] = Field(default=[], description="may be repeated")
    source: Line | None = Field(default=None, description="identifier of the list it was raised against")
    min_probability: float | None = Field(
        default=None, ge=0, le=1, allow_inf_nan=False, description="that the list does not name the community"
    )


class ReportQuery(TagsAsked, Query):
    """What a gap report is about."""

    country: Country | None = Field(default=None, description="ISO 3166 code or English name")
    admin: Line | None = Field(default=None, description="code or name of a unit, or level=value")
    source: Line | None = Field(default=None, description="identifier of one list")
    f: Literal[Format.JSON, Format.GEOJSON, Format.CSV, Format.SVG, Format.HTML, Format.PDF] | None = Field(
        default=None, description="json, geojson, csv, svg, html or pdf; without it, Accept decides"
    )


class CoverageQuery(Query):
    """Which communities, on which lists."""

    country: Country | None = Field(default=None, description="ISO 3166 code or English name")
    admin: Line | None = Field(default=None, description="code or name of a unit, or level=value")
    kind: Line | None = Field(default=None, description="of place, such as village")
    lists: list[Line] = Field(
        default=[],
        max_length=10,
        description="an organisation, organisation/collection, `citizens`, or a source; else all of the country",
    )
    stratify: list[Line] = Field(default=[], max_length=2, description="kind, or a level such as county")
    seeded: list[Line] = Field(default=[], max_length=10, description="B:A where list B was made from list A")
    f: Annotated[
        Literal[Format.JSON, Format.SVG] | None, Field(description="json or svg; without it, Accept decides")
    ] = None


class SnapshotQuery(Paging):
    """Which snapshots."""

    source: Line | None = Field(default=None, description="identifier of a source")


class DiffQuery(Paging):
    """Which changes between two snapshots."""

    change: list[Change] = Field(default=[], max_length=10, description="what became of an entry; may be repeated")
    f: Asked = None


class PlaceQuery(Query):
    """Which official places: called so, near there, or both."""

    name: Line | None = Field(default=None, description="a name, in any spelling or script")
    near: PointText | None = Field(default=None, description="latitude,longitude in degrees")
    radius_m: float | None = Field(
        default=None, gt=0, le=500_000, allow_inf_nan=False, description="around `near`, metres; 50,000 without it"
    )
    source: Line | None = Field(default=None, description="identifier of one list; all without it")
    limit: int = Field(default=20, ge=1, le=200, description="places returned")

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.name is None and self.near is None:
            message = "Nothing was asked for."
            raise mistake(message, "Give `name`, `near`, or both.", at="name")
        if self.radius_m is not None and self.near is None:
            message = "A radius needs a point."
            raise mistake(message, "Give `near` as latitude,longitude.", at="near")
        return self
