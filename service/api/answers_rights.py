"""What answers about rights look like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from service.api.answers import Shown
from service.rights.withdrawal import Outcome


class HoldShown(Shown):
    """An emergency hold, as admins see it."""

    id: str
    country: str | None
    admin: str | None
    people: str | None
    organisation: str | None
    collection: str | None
    bbox: list[float] | None = Field(description="west, south, east, north in degrees")
    reason: str = Field(description="never told to anybody but admins")
    until: datetime | None = Field(description="null: until it is lifted")
    in_force: bool
    by_organisation: str | None = Field(description="null: the operator of the machine")
    created_at: datetime
    lifted_at: datetime | None


class HoldBegun(HoldShown):
    """A hold that was just made."""

    records_held: int = Field(description="how many records are hidden now, by this and every other hold")


class HoldsShown(Shown):
    """Every hold there ever was, the newest first."""

    items: list[HoldShown]


class WithdrawnShown(Shown):
    """What became of one record that was to be withdrawn."""

    id: str = Field(description="as it was given: the record's, or your own")
    outcome: Outcome = Field(description="not_found also for what is not yours")


class WithdrawnPage(Shown):
    """What became of each, in the order given; of a collection the numbers alone."""

    withdrawn: int = Field(description="records that say nothing any more because of this call")
    items: list[WithdrawnShown]


class AdmittedShown(Shown):
    """A record that may come back when it is sent again."""

    id: str
    outcome: Literal["admitted"]


class TombstoneShown(Shown):
    """What is gone. Nothing else is told of it."""

    noun: Literal["flag", "record"]
    id: str
    at: datetime


class TombstonesShown(Shown):
    """Tombstones in the order they were laid."""

    items: list[TombstoneShown]
    next: str | None = Field(description="the address of what follows already; null where that is all for now")
    cursor: str = Field(description="keep it, and ask with it the next time: nothing is told twice or left out")


class ContactShown(Shown):
    """Whom to tell that something here does harm, or could."""

    harm: str | None = Field(description="e-mail, telephone or address of a page; null where the operator named nobody")
    how: str
