"""The tables of due process: what people judge without knowing what others decided, and appeals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from service.store.columns import Row, json, moment, one_of, sequence
from service.store.values import JUDGEMENTS


class OpinionRow(Row, table=True):
    """A matter to be judged blind, and what somebody judged. The database refuses to change it after that.

    The first judgement of a matter decides about it, and is kept as any other decision; this row only says that it was
    handed out blind. The second is held against the decision it was drawn for, the third settles where both differ.
    """

    __tablename__ = "opinions"
    __table_args__ = (
        UniqueConstraint("review_id", "ordinal"),
        CheckConstraint("ordinal BETWEEN 1 AND 3", name="ordinal"),
        one_of("decision", JUDGEMENTS),
        Index(None, "handed_to", "flag_id"),
    )

    seq: int | None = sequence()
    id: str = Field(unique=True)
    flag_id: str = Field(foreign_key="flags.id", index=True)
    review_id: str | None = Field(foreign_key="reviews.id")  # the decision it was drawn for; null: it is the first
    ordinal: int
    drawn_at: datetime = moment()
    handed_to: str | None = Field(foreign_key="keys.id")
    handed_at: datetime | None = moment(nullable=True)
    decision: str | None
    reason_code: str | None
    note: str | None
    organisation: str | None = Field(foreign_key="organisations.id")
    key_id: str | None = Field(foreign_key="keys.id")
    decided_at: datetime | None = moment(nullable=True)


class AppealRow(Row, table=True):
    """Why those who sent a record want a decision looked at again. Only who answered it is added later."""

    __tablename__ = "appeals"

    seq: int | None = sequence()
    id: str = Field(unique=True)
    flag_id: str = Field(foreign_key="flags.id", index=True)
    review_id: str = Field(foreign_key="reviews.id", unique=True)  # the decision it is against
    organisation: str = Field(foreign_key="organisations.id")
    key_id: str = Field(foreign_key="keys.id")
    grounds: str | None  # null once erased
    evidence: Any = json(nullable=True)  # what is new: records, counts, links; null where nothing is, or once erased
    created_at: datetime = moment()
    answered_by: str | None = Field(foreign_key="reviews.id")
    answered_at: datetime | None = moment(nullable=True)
