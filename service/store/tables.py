"""The tables of what people say and decide, and of what was found.

Rows never leave the store: what is given back are the frozen values of `service.store.values`. They point at one
another by their public identifier. A flag belongs to a community, to which one record or several belong.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from matchers.base import Verdict
from service.callers.caller import Role
from service.store import (  # noqa: F401 - declare their tables
    access_tables,
    consultation_tables,
    decision_tables,
    desk_tables,
    edition_tables,
    feed_tables,
    gap_report_tables,
    import_tables,
    login_tables,
    memory_tables,
    placed_tables,
    pull_tables,
    quality_tables,
    release_tables,
    rights_tables,
    schedule_tables,
    webhook_tables,
)
from service.store.columns import Row, between, json, moment, one_of, sequence
from service.store.official_tables import SnapshotRow
from service.store.values import FlagStatus, RecordState

#: What people decide. That a flag regressed is no opinion: only an official release brings it, and an appeal its own.
DECISIONS = tuple(status for status in FlagStatus if status not in {FlagStatus.REGRESSED, FlagStatus.APPEALED})

#: A record that just arrived has no verdict to be found by.
_FOUND = "verdict IS NOT NULL"
#: Few findings name the record that an entry rather went to.
_NAMED = "competitor IS NOT NULL"
#: Most flags are settled, and stand in no queue.
_WAITS = "urgency IS NOT NULL"

#: Every table; importing this module declares those of memory and of the official side too.
METADATA = SnapshotRow.metadata


class OrganisationKind(StrEnum):
    """What an organisation is."""

    CIVIL_SOCIETY = "civil_society"
    STATISTICAL_OFFICE = "statistical_office"
    OTHER = "other"


class OrganisationRow(Row, table=True):
    """A group that sends records or reviews flags. The database refuses to delete it."""

    __tablename__ = "organisations"
    __table_args__ = (one_of("kind", OrganisationKind),)

    id: str = Field(primary_key=True)  # its short name, e.g. "map-kibera"
    name: str | None = None  # as it writes itself
    kind: str | None = None
    contact: str | None = None  # for its coalition and admins
    created_at: datetime = moment()


class KeyRow(Row, table=True):
    """An API key, of which only a hash is kept."""

    __tablename__ = "keys"
    __table_args__ = (one_of("role", Role),)

    seq: int | None = sequence()
    id: str = Field(unique=True)
    organisation: str = Field(foreign_key="organisations.id", index=True)
    role: str
    label: str
    hash: str = Field(unique=True)  # sha256 of the key, hexadecimal
    created_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)
    expires_at: datetime | None = moment(nullable=True)
    last_used_on: date | None = None  # UTC
    scope: Any = json(nullable=True)  # its areas and charges (`service.store.scoping`); null: neither
    line: str | None = Field(default=None, index=True)  # the first of the keys it took the place of; null: none


class CommunityRow(Row, table=True):
    """What one or more records are about. One that turned out to be another says which, and holds no records.

    The database refuses to delete it.
    """

    __tablename__ = "communities"

    id: str = Field(primary_key=True)
    merged_into: str | None
    created_at: datetime = moment()


class RecordRow(Row, table=True):
    """One organisation's account of one community: what lists and filters need; the account itself is a revision.

    Its organisation and community are there: whoever keeps a record locks or makes them in the same transaction, and
    neither is ever deleted. Looking both up again for each row would be a third of the time that a file takes.
    """

    __tablename__ = "records"
    __table_args__ = (
        UniqueConstraint("organisation", "own_id"),
        one_of("state", RecordState),
        one_of("verdict", Verdict),
        between("lat", -90, 90),
        between("lon", -180, 180),
        between("p_absent", 0, 1),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("length(country) = 3", name="country"),
        Index(None, "country", "name_key"),
        Index(None, "organisation", "spot"),
        Index(None, "organisation", "created_at"),
        Index(None, "verdict", sqlite_where=text(_FOUND), postgresql_where=text(_FOUND)),
    )

    seq: int | None = sequence()
    id: str = Field(unique=True)
    organisation: str
    own_id: str | None
    revision: int
    fingerprint: str  # of the current revision
    state: str = Field(index=True)
    country: str
    lat: float | None
    lon: float | None
    cell: int | None = Field(index=True)  # of a grid, to find what lies near (`service.store.neighbours`)
    spot: str | None  # the point to five decimals
    search: str  # every name folded, one a line
    name_key: str = Field(sa_column_kwargs={"server_default": ""})  # the letters of the first of them
    admin: str  # every administrative unit folded, one "level=value" a line, a line break at either end
    collection: str | None = Field(index=True)
    tags: str = Field(sa_column_kwargs={"server_default": ""})  # as `service.store.tagged` reads them, one a line
    tagged_by: str = Field(sa_column_kwargs={"server_default": ""})  # digest of the rules they follow from
    verdict: str | None
    p_absent: float | None
    community_id: str | None = Field(index=True)  # null until it was first verified
    quarantine: Any = json(nullable=True)  # why it waits for a person, null where it does not
    released_at: datetime | None = moment(nullable=True)  # when a person let it out
    withdrawn_for: str | None  # why it must not come back by itself; null where it may
    erased_at: datetime | None = moment(nullable=True)  # from then on it says nothing, and nobody reads it
    created_at: datetime = moment()
    updated_at: datetime = moment(index=True)


class RevisionRow(Row, table=True):
    """An account as it was sent. A correction is another row."""

    __tablename__ = "revisions"

    record_id: str = Field(foreign_key="records.id", primary_key=True)
    number: int = Field(primary_key=True)
    fingerprint: str
    body: Any = json()
    key_id: str | None
    created_at: datetime = moment()


class FindingRow(Row, table=True):
    """What one comparison with one snapshot said. `place` is null once a newer finding took its place."""

    __tablename__ = "findings"
    __table_args__ = (
        one_of("verdict", Verdict),
        between("p_absent", 0, 1),
        between("p_absent_alone", 0, 1),
        between("p_match", 0, 1),
        Index(None, "record_id", "place"),
        Index(None, "snapshot", "official_id"),
        Index(None, "holds_at", "official_id"),
        Index(None, "competitor", sqlite_where=text(_NAMED), postgresql_where=text(_NAMED)),
    )

    seq: int | None = sequence()
    id: str = Field(unique=True)
    record_id: str = Field(foreign_key="records.id")
    revision: int
    place: int | None  # among the record's present findings: 0 is the primary one
    source: str
    snapshot: str = Field(foreign_key="snapshots.sha256", index=True)
    model: str
    verdict: str
    subtype: str | None
    p_absent: float | None
    p_match: float | None
    official_id: str | None
    official_name: str | None
    needs_review: bool
    attributes: Any = json()
    failed_preconditions: Any = json()
    reason: str
    candidates: Any = json()
    created_at: datetime = moment()
    p_absent_alone: float | None
    competitor: str | None
    causes: Any = json(sa_column_kwargs={"server_default": "[]"})  # those of before there were any say none
    parameters: str | None = Field(foreign_key="parameter_sets.sha256")  # null: found before certificates were kept
    certificate: Any = json(nullable=True)  # what of the certificate no other column says
    counted: Any = json(nullable=True)  # what its counts came to
    holds_at: str | None = Field(foreign_key="snapshots.sha256")  # later snapshot that concerned nothing of it


class ParametersRow(Row, table=True):
    """A set of parameters that findings were judged with, under the sha256 of its canonical form; never changed."""

    __tablename__ = "parameter_sets"

    sha256: str = Field(primary_key=True)
    version: str
    body: Any = json()
    created_at: datetime = moment()


class FlagRow(Row, table=True):
    """The open matter about one community, and the evidence it stands on."""

    __tablename__ = "flags"
    __table_args__ = (
        one_of("status", FlagStatus),
        one_of("verdict", Verdict),
        between("p_absent", 0, 1),
        CheckConstraint("version >= 1", name="version"),
        Index(None, "urgency", "id", sqlite_where=text(_WAITS), postgresql_where=text(_WAITS)),
        Index(None, "decided", "record_id"),
    )

    seq: int | None = sequence()
    id: str = Field(unique=True)
    community_id: str = Field(foreign_key="communities.id", unique=True)
    record_id: str = Field(foreign_key="records.id", index=True)  # the record that speaks for the community
    status: str = Field(index=True)
    decided: bool  # the present status was set by a person
    version: int
    verdict: str = Field(index=True)
    subtype: str | None
    p_absent: float | None
    source: str | None  # of the primary finding when the flag was last raised
    snapshot: str | None
    official_name: str | None  # the best candidate then
    account_hash: str  # of what the account says about the community itself
    combined: Any = json(nullable=True)  # what the counts of several accounts came to together
    resolved_by: str | None = Field(index=True)  # snapshot that names the community, where that resolved the flag
    withdrawn_from: str | None  # what people had decided when its last record was withdrawn
    embargo_until: datetime | None = moment(nullable=True)  # null: as long as its class has it by itself
    people: float | None  # head count by the record that speaks, null where nobody counted
    urgency: float | None  # `service.urgency.loss`; null where nothing is left to decide
    ranked_by: str = Field(sa_column_kwargs={"server_default": ""})  # digest of the policy it follows from
    deferred_until: date | None  # of a deferred flag: the day on which it is open again
    created_at: datetime = moment()
    updated_at: datetime = moment(index=True)


class ReviewRow(Row, table=True):
    """A person's decision. The database refuses to change or delete it."""

    __tablename__ = "reviews"
    __table_args__ = (one_of("decision", DECISIONS), Index(None, "supersedes", unique=True))

    seq: int | None = sequence()
    id: str = Field(unique=True)
    flag_id: str = Field(foreign_key="flags.id", index=True)
    flag_version: int  # the version that was decided upon
    evidence_hash: str
    decision: str
    reason_code: str
    note: str | None
    organisation: str = Field(foreign_key="organisations.id")
    key_id: str = Field(foreign_key="keys.id")
    created_at: datetime = moment()
    supersedes: str | None = Field(foreign_key="reviews.id")  # the decision that it takes back
    undo: bool | None  # it only takes back, and decides nothing itself
    until: date | None  # of a deferral
    message: str | None  # to those who sent the records
    question: str | None  # to them as well
    blind: bool | None  # without what the machine or others made of it; null: nobody said


class EventRow(Row, table=True):
    """What happened, to what, by whom. The database refuses to change or delete it."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "noun", "noun_id"),)

    seq: int | None = sequence()
    kind: str  # e.g. "record.created"
    noun: str
    noun_id: str
    organisation: str | None  # null: the service itself
    key_id: str | None
    data: Any = json()  # never a name, a place or free text
    created_at: datetime = moment()
    link: str  # to the event before (`service.store.chain`)


class EventHeadRow(Row, table=True):
    """Where the chain of events ends. One row, for which all who add events take turns."""

    __tablename__ = "event_head"
    __table_args__ = (CheckConstraint("id = 1", name="id"),)

    id: int = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    link: str


class ReceiptRow(Row, table=True):
    """What was answered under an Idempotency-Key, so that a retry gets the same answer."""

    __tablename__ = "receipts"

    organisation: str = Field(primary_key=True, foreign_key="organisations.id")
    key: str = Field(primary_key=True)
    fingerprint: str  # of everything sent under the key
    receipts: Any = json()
    created_at: datetime = moment()
