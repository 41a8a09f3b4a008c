"""What a list may be narrowed by, and where a page begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, exists, false, func, or_, select

from geodata.names.folding import fold
from service.callers.caller import Charge
from service.callers.territory import Area
from service.errors import INVALID, Problem
from service.store.conclusions import concluded_column
from service.store.embargoes import open_now
from service.store.tables import FlagRow
from service.store.tagged import Tagged, tagged
from service.store.terms import DEFAULT
from service.store.values import FlagStatus, RecordState

#: West, south, east, north in degrees; west is greater than east where the box crosses the antimeridian.
Bbox = tuple[float, float, float, float]

MAX_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Unseen:
    """Records that are left out of a page because the caller is shown none such: by what their accounts say."""

    organisation: str | None  # whose own records stay
    consents: tuple[str, ...]
    sensitivities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Worked:
    """Records that somebody works with who does not work with all: this is the one place that says which.

    Empty, it is none. Of those of partners, and of those in a territory, some may still not be shown.
    """

    organisation: str | None = None  # their own
    partners: tuple[str, ...] = ()
    areas: tuple[Area, ...] = ()
    charges: tuple[Charge, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records; None means any."""

    organisation: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-3
    state: RecordState | None = None
    verdict: str | None = None
    collection: str | None = None
    own_id: str | None = None
    admin: str | None = None  # a code or name of any level, or of one as "level=value", in any case and script
    bbox: Bbox | None = None
    q: str | None = None  # part of any name, in any script
    updated_since: datetime | None = None
    tags: Tagged | None = None
    worked: Worked | None = None  # None: whoever works with them
    unseen: Unseen | None = None  # of pages only


@dataclass(frozen=True, slots=True)
class FlagFilter:
    """Which flags; None means any, an empty `verdicts` or `statuses` any of them."""

    organisation: str | None = None
    country: str | None = None
    verdicts: tuple[str, ...] = ()
    statuses: tuple[FlagStatus, ...] = ()
    source: str | None = None  # the list it was raised against
    admin: str | None = None  # as in `RecordFilter`
    bbox: Bbox | None = None
    q: str | None = None
    min_probability: float | None = None  # of absence from the named list
    max_probability: float | None = None
    collection: str | None = None
    updated_since: datetime | None = None
    tags: Tagged | None = None
    published_only: bool = False
    published_or_of: Worked | None = None  # published, or about a record that is worked with
    speaking: bool = False  # records that were withdrawn count for nobody
    unheld: bool = False  # in totals, what is held counts for its organisation alone
    held_of: str | None = None  # which is this one
    unseen: Unseen | None = None  # of pages and tallies only


