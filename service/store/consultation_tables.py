"""The tables of consultations: statements of respondents and meetings, and words that nobody could group."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from service.accounts.statement import Form, Question
from service.store.columns import Row, json, one_of, sequence


class StatementRow(Row, table=True):
    """One version of what a respondent or a meeting said. No moment is kept: `arrival` says only what came together.

    A correction is another row; the one before says with which arrival it was superseded.
    """

    __tablename__ = "statements"
    __table_args__ = (
        UniqueConstraint("id", "revision"),
        one_of("form", Form),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("people >= 0", name="people"),
        CheckConstraint("length(country) = 3", name="country"),
        Index(None, "organisation", "collection", "own_key"),
        Index(None, "country", "organisation", "collection"),
    )

    seq: int | None = sequence()
    id: str
    revision: int
    organisation: str = Field(foreign_key="organisations.id")
    collection: str
    own_key: str | None  # digest of the organisation's own identifier, which itself is not kept
    fingerprint: str
    arrival: int = Field(index=True)
    superseded: int | None  # arrival of the next version; null: this one holds
    form: str
    country: str
    people: int
    consent: str
    body: Any = json()


class UngroupedWordRow(Row, table=True):
    """A short answer that no list knows, apart from who gave it; for its own organisation to look at."""

    __tablename__ = "ungrouped_words"
    __table_args__ = (one_of("question", Question), CheckConstraint("times >= 1", name="times"))

    organisation: str = Field(primary_key=True, foreign_key="organisations.id")
    collection: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    word: str = Field(primary_key=True)
    times: int  # answers that brought it
