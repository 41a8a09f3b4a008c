"""What a backup says of itself: its format, of which version it is, and the size and sha256 of everything in it."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson

from service.errors import INVALID, Problem

#: Of the file as a whole. A reader refuses any that is newer than its own.
FORMAT = 1

MANIFEST, SEAL = "manifest.json", "manifest.json.sha256"
_NAME = re.compile(
    r"tables/[a-z_]{1,60}\.parquet|snapshots/[0-9a-f]{64}/[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}|uploads/[0-9a-f]{32}"
)


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a backup."""

    name: str  # tables/NAME.parquet, snapshots/SHA256/FILE or uploads/IMPORT
    bytes: int
    sha256: str
    rows: int | None = None  # of a table

    @property
    def parts(self) -> list[str]:
        """The parts of its name."""
        return self.name.split("/")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    made_by: str  # release of the software
    made_at: datetime
    migration: str  # revision of the database
    database: str  # kind it was: sqlite, postgresql
    head_seq: int | None  # where the chain of events ended
    head_link: str | None
    members: tuple[Member, ...]
    missing: tuple[str, ...] = ()  # snapshots and uploads that were not there, or not readable, when it was made

    def written(self) -> bytes:
        """Return it as JSON."""
        told = {"format": FORMAT, "software": "uncounted", **asdict(self)}
        return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z) + b"\n"

    def of(self, room: str) -> tuple[Member, ...]:
        """Return the members of one room: tables, snapshots or uploads."""
        return tuple(member for member in self.members if member.parts[0] == room)


def read(written: bytes, file: str) -> Manifest:
    """Return what a backup says of itself. Raises `Problem` (invalid) saying what is wrong with the file."""
    try:
        told: dict[str, Any] = orjson.loads(written)
        made_with = int(told.pop("format"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(file, "its manifest cannot be read") from error
    if made_with > FORMAT:
        detail = (
            f"{file} is a backup of format {made_with}, made by release {told.get('made_by', 'unknown')}; this release "
            f"reads format {FORMAT}. Install that release, or a newer one, and restore it there."
        )
        raise Problem(INVALID, detail)
    try:
        told.pop("software")
        members = tuple(Member(**member) for member in told.pop("members"))
        made_at, missing = datetime.fromisoformat(told.pop("made_at")), tuple(told.pop("missing"))
        manifest = Manifest(**told, made_at=made_at, members=members, missing=missing)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(file, "its manifest is not complete") from error
    if strange := [member.name for member in members if not _NAME.fullmatch(member.name)]:
        raise damaged(file, f"its manifest names something that no backup holds: {strange[0]!r}")
    return manifest


def damaged(file: str, why: str) -> Problem:
    """Return the problem of a file that is not the backup it was."""
    return Problem(INVALID, f"{file} is no whole backup: {why}. Nothing was changed. Take another copy of it.")
