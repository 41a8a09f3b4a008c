"""The layer of who asks: one dependency for every route that draws, counts or pages through flags as a whole."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Annotated

from anyio import sleep
from fastapi import Depends, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from matchers.base import Verdict
from service.api.fields import Country, Line, Moment
from service.api.queries import BoxText, Query, numbers
from service.api.tags_asked import TagsAsked
from service.callers.caller import Caller
from service.errors import BUSY, Problem
from service.http.callers import Calling
from service.layers.keeping import Layers
from service.layers.layer import Layer
from service.layers.spot import SpotFilter
from service.store.values import FlagStatus

#: Seconds for which a layer that is being read is waited for; no thread waits, so that others are answered meanwhile.
PATIENCE_S = 20.0
_LOOK_S = 0.02
_AGAIN_S = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """Who asks, and the flags they see."""

    by: Caller
    layer: Layer


async def seen(request: Request, calling: Calling) -> Seen:
    """Return the flags that the caller sees, none of them older than this question.

    Raises `Problem` (busy) where reading them takes longer than anybody waits for.
    """
    layers: Layers = request.app.state.layers
    asked = await run_in_threadpool(layers.now)
    until = time.monotonic() + PATIENCE_S
    while True:
        found = layers.of(calling, asked)
        if found is not None:
            return Seen(calling, found)
        if time.monotonic() > until:
            raise Problem(BUSY, "The flags you may see are being read for the map just now.", retry_after=_AGAIN_S)
        await sleep(_LOOK_S)


Layered = Annotated[Seen, Depends(seen)]


class FlagsWanted(TagsAsked, Query):
    """Filters, as `GET /v1/flags` has them."""

    country: Country | None = Field(default=None, description="ISO 3166 code or English name")
    admin: Line | None = Field(default=None, description="code or name of a unit, or level=value")
    verdict: list[Verdict] = Field(default=[], max_length=20, description="may be repeated")
    status: list[FlagStatus] = Field(default=[], max_length=20, description="may be repeated")
    source: Line | None = Field(default=None, description="identifier of the list it was raised against")
    q: Line | None = Field(default=None, description="part of a name, in any script")
    min_probability: float | None = Field(
        default=None, ge=0, le=1, allow_inf_nan=False, description="that the list does not name the community"
    )
    updated_since: Moment | None = Field(default=None, description="with time zone, such as 2026-03-31T12:00:00Z")

    def spots(self) -> SpotFilter:
        """Return what is asked for, of what is shown of flags."""
        return SpotFilter(
            country=self.country,
            admin=self.admin,
            q=self.q,
            updated_since=self.updated_since,
            verdicts=tuple(verdict.value for verdict in self.verdict),
            statuses=tuple(status.value for status in self.status),
            source=self.source,
            min_probability=self.min_probability,
            tags=self.tags,
        )


class FlagsInBox(FlagsWanted):
    """The same, in a box."""

    bbox: BoxText | None = Field(default=None, description="west,south,east,north in degrees")

    def spots(self) -> SpotFilter:
        """Return what is asked for, of what is shown of flags."""
        wanted = super().spots()
        if self.bbox is None:
            return wanted
        west, south, east, north = numbers(self.bbox)
        return replace(wanted, bbox=(west, south, east, north))
