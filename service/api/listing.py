"""Pages of redacted things: what a caller may not see is skipped without a trace, in filters too.

A filter is a question, and answers can be added up: with small enough boxes a blurred place could be found to the
metre, with guessed names a withheld one. So box and name are held against what is shown, not against what is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Request

from service.api.queries import CommunityFilter
from service.disclosure import GRID_M
from service.disclosure.tags import has_tags
from service.formats import csv_text, feature_collection, json_text
from service.http.answers import MEDIA_TYPES, Answer, Format
from service.store.filters import Bbox
from service.store.values import Page

T = TypeVar("T")

#: Store pages read for one page of an answer; what is hidden may be much, a request stays short.
_MOST_READS = 10

#: Rows of a store page, once the first was not enough.
_LEAST_READ = 200

_METRES_PER_DEGREE = 111_000


@dataclass(frozen=True, slots=True)
class Shelf(Generic[T]):
    """Where a page comes from: reads (cursor, limit) → page, and shows one item or None."""

    read: Callable[[str | None, int], Page[T]]
    show: Callable[[T], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Rows:
    """How shown items become flat rows."""

    columns: tuple[str, ...]
    flat: Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of shown items, and the cursor of the next."""

    items: list[dict[str, Any]]
    next_cursor: str | None


def visible(shelf: Shelf[T], cursor: str | None, limit: int) -> Shown:
    """Return up to `limit` items that may be shown, and the cursor of the next page where that shows anything.

    Another page that shows nothing would tell that something hidden answers the question. Only where very much is
    hidden, thousands of rows on end, there may be fewer items, with a next page.
    """
    items: list[dict[str, Any]] = []
    for read in range(_MOST_READS):
        wanted = limit - len(items)
        page = shelf.read(cursor, max(wanted, _LEAST_READ) if read else wanted)
        shown = [shelf.show(item) for item in page.items]
        places = [at for at, one in enumerate(shown) if one is not None]
        if len(places) > wanted:  # end behind the last one shown: another one follows
            page = shelf.read(cursor, places[wanted - 1] + 1)
        items += [one for one in shown if one is not None][:wanted]
        cursor = page.next_cursor
        if len(places) > wanted or cursor is None:
            return Shown(items, cursor)
        if len(items) == limit:
            return Shown(items, cursor if _anything(shelf, cursor) else None)
    return Shown(items, cursor)


def _anything(shelf: Shelf[T], cursor: str | None) -> bool:
    """Return whether a page has anything to show; taken for granted where it would take long to find out."""
    for read in range(_MOST_READS):
        page = shelf.read(cursor, _LEAST_READ if read else 1)
        if any(shelf.show(item) is not None for item in page.items):
            return True
        cursor = page.next_cursor
        if cursor is None:
            return False
    return True


def next_address(request: Request, cursor: str | None) -> str | None:
    """Return the address of the page after this one, with the same filters."""
    if cursor is None:
        return None
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"


def widened(box: Bbox | None) -> Bbox | None:
    """Return a box that holds every place whose blurred point could lie in this one."""
    if box is None:
        return None
    west, south, east, north = box
    reach = max(GRID_M.values()) / _METRES_PER_DEGREE
    south, north = max(-90.0, south - reach), min(90.0, north + reach)
    narrow = min(cos(radians(south)), cos(radians(north)))
    along = reach / max(narrow, 1e-9)
    span = (east - west) % 360 if (west, east) != (-180, 180) else 360
    if span + 2 * along >= 360:  # noqa: PLR2004 - all around the globe
        return -180.0, south, 180.0, north
    return _lon(west - along), south, _lon(east + along), north


def answers(query: CommunityFilter, community: Mapping[str, Any]) -> bool:
    """Return whether a community, as shown, is what was asked for by name, unit, tags and box."""
    if (query.q is not None and not community["names"]) or (query.admin is not None and not community["admin"]):
        return False
    if not has_tags(query.tags, community["tags"]):
        return False
    if query.box is None:
        return True
    location = community["location"]
    if location is None:
        return False
    west, south, east, north = query.box
    lat, lon = location["lat"], location["lon"]
    across = west <= lon <= east if west <= east else lon >= west or lon <= east
    return bool(south <= lat <= north and across)


def answer_page(request: Request, page: Shown, form: Format, rows: Rows) -> Answer:
    """Return a page in the format asked for, with the address of the next one."""
    following = next_address(request, page.next_cursor)
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    if form is Format.CSV:
        return Answer(csv_text(rows.columns, map(rows.flat, page.items)), MEDIA_TYPES[form], headers)
    if form is Format.GEOJSON:
        links = [{"rel": "next", "href": following, "type": MEDIA_TYPES[form]}] if following else []
        return Answer(feature_collection([rows.flat(item) for item in page.items], links), MEDIA_TYPES[form], headers)
    body = {"numberReturned": len(page.items), "next": following, "items": page.items}
    return Answer(json_text(body), headers=headers)


def _lon(degrees: float) -> float:
    return (degrees + 180) % 360 - 180
