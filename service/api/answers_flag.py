"""What answers about flags look like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from matchers.base import Verdict
from service.api.answers import (
    Absent,
    CommunityShown,
    PageShown,
    Probability,
    Shown,
    Texts,
    VerificationShown,
    Withheld,
)
from service.store.values import FlagStatus


class ReviewShown(Shown):
    """One person's decision; never edited, only followed by another."""

    id: str
    decision: FlagStatus
    reason_code: str
    note: str | None = Field(description="of reviewers for reviewers; null to others")
    organisation: str
    created_at: datetime
    supersedes: str | None = Field(description="the decision that this one takes back")
    undo: bool = Field(description="it only takes back: `decision` is what the flag stood at before")
    until: date | None = Field(description="of a deferral: when it is open again")
    message: str | None = Field(description="what was written to those who sent the records")
    question: str | None = Field(description="what they were asked")
    blind: bool | None = Field(
        description="taken without seeing what the machine or others made of it; null: nobody said"
    )


Reviews = list[ReviewShown]


class MemberShown(Shown):
    """A record of the community; only those the caller works with are named."""

    record_id: str
    organisation: str
    name: str | None
    verdict: Verdict | None
    probability: Absent
    observed: date | None


class PersonsShown(Shown):
    """One count from those of several records, with a 95 % range; see `/v1/flags/{flag_id}/counts` for each of them."""

    estimate: int
    low: int
    high: int
    unit: str = Field(description="persons, or the unit in which the list was tested")
    counts: int = Field(description="how many were combined")
    conflicting: bool = Field(description="they differ by more than their errors allow, or more than twofold")
    attributes: Texts = Field(description="such as conflicting_counts and conflicting_sources")
    sentence: str


class CorroborationShown(Shown):
    """How far the records of a community support one another, as far as the caller may see them."""

    organisations: int
    records: int
    effective_sources: float = Field(description="how many independent sources they are worth")
    probability: Probability = Field(description="that the community is there as reported")
    sufficient: bool = Field(description="whether they are worth one and a half sources, which supports publishing")
    sentence: str
    persons: PersonsShown | None = Field(description="null where fewer than two records give a usable head count")


class FlagShown(VerificationShown):
    """The open matter about one community."""

    id: str
    status: FlagStatus
    version: int = Field(description="rises with every change; send it back in If-Match or expected_version")
    machine_verdict: Verdict = Field(description="the model's own; `verdict` is what people concluded, once they did")
    created_at: datetime
    updated_at: datetime
    record_id: str
    organisation: str | None
    community: CommunityShown
    code: str | None = Field(description="provisional code of a community that no list named, e.g. X-KEN-NAIROBI-0007")
    embargo_until: datetime | None = Field(
        description="until when it is not public, whatever people decide; null once that is over, and to outsiders"
    )
    deferred_until: date | None = Field(description="while it is deferred: when it is open again")
    community_id: str | None
    members: list[MemberShown]
    corroboration: CorroborationShown | None
    reviews: Reviews
    withheld: Withheld


class FlagPage(PageShown):
    """Flags."""

    items: list[FlagShown]
