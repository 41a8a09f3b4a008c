"""What answers about the reviewers' desk look like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from matchers.base import Verdict
from service.api.answers import (
    Absent,
    CountShown,
    EvidenceShown,
    ListShown,
    LocationShown,
    PageShown,
    Probability,
    Shown,
    Texts,
    Withheld,
)
from service.api.answers_review import AppealShown
from service.disclosure import Consent, Sensitivity
from service.store.values import FlagStatus

Loss = Annotated[
    float | None,
    Field(description="what waiting is expected to cost, weighed by the queue policy; null where one judges blind"),
]


class ClaimShown(Shown):
    """Who is at work on a flag, and until when."""

    organisation: str
    label: str | None = Field(description="of the key, told among colleagues of one organisation")
    mine: bool
    since: datetime
    until: datetime = Field(description="from then on others may take it")


class ClaimGivenShown(ClaimShown):
    """A claim that was just taken or made longer."""

    flag_id: str


class ReleasedShown(Shown):
    """A flag that its claimant let go."""

    flag_id: str
    released: bool


class PeopleShown(Shown):
    """How many people live there, with a 95 % range."""

    estimate: int
    low: int
    high: int


class NearestShown(Shown):
    """The best entry of the list."""

    official_id: str
    official_name: str | None
    distance_m: float | None


class QueueItemShown(Shown):
    """A flag that waits, in a few facts. Blind leaves out what the machine made of it."""

    flag_id: str
    status: FlagStatus
    version: int
    expected_loss: Loss
    waiting_days: int = Field(description="since it was raised")
    name: str | None
    country: str
    admin: dict[str, str]
    kind: str | None
    organisation: str | None
    collection: str | None
    people: PeopleShown | None
    verdict: Verdict | None
    subtype: str | None
    probability: Absent
    reason: str | None
    list: ListShown | None
    best_candidate: NearestShown | None
    claim: ClaimShown | None
    created_at: datetime
    updated_at: datetime


class QueuePage(PageShown):
    """Flags that wait for a person, the most urgent first."""

    items: list[QueueItemShown]


Counts = list[CountShown]


class SideShown(Shown):
    """One account of the community."""

    record_id: str
    speaks: bool = Field(description="whether it is the one that was compared for the flag")
    organisation: str | None
    collection: str | None
    name: str | None
    other_names: Texts
    country: str
    location: LocationShown | None
    area: dict[str, Any] | None = Field(description="outline as GeoJSON, simplified for a picture")
    admin: dict[str, str]
    kind: str | None
    groups: Texts
    counts: Counts
    observed: date | None
    founded: date | None
    evidence: Texts
    consent: Consent
    sensitivity: Sensitivity


class EntryShown(Shown):
    """What the official list says of an entry."""

    name: str | None
    other_names: Texts
    country: str | None
    admin: dict[str, str]
    lat: float | None
    lon: float | None
    uncertainty_m: float | None
    kind: str | None
    level: str | None
    counts: Counts
    area: dict[str, Any] | None = Field(description="outline as GeoJSON, simplified for a picture")


class DifferenceShown(Shown):
    """One field on both sides, and how they differ in words."""

    field: str
    here: str
    there: str
    words: str


class CaseCandidateShown(Shown):
    """An entry that was considered, beside the account. Blind leaves out its weights, and stands it by distance."""

    rank: int | None
    official_id: str
    official_name: str
    probability: Probability | None
    distance_m: float | None
    similarity: float | None
    evidence: list[EvidenceShown]
    entry: EntryShown | None = Field(description="null where the archive no longer holds the list")
    differences: list[DifferenceShown]


class HappeningShown(Shown):
    """Something that happened to the flag."""

    at: datetime
    kind: str
    organisation: str | None = Field(description="null: the service itself")
    words: str
    decision: FlagStatus | None
    reason_code: str | None
    note: str | None
    blind: bool | None = Field(description="of a decision: taken without seeing what the machine or others made of it")


class BesideShown(Shown):
    """Another flag to be decided at the same place."""

    flag_id: str
    name: str | None
    status: FlagStatus
    verdict: Verdict | None
    probability: Absent
    organisation: str | None
    distance_m: float | None


Appeals = Annotated[list[AppealShown], Field(description="against decisions about it; empty where one judges blind")]
Happenings = Annotated[list[HappeningShown], Field(description="the oldest first; empty where one judges blind")]


# Named here, because a member below is itself called `list`.
Sides = list[SideShown]
Considered = list[CaseCandidateShown]
Beside = list[BesideShown]


class CaseShown(Shown):
    """One flag with both sides, what happened, and what else waits at the place."""

    flag_id: str
    blind: bool
    status: FlagStatus
    version: int
    verdict: Verdict | None
    machine_verdict: Verdict | None
    subtype: str | None
    probability: Absent
    expected_loss: Loss
    waiting_days: int
    reason: str | None
    list: ListShown | None
    code: str | None
    people: PeopleShown | None
    claim: ClaimShown | None
    accounts: Sides
    candidates: Considered
    history: Happenings
    took_part: Texts = Field(description="organisations that had a part in what happened")
    appeals: Appeals
    pending: Beside
    withheld: Withheld
    created_at: datetime
    updated_at: datetime


class NextShown(Shown):
    """The flag that was claimed, as a case, or nothing where nothing is left."""

    case: CaseShown | None
