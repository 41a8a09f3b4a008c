"""The tables of what people decided about pairs of a record and an official entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from matchers.memory.decisions import Answer
from service.store.columns import Row, json, moment, one_of, sequence


class DecisionRow(Row, table=True):
    """One answer of one review about one pair. The database refuses to change or delete it; the latest holds."""

    __tablename__ = "decisions"
    __table_args__ = (one_of("answer", Answer),)

    seq: int | None = sequence()
    review_id: str = Field(foreign_key="reviews.id", index=True)
    record_id: str = Field(foreign_key="records.id", index=True)
    revision: int  # of the record, which was decided upon
    source: str = Field(foreign_key="sources.id")
    official_id: str
    official_name: str  # as the list wrote it then
    answer: str
    evidence: Any = json()  # digests of what either side said then (`matchers.memory.facts`)
    evidence_hash: str
    created_at: datetime = moment()


class DecidedNameRow(Row, table=True):
    """A name, in its normal form, of a record that was decided about: who bears it later is found by it."""

    __tablename__ = "decided_names"

    name: str = Field(primary_key=True)
    record_id: str = Field(foreign_key="records.id", primary_key=True)
