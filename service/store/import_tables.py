"""The tables of imports: what holds for a collection, how its files are read, and each file that was sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from service.store.columns import Row, json, moment, one_of, sequence


class ImportState(StrEnum):
    """Where an import stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Mode(StrEnum):
    """What a file does to the records its collection holds already."""

    APPEND = "append"  # adds and corrects
    REPLACE = "replace"  # adds and corrects, and withdraws what the file no longer has
    CORRECT = "correct"  # corrects, adds nothing


class CollectionRow(Row, table=True):
    """What holds for the records of a collection that do not say otherwise."""

    __tablename__ = "collections"

    organisation: str = Field(primary_key=True, foreign_key="organisations.id")
    collection: str = Field(primary_key=True)
    body: Any = json()
    key_id: str | None
    updated_at: datetime = moment()


class MappingRow(Row, table=True):
    """How files of one shape are read, as a person said."""

    __tablename__ = "mappings"

    organisation: str = Field(primary_key=True, foreign_key="organisations.id")
    collection: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    headers: Any = json()  # of the files it is for
    columns: Any = json()  # field -> header
    left_out: Any = json()  # headers that are not read
    key_id: str | None
    updated_at: datetime = moment()


class ImportRow(Row, table=True):
    """A file that was sent, how far it has been read, and what became of its rows."""

    __tablename__ = "imports"
    __table_args__ = (one_of("state", ImportState), one_of("mode", Mode), Index(None, "organisation", "seq"))

    seq: int | None = sequence()
    id: str = Field(unique=True)
    organisation: str = Field(foreign_key="organisations.id")
    collection: str
    key_id: str | None
    file_name: str
    mode: str
    plan: Any = json()  # how it is read; as it was when the file came, whatever is said of the collection since
    state: str = Field(index=True)
    cancelling: bool  # somebody asked it to stop
    parts: int  # of the file that were kept
    rows_read: int
    created: int
    revised: int
    unchanged: int
    set_aside: int
    quarantined: int
    withdrawn: int
    verified: int
    problems: int
    parts_of: Any = json()  # header -> part, as the file was read
    dropped: Any = json()  # columns that were not kept, and why
    stopped: Any = json(nullable=True)  # why it failed, and how to mend that
    created_at: datetime = moment()
    updated_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)


class ImportProblemRow(Row, table=True):
    """One thing that was wrong in one place of a file."""

    __tablename__ = "import_problems"

    seq: int | None = sequence()
    import_id: str = Field(foreign_key="imports.id", index=True)
    row: int | None  # as a spreadsheet numbers it
    column: str | None
    value: str | None
    message: str
    hint: str
    kept: bool  # the row was, without this value
    proposal: Any = json(nullable=True)
