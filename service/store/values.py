"""What the store gives back: frozen values, so that no open row ever leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

from matchers.communities.quarantine import Ground
from service.accounts.account import Account

T = TypeVar("T")


class RecordState(StrEnum):
    """Where a record stands: kept but not yet compared, compared, set aside until a person looked at it, withdrawn."""

    PENDING = "pending"
    VERIFIED = "verified"
    QUARANTINED = "quarantined"
    WITHDRAWN = "withdrawn"  # by its organisation, until that sends it again


#: Records that say nothing at present: they belong to no company, and nothing is found about them.
SILENT = (RecordState.QUARANTINED.value, RecordState.WITHDRAWN.value)


class FlagStatus(StrEnum):
    """Where people stand with a flag. Only a person's decision publishes."""

    OPEN = "open"
    IN_REVIEW = "in_review"
    CONFIRMED = "confirmed"
    MATCHED_EXISTING = "matched_existing"
    REJECTED = "rejected"
    NEEDS_FIELD_CHECK = "needs_field_check"
    UNVERIFIABLE = "unverifiable"
    DEFERRED = "deferred"
    PUBLISHED = "published"
    RESOLVED_BY_RELEASE = "resolved_by_release"
    WITHDRAWN = "withdrawn"
    REGRESSED = "regressed"
    APPEALED = "appealed"  # decided, and put before another reviewer by those who sent it


#: What people can find about a matter. The other statuses say where it stands, not what it is.
JUDGEMENTS = (
    FlagStatus.CONFIRMED,
    FlagStatus.MATCHED_EXISTING,
    FlagStatus.REJECTED,
    FlagStatus.NEEDS_FIELD_CHECK,
    FlagStatus.UNVERIFIABLE,
)


#: What those who sent a record can appeal against: that it is not what they say, or that it has to wait.
APPEALABLE = frozenset({FlagStatus.REJECTED, FlagStatus.MATCHED_EXISTING, FlagStatus.UNVERIFIABLE, FlagStatus.DEFERRED})


@dataclass(frozen=True, slots=True)
class Finding:
    """One verified comparison of one revision of a record with one snapshot."""

    id: str
    record_id: str
    revision: int
    source: str
    snapshot: str
    model: str
    verdict: str
    subtype: str | None
    p_absent: float | None
    p_match: float | None
    official_id: str | None
    official_name: str | None
    needs_review: bool
    attributes: tuple[str, ...]
    failed_preconditions: tuple[str, ...]
    reason: str
    candidates: tuple[dict[str, Any], ...]  # rows of `matchers.base.CANDIDATES` without record_row, best first
    created_at: datetime
    p_absent_alone: float | None = None  # by the record's own evidence, had it no company
    competitor: str | None = None  # the record that the best candidate went to
    causes: tuple[str, ...] = ()
    parameters: str | None = None  # sha256 of the parameter set; None where found before certificates were kept
    counted: dict[str, Any] | None = None  # a `matchers.base.COUNTED`: what its counts came to; None where untested
    certificate: dict[str, Any] | None = None  # what of the search certificate no other field says
    holds_at: str | None = None  # a later snapshot that concerned nothing of it; None: it is as old as its own


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a published community is shown to whoever does not work with its records; drawn once."""

    method: str  # a `geodata.sensitivity.LocationMethod`
    sensitivity: str  # the class it was drawn for
    lat: float | None = None  # degrees; all None where it is held back
    lon: float | None = None
    radius_m: float | None = None  # holds the true place with probability 0.95 or more
    cell: str | None = None  # of H3
    unit: str | None = None  # name of the district


@dataclass(frozen=True, slots=True)
class Record:
    """A record as kept: the latest revision of the account, and what was found about it."""

    id: str
    organisation: str
    revision: int
    state: RecordState
    account: Account  # with consent and sensitivity as far as its collection agrees
    created_at: datetime
    updated_at: datetime
    verdict: str | None  # of the primary finding; None until the present revision was verified
    p_absent: float | None
    findings: tuple[Finding, ...]  # latest revision only, primary first
    flag_id: str | None
    community_id: str | None = None  # None: never out of quarantine
    quarantine: tuple[Ground, ...] = ()  # why it is set aside
    placed: Placed | None = None  # where its community is shown to outsiders; None: nowhere yet
    held: bool = False  # hidden from everybody outside for now (`service.store.holds`)


@dataclass(frozen=True, slots=True)
class Review:
    """One person's decision about a flag; never edited, only followed by another."""

    id: str
    flag_id: str
    decision: FlagStatus
    reason_code: str
    note: str | None
    organisation: str
    key_id: str
    created_at: datetime
    supersedes: str | None = None  # the decision that it takes back
    undo: bool | None = None  # it only takes back: `decision` is the status that is restored
    until: date | None = None  # of a deferral: the day on which it is put before people again
    message: str | None = None  # to the organisations that sent the records
    question: str | None = None  # to them as well, where somebody has to look on the ground
    blind: bool | None = None  # taken without seeing what the machine or others made of it; None: nobody said


class Witness(NamedTuple):
    """Who reports, and how it counts."""

    organisation: str
    method: str | None


@dataclass(frozen=True, slots=True)
class Audit:
    """What people found when they looked at reports of one witness, on one day."""

    day: date
    confirmed: int
    refused: int


@dataclass(frozen=True, slots=True)
class Flag:
    """The open matter about one community."""

    id: str
    status: FlagStatus
    version: int  # rises with every change; the ETag
    verdict: str  # what it stands for now: the machine's verdict, or what people concluded
    machine_verdict: str
    source: str | None  # the list it was raised against
    subtype: str | None
    p_absent: float | None
    created_at: datetime
    updated_at: datetime
    record: Record  # that it is shown with
    reviews: tuple[Review, ...]
    members: tuple[Record, ...] = ()  # all records of the community, the oldest first
    audits: Mapping[Witness, tuple[Audit, ...]] = field(default_factory=dict)  # of whoever sent these
    combined: dict[str, Any] | None = None  # what the counts of several of them came to together
    code: str | None = None  # our own, until a list names the community
    embargo_until: datetime | None = None  # where its organisation said so, instead of what holds by itself
    deferred_until: date | None = None  # where it is put off
    blind_to: frozenset[str] = frozenset()  # keys that judge it without knowing what others decided
    found_before: tuple[Finding, ...] = ()  # where there are any: what was found before anybody judged it


@dataclass(frozen=True, slots=True)
class SnapshotEntry:
    """A snapshot in the catalogue; its content lies in the archive under its sha256."""

    sha256: str
    source: str
    connector: str
    title: str
    vintage: str
    vintage_kind: str
    licence: str
    licence_url: str | None
    attribution: str
    endpoint: str
    retrieved_at: datetime
    places: int  # rows
    observations: int  # rows
    problems: int  # rows that could not be kept
    coverage: dict[str, Any]
    current: bool
    bytes: int | None = None  # in the archive; None: not measured yet
    pruned_at: datetime | None = None  # when its content was removed from the archive


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A configured source and its current snapshot, if it was ever synced."""

    id: str
    connector: str
    title: str
    current: SnapshotEntry | None
    last_checked_at: datetime | None
    last_error: str | None
    bytes: int = 0  # of all its snapshots in the archive, as far as they were measured


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How it stands with bringing a source up to date."""

    schedule: str | None = None  # cron expression, UTC; None: not by itself
    due_at: datetime | None = None
    under_way_since: datetime | None = None
    broken_off_at: datetime | None = None  # when a sync began that died


NEVER = Upkeep()


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page; `next_cursor` is None on the last."""

    items: tuple[T, ...]
    next_cursor: str | None
