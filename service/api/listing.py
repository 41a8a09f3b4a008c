"""Pages of redacted things: what a caller may not see is skipped without a trace, in filters too.

Whether another page follows is said only of what may be seen, and a cursor is the identifier of the last thing that was
shown: a row number would tell how many hidden ones lie between.

A filter is a question, and answers can be added up: with small enough boxes a blurred place could be found to the
metre, with guessed names a withheld one. So for whoever does not work with everything, box, name, unit and tags are
held against what is shown and never reach the database; and a next page is promised only where there is one to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Request

from service.api.queries import CommunityFilter
from service.callers.territory import is_within
from service.disclosure.tags import has_tags
from service.errors import INVALID, NOT_FOUND, Problem
from service.http.answers import MEDIA_TYPES, Answer, Format
from service.store.filters import MAX_PAGE, is_named
from service.store.values import Page
from service.writing.formats import csv_text, feature_collection, json_text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shelf(Generic[T]):
    """Where a page comes from: reads (the store's cursor, limit) → page, and shows one item or None.

    `place` returns the store's cursor after a thing that was shown, by its identifier. It raises `Problem` (not found)
    where the caller may not see it, and where there is none.
    """

    read: Callable[[str | None, int], Page[T]]
    show: Callable[[T], dict[str, Any] | None]
    place: Callable[[str], str]


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
    """Return up to `limit` items that may be shown; a next page is named only where it shows something.

    Raises `Problem` (invalid) for a cursor that names nothing the caller may see.
    """
    at = placed(shelf.place, cursor)
    items: list[dict[str, Any]] = []
    wanted = limit + 1  # one more tells whether another page follows
    while len(items) <= limit:
        page = shelf.read(at, wanted)
        items += [shown for shown in map(shelf.show, page.items) if shown is not None]
        at = page.next_cursor
        if at is None:
            break
        wanted = min(2 * wanted, MAX_PAGE)  # much is hidden here
    return Shown(items[:limit], items[limit - 1]["id"] if len(items) > limit else None)


def placed(place: Callable[[str], str], cursor: str | None) -> str | None:
    """Return the store's cursor for one that was given out. Raises `Problem` (invalid) for any other."""
    if cursor is None:
        return None
    try:
        return place(cursor)
    except Problem as problem:
        if problem.kind is not NOT_FOUND:
            raise
        detail = "The cursor is not one this service gave out. Start again without it."
        raise Problem(INVALID, detail) from None


def next_address(request: Request, cursor: str | None) -> str | None:
    """Return the address of the page after this one, with the same filters."""
    if cursor is None:
        return None
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"


def answers(query: CommunityFilter, community: Mapping[str, Any]) -> bool:
    """Return whether a community, as shown, is what was asked for by name, unit, tags and box."""
    names = (name["text"] for name in community["names"])
    if query.q is not None and not is_named(query.q, names):
        return False
    if query.admin is not None and not is_within(query.admin, community["admin"].items()):
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
