"""What a search certificate looks like; its members are those of the canonical form (docs/certificates.md)."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from matchers.base import Verdict
from service.api.answers import Absent, CandidateShown, CountedShown, Probability, SearchShown, Shown, Texts


class CertifiedRecord(Shown):
    """The account, by its digest."""

    id: str
    account: str = Field(description="sha256 of the account as it was sent")


class CertifiedList(Shown):
    """The official list, by its digest, and what it says it would list."""

    source: str
    title: str
    snapshot: str = Field(description="sha256, see /v1/snapshots")
    vintage: str
    reference_date: date | None
    coverage: dict[str, Any]


class CertifiedModel(Shown):
    """What the record was judged with."""

    version: str
    parameters: str = Field(description="sha256 of all numbers")


class CompanyShown(Shown):
    """What the company of other records came to."""

    free: dict[str, Probability] = Field(description="by entry, how far others leave it to this record; else wholly")
    rival: Texts | None = Field(description="the record that competed, and the entry")
    part_of: bool = Field(description="one of several parts of a place that the list names whole")


class CertifiedSearch(SearchShown):
    """How the record was searched for, and in which company."""

    taxonomy: str | None = Field(description="sha256 of the groups of people known; null where the record names none")
    company: CompanyShown
    known: dict[str, Any] | None = Field(
        default=None, description="what neither table says: growth rates by their digest, the collection's quality"
    )


class CertifiedFinding(Shown):
    """What was found."""

    verdict: Verdict
    subtype: str | None
    p_absent: Absent
    p_absent_alone: Absent
    official_id: str | None
    official_name: str | None
    p_match: Probability | None
    competitor: str | None
    needs_review: bool
    attributes: Texts
    failed_preconditions: Texts
    causes: Texts
    counted: CountedShown | None = Field(default=None, description="what its counts came to; null where untested")
    reason: str


class CertifiedCandidate(CandidateShown):
    """An entry that was considered."""

    bits: float = Field(description="all its evidence")


class ChangeShown(Shown):
    """One change of one feature, and what the comparison then says."""

    feature: str = Field(description="name, place, admin, kind, count, or company: another record")
    official_id: str
    bits: float = Field(description="by how much the evidence for that entry would change")
    distance_m: float | None = Field(description="from the entry, where the location changes")
    count: int | None = Field(description="where a count changes")
    verdict: Verdict
    p_absent: Absent
    sentence: str


# Named here, because a member below is itself called `list`.
Candidates = list[CertifiedCandidate]
Changes = list[ChangeShown]


class CertificateShown(Shown):
    """Everything a finding rests on beside the account and the list themselves, which it names by their digests."""

    form: int
    release: str = Field(description="of the software that made the finding")
    record: CertifiedRecord
    list: CertifiedList
    model: CertifiedModel
    today: date
    decisions_until: int | None = Field(description="up to where people's decisions were remembered")
    search: CertifiedSearch
    finding: CertifiedFinding
    candidates: Candidates
    smallest_changes: Changes = Field(description="those of least evidence first; empty where no single one would do")
