"""What items are asked for by: OGC's own words (bbox, datetime, limit), a cursor, and filters of `GET /v1/flags`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from service.api.fields import Country, Line, mistake
from service.api.layered import FlagsInBox
from service.api.queries import BoxText, Cursor, Query, numbers
from service.http.answers import Format
from service.store.filters import MAX_PAGE, Bbox

_HINT = "Give a moment or a day, or two with / between them, either of which may be .."
_OPEN = frozenset({"", ".."})
_TIME = (
    r"^(\.\.|\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2}))?)?"
    r"(/(\.\.|\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2}))?)?)?$"
)


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when, both included; None: without end."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, day: date | None) -> bool:
        """Return whether a day lies in it; one that is not known may lie anywhere."""
        if day is None:
            return True
        begins, ends = datetime.combine(day, time.min, UTC), datetime.combine(day, time.max, UTC)
        return (self.since is None or self.since <= ends) and (self.until is None or begins <= self.until)


def span_of(text: str | None) -> Span:
    """Return a span as RFC 3339 writes it, a day as all of it. Raises `ValueError`."""
    if text is None:
        return Span()
    first, slash, last = text.partition("/")
    since = None if first in _OPEN else _moment(first, time.min)
    until = None if slash and last in _OPEN else _moment(last if slash else first, time.max)
    return Span(since, until)


def _moment(text: str, at: time) -> datetime:
    if len(text) == len("2026-03-31"):
        return datetime.combine(date.fromisoformat(text), at, UTC)
    return datetime.fromisoformat(text)


def _spanning(text: str) -> str:
    try:
        span = span_of(text)
    except ValueError:
        message = f"{text!r} is no moment and no span of time."
        raise mistake(message, _HINT) from None
    if text in {"", "..", "/", "../.."}:
        message = "This span has neither a beginning nor an end."
        raise mistake(message, _HINT)
    if span.since and span.until and span.since > span.until:
        message = "This span ends before it begins."
        raise mistake(message, _HINT)
    return text


Datetime = Annotated[
    str,
    Field(pattern=_TIME, max_length=80, json_schema_extra={"format": "span"}),
    AfterValidator(_spanning),
]
Limit = Annotated[int, Field(ge=1, le=MAX_PAGE, description="features on a page")]
Form = Literal[Format.JSON, Format.HTML] | None
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


class Written(Query):
    """How an answer is written."""

    f: Form = Field(default=None, description="json or html; without it, Accept decides")


class FlagItems(FlagsInBox):
    """Which flags."""

    datetime: Datetime | None = Field(default=None, description="when a flag was last changed: a moment, or a span a/b")
    limit: Limit = 100
    cursor: Cursor | None = Field(default=None, description="from the link `next` of the page before")
    f: Form = Field(default=None, description="json or html; without it, Accept decides")


class PlaceItems(Query):
    """Which official places."""

    source: Line | None = Field(default=None, description="identifier of one list; all without it")
    country: Country | None = Field(default=None, description="ISO 3166 code or English name")
    kind: Line | None = Field(default=None, description="of place, such as village")
    bbox: BoxText | None = Field(default=None, description="west,south,east,north in degrees")
    datetime: Datetime | None = Field(
        default=None, description="the day that a list speaks of: a moment, or a span a/b"
    )
    limit: Limit = 100
    cursor: Cursor | None = Field(default=None, description="from the link `next` of the page before")
    f: Form = Field(default=None, description="json or html; without it, Accept decides")

    @property
    def box(self) -> Bbox | None:
        """The bounding box as numbers."""
        return box_of(self.bbox)


class AreaItems(Query):
    """Which areas."""

    country: Country | None = Field(default=None, description="ISO 3166 code or English name")
    bbox: BoxText | None = Field(default=None, description="west,south,east,north in degrees")
    datetime: Datetime | None = Field(default=None, description="areas are of today: a moment, or a span a/b")
    limit: Limit = 100
    cursor: Cursor | None = Field(default=None, description="from the link `next` of the page before")
    f: Form = Field(default=None, description="json or html; without it, Accept decides")

    @property
    def box(self) -> Bbox | None:
        """The bounding box as numbers."""
        return box_of(self.bbox)


def box_of(text: str | None) -> Bbox | None:
    """Return a box as numbers."""
    if text is None:
        return None
    west, south, east, north = numbers(text)
    return west, south, east, north
