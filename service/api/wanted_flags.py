"""Which flags a reviewer wants, of those that wait and of others: the same words in an address and in a body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from matchers.base import Verdict
from service.api.fields import Country, Line, Moment
from service.api.queries import BoxText, numbers
from service.api.reading import Reader
from service.api.tags_asked import TagsAsked
from service.callers.caller import Caller, Right
from service.context import Context
from service.disclosure.tags import askable, has_tags
from service.disclosure.unseen import unseen_by, worked_by
from service.running import clock
from service.store import flag_claims, flags, queue
from service.store.engine import Session
from service.store.filters import FlagFilter
from service.store.flag_claims import FlagClaim
from service.store.queue import QueueFilter
from service.store.values import Flag, FlagStatus

#: Statuses whose flags stand in the queue.
WAITING = tuple(map(FlagStatus, queue.WAITING))


class FlagsAsked(TagsAsked):
    """Filters, as `GET /v1/flags` has them."""

    country: Country | None = Field(default=None, description="ISO 3166 code or English name")
    admin: Line | None = Field(default=None, description="code or name of a unit, or level=value")
    verdict: list[Verdict] = Field(default=[], max_length=20, description="may be repeated")
    status: list[FlagStatus] = Field(
        default=[], max_length=20, description="may be repeated; without it, what waits for a person"
    )
    source: Line | None = Field(default=None, description="identifier of the list it was raised against")
    bbox: BoxText | None = Field(default=None, description="west,south,east,north in degrees")
    q: Line | None = Field(default=None, description="part of a name, in any script")
    min_probability: float | None = Field(
        default=None, ge=0, le=1, allow_inf_nan=False, description="that the list does not name the community"
    )
    updated_since: Moment | None = Field(default=None, description="with time zone, such as 2026-03-31T12:00:00Z")

    def plain(self) -> dict[str, str]:
        """Return the filters that were asked for, in words."""
        asked = {name: getattr(self, name) for name in FlagsAsked.model_fields}
        return {
            name: ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            for name, value in asked.items()
            if value not in (None, [])
        }


@dataclass(frozen=True, slots=True)
class Found:
    """A flag as a reviewer sees it, and who else is at work on it."""

    flag: dict[str, Any]
    claimed_by: str | None


def wanted_flags(context: Context, asked: FlagsAsked, calling: Caller) -> Iterator[Found]:
    """Yield the flags asked for that lie in a reviewer's territory: of those that wait, the most urgent first.

    Some hundreds are held in memory.
    """
    at = clock.now()
    with context.store.read() as session:
        reader = Reader(session, calling)
        for some in _read(session, asked, calling, at):
            claims = flag_claims.of(session, [flag.id for flag in some], at)
            for flag in some:
                there = calling.at(flag.record.account.country, flag.record.account.admin)
                if not there.may(Right.REVIEW) or calling.key_id in flag.blind_to:  # what is judged blind stands alone
                    continue
                shown = reader.flag(flag)
                if shown is not None and has_tags(asked.tags, shown["community"]["tags"]):
                    yield Found(shown, _told(claims.get(flag.id), calling))


def _read(session: Session, asked: FlagsAsked, calling: Caller, at: datetime) -> Iterator[Sequence[Flag]]:
    wanted = _filter(asked, calling)
    if set(wanted.statuses) <= set(WAITING):
        countries = None if calling.areas is None else frozenset(area.country for area in calling.areas)
        waiting = QueueFilter(wanted, at, key_id=calling.key_id, countries=countries)
        after: queue.Place | None = None
        while places := queue.places(session, waiting, after, flags.CHUNK):
            yield flags.many(session, [place.flag_id for place in places])
            after = places[-1]
        return
    cursor: str | None = None
    while True:
        page = flags.page(session, wanted, cursor, flags.CHUNK)
        yield page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _told(claim: FlagClaim | None, calling: Caller) -> str | None:
    if claim is None:
        return None
    who = "you" if claim.key_id == calling.key_id else claim.organisation
    return f"{who}, until {claim.until:%Y-%m-%d %H:%M} UTC"


def _filter(asked: FlagsAsked, calling: Caller) -> FlagFilter:
    box = numbers(asked.bbox) if asked.bbox else None
    return FlagFilter(
        country=asked.country,
        verdicts=tuple(verdict.value for verdict in asked.verdict),
        statuses=tuple(asked.status),
        admin=asked.admin,
        source=asked.source,
        bbox=(box[0], box[1], box[2], box[3]) if box else None,
        q=asked.q,
        min_probability=asked.min_probability,
        updated_since=asked.updated_since,
        tags=askable(asked.tags, calling),
        published_or_of=worked_by(calling),
        unseen=unseen_by(calling),
    )
