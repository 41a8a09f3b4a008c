"""The tables of what outsiders were told: editions of tables, and the secret by which their numbers are rounded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from service.store.columns import Row, json, moment, sequence


class EditionRow(Row, table=True):
    """One edition of the tables of one subject, with what of them was told to whom. The latest holds.

    Only that it is superseded is ever changed: then a withdrawal asks for a new one.
    """

    __tablename__ = "editions"
    __table_args__ = (
        UniqueConstraint("subject", "audience", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    seq: int | None = sequence()
    id: str = Field(unique=True)
    subject: str
    audience: str  # "outside": everybody who does not work with the records
    number: int
    digest: str  # sha256 of what is told
    tables: Any = json()  # by name: every cell with its versions (`service.disclosure.registry`); never leaves as such
    created_at: datetime = moment()
    superseded_at: datetime | None = moment(nullable=True)
    superseded_in: Any = json(nullable=True)  # countries in which; null: everywhere


class SecretRow(Row, table=True):
    """A secret of this installation, made once, so that all its processes round alike."""

    __tablename__ = "secrets"

    name: str = Field(primary_key=True)
    secret: str  # hexadecimal
    created_at: datetime = moment()
