"""Which flags a reviewer wants, of those that wait and of others: the same words in an address and in a body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, Field

from matchers.base import Verdict
from service.api.fields import Country, Line, Moment
from service.api.queries import BoxText, FactorAsked, SdgAsked, ThemeAsked, numbers
from service.api.reading import Reader
from service.caller import Caller, Right
from service.context import Context
from service.disclosure.tags import AskedTags, askable, has_tags
from service.disclosure.unseen import unseen_by, worked_by
from service.store import flags
from service.store.filters import FlagFilter
from service.store.values import FlagStatus

#: What waits for a person where nobody asks for anything else.
WAITING = tuple(status for status in FlagStatus if status.value in {"open", "in_review", "regressed", "appealed"})


class FlagsAsked(BaseModel):
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
    sdg: SdgAsked = []
    factor: FactorAsked = []
    theme: ThemeAsked = []

    @property
    def tags(self) -> AskedTags:
        """The tags asked for."""
        return AskedTags(tuple(self.sdg), tuple(self.factor), tuple(self.theme))

    def plain(self) -> dict[str, str]:
        """Return the filters that were asked for, in words."""
        asked = {name: getattr(self, name) for name in FlagsAsked.model_fields}
        return {
            name: ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            for name, value in asked.items()
            if value not in (None, [])
        }


def wanted_flags(context: Context, asked: FlagsAsked, calling: Caller) -> Iterator[dict[str, Any]]:
    """Yield the flags asked for as a reviewer sees them, those of their territory; some hundreds are held in memory."""
    with context.store.read() as session:
        reader = Reader(session, calling)
        for flag in flags.iterate(session, _filter(asked, calling)):
            there = calling.at(flag.record.account.country, flag.record.account.admin)
            if not there.may(Right.REVIEW) or calling.key_id in flag.blind_to:  # what is judged blind is judged alone
                continue
            shown = reader.flag(flag)
            if shown is not None and has_tags(asked.tags, shown["community"]["tags"]):
                yield shown


def _filter(asked: FlagsAsked, calling: Caller) -> FlagFilter:
    box = numbers(asked.bbox) if asked.bbox else None
    return FlagFilter(
        country=asked.country,
        verdicts=tuple(verdict.value for verdict in asked.verdict),
        statuses=tuple(asked.status) or WAITING,
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