def record_conditions(records: Table, wanted: RecordFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on the table of records."""
    columns = records.c
    equal: dict[str, Any] = {
        "organisation": wanted.organisation,
        "country": wanted.country,
        "state": wanted.state.value if wanted.state else None,
        "verdict": wanted.verdict,
        "collection": wanted.collection,
        "own_id": wanted.own_id,
    }
    conditions = [columns[name] == value for name, value in equal.items() if value is not None]
    conditions.append(columns.erased_at.is_(None))
    conditions += [worked(records, wanted.worked)] if wanted.worked is not None else []
    conditions += located(records, wanted.bbox) + named(records, wanted.q) + within(records, wanted.admin)
    if wanted.updated_since:
        conditions.append(columns.updated_at >= wanted.updated_since)
    flags = FlagRow.__table__.alias()  # the query may join the flags themselves
    return conditions + tagged(records, wanted.tags, exists().where(flags.c.community_id == columns.community_id))


def flag_conditions(flags: Table, records: Table, wanted: FlagFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on flags joined with their records."""
    equal = (
        (records.c.organisation, wanted.organisation),
        (records.c.country, wanted.country),
        (records.c.collection, wanted.collection),
        (flags.c.source, wanted.source),
    )
    conditions = [column == value for column, value in equal if value is not None]
    conditions += located(records, wanted.bbox) + named(records, wanted.q) + within(records, wanted.admin)
    if wanted.verdicts:
        conditions.append(func.coalesce(concluded_column(flags), flags.c.verdict).in_(list(wanted.verdicts)))
    if wanted.statuses:
        conditions.append(flags.c.status.in_([status.value for status in wanted.statuses]))
    if wanted.min_probability is not None:
        conditions.append(flags.c.p_absent >= wanted.min_probability)
    if wanted.max_probability is not None:
        conditions.append(flags.c.p_absent <= wanted.max_probability)
    if wanted.updated_since:
        conditions.append(flags.c.updated_at >= wanted.updated_since)
    conditions += tagged(records, wanted.tags, flags.c.id.is_not(None))
    if wanted.speaking:
        conditions.append(records.c.state != RecordState.WITHDRAWN.value)
    return conditions + published(flags, records, wanted)


def published(flags: Table, records: Table, wanted: FlagFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of being open to everybody, or else of being worked with by whoever asks."""
    is_published = open_now(flags)
    if wanted.published_only or wanted.published_or_of == Worked():
        return [is_published]
    if wanted.published_or_of is not None:
        return [or_(is_published, worked(records, wanted.published_or_of))]
    return []


def worked(records: FromClause, by: Worked) -> ColumnElement[bool]:
    """Return the condition that a record is one that somebody works with."""
    theirs = [name for name in (by.organisation, *by.partners) if name is not None]
    there = [and_(records.c.country == area.country, *within(records, area.admin)) for area in by.areas]
    return or_(false(), records.c.organisation.in_(theirs), *there, *_charged(records, by.charges))


def _charged(records: FromClause, charges: Iterable[Charge]) -> list[ColumnElement[bool]]:
    """Return, for each collection and record that a steward speaks for, the condition of being it."""
    collection = func.coalesce(records.c.collection, DEFAULT)
    return [
        and_(
            records.c.organisation == one.organisation,
            records.c.id == one.record if one.record is not None else collection == one.collection,
        )
        for one in charges
    ]


def seen(records: Table, revisions: Table, unseen: Unseen | None) -> list[ColumnElement[bool]]:
    """Return the conditions on records, joined with their revisions, of not being left out."""
    if unseen is None:
        return []
    body = revisions.c.body
    kept = and_(
        func.coalesce(body["consent"].as_string(), "").not_in(list(unseen.consents)),
        func.coalesce(body["sensitivity"].as_string(), "").not_in(list(unseen.sensitivities)),
    )
    return [kept if unseen.organisation is None else or_(records.c.organisation == unseen.organisation, kept)]


def shown_with(flags: Table, records: Table, by: Worked | None) -> ColumnElement[bool]:
    """Return the condition that a flag is shown with a record: the one that speaks for its community.

    To an organisation, with its own oldest record of that community, where it has one; to a steward, with the oldest
    that they speak for.
    """
    if by is None or (by.organisation is None and not by.charges):
        return flags.c.record_id == records.c.id
    mine = records.alias()
    theirs = or_(mine.c.organisation == by.organisation, *_charged(mine, by.charges))
    own = select(mine.c.id).where(mine.c.community_id == flags.c.community_id, theirs)
    first = own.order_by(mine.c.seq).limit(1).scalar_subquery()
    return records.c.id == func.coalesce(first, flags.c.record_id)


def concerning(flags: Table, records: Table, wanted: FlagFilter) -> ColumnElement[bool]:
    """Return the condition that a flag stands over a record, as far as this filter lets anybody see its community."""
    together = flags.c.community_id == records.c.community_id
    if wanted.published_only or wanted.published_or_of == Worked():
        return flags.c.record_id == records.c.id
    if wanted.published_or_of is not None:
        own = and_(together, worked(records, wanted.published_or_of))
        return or_(flags.c.record_id == records.c.id, own)
    return together


def located(records: Table, bbox: Bbox | None) -> list[ColumnElement[bool]]:
    """Return the conditions of lying in the box; a record without a point lies in none."""
    if bbox is None:
        return []
    west, south, east, north = bbox
    lat, lon = records.c.lat, records.c.lon
    across = lon.between(west, east) if west <= east else or_(lon >= west, lon <= east)
    return [lat.between(south, north), across]


def named(records: Table, q: str | None) -> list[ColumnElement[bool]]:
    """Return the conditions that every word of the query is part of one of the names."""
    words = fold(q).split() if q else []
    if q and not words:  # only signs that no name is compared by
        return [and_(records.c.seq < 0)]
    return [records.c.search.contains(word, autoescape=True) for word in words]


def is_named(q: str, names: Iterable[str]) -> bool:
    """Return whether names, as they are shown, are what `named` finds."""
    words, search = fold(q).split(), "\n".join(map(fold, names))
    return bool(words) and all(word in search for word in words)


def within(records: FromClause, admin: str | None) -> list[ColumnElement[bool]]:
    """Return the conditions of naming an administrative unit, as `service.callers.territory.is_within` tells."""
    if admin is None:
        return []
    level, equals, value = admin.rpartition("=")
    line = f"{admin_line(level, value)}\n" if equals else f"={fold(value)}\n"
    return [records.c.admin.contains(line, autoescape=True)]


def admin_line(level: str, value: str) -> str:
    """Return the line under which a record is found by one of its administrative units."""
    return f"\n{fold(level)}={fold(value)}"


def page_after(query: Select[Any], table: Table, cursor: str | None, limit: int) -> Select[Any]:
    """Return the query for one page in order of arrival, and one row more to know whether another page follows.

    The order never changes under inserts, so a reader that walks through sees every row once.
    """
    if cursor is not None:
        query = query.where(table.c.seq > position(cursor))
    return query.order_by(table.c.seq).limit(limit + 1)


def page_size(limit: int) -> int:
    """Return the number of rows on a page, between 1 and `MAX_PAGE`."""
    return min(max(limit, 1), MAX_PAGE)


def place_of(table: Table, row_id: str) -> Select[Any]:
    """Return the query for the row number of one row."""
    return select(table.c.seq).where(table.c.id == row_id)


def cursor_at(seq: int) -> str:
    """Return the cursor of the page that follows a row."""
    return base64.urlsafe_b64encode(f"after:{seq}".encode()).decode().rstrip("=")


def position(cursor: str) -> int:
    """Return the row number in a cursor. Raises `Problem` (invalid) when it is not one of ours."""
    try:
        text = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode()
        word, _, number = text.partition(":")
        if word == "after":
            return int(number)
    except (binascii.Error, ValueError):
        pass
    detail = "The cursor is not one this service gave out. Start again without it."
    raise Problem(INVALID, detail)
