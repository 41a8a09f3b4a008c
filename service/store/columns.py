"""The kinds of column that the tables share, so that both databases keep and give back the same values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, CheckConstraint, DateTime, Dialect, Integer, MetaData, Table, TypeDecorator
from sqlmodel import Field, SQLModel

#: Names of constraints and indexes, so that a later migration can name what it changes, on both databases.
NAMING = {
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, always aware. SQLite has no zones: there it is kept without one and given back with UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone, which could mean any hour of the day."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"a moment needs a time zone: {value.isoformat()}"
            raise ValueError(msg)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC, whatever zone the connection speaks."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


#: A rising number: the order in which rows came, and the position of a cursor.
SEQUENCE = BigInteger().with_variant(Integer, "sqlite")  # only a plain INTEGER key counts up by itself in SQLite


class Row(SQLModel):
    """What every table has: one naming convention, and its SQLAlchemy table for queries."""

    metadata = MetaData(naming_convention=NAMING)
    __table__: ClassVar[Table]


def sequence() -> Any:
    """Return the field of a rising primary key."""
    return Field(default=None, primary_key=True, sa_type=SEQUENCE)


def moment(**options: Any) -> Any:
    """Return the field of a moment in UTC."""
    return Field(sa_type=UtcDateTime, **options)


def json(**options: Any) -> Any:
    """Return the field of a JSON value."""
    return Field(sa_type=JSON, **options)


def one_of(column: str, terms: Iterable[StrEnum]) -> CheckConstraint:
    """Return the constraint that a column holds one of the terms (or null, where it may)."""
    listed = ", ".join(f"'{term.value}'" for term in terms)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def between(column: str, low: float, high: float) -> CheckConstraint:
    """Return the constraint that a column lies in a closed range (or is null, where it may be)."""
    return CheckConstraint(f"{column} >= {low} AND {column} <= {high}", name=column)
