"""Small real samples, each with its sources: a citizen file, official register files, and the truth if known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known about one citizen record: the id it is listed under, or None where the list does not name it."""

    record_id: str
    official_id: str | None


@dataclass(frozen=True, slots=True)
class Declared:
    """How one collection of citizen records was made: a quality passport beside them."""

    organisation: str
    collection: str
    path: Path


@dataclass(frozen=True, slots=True)
class Sample:
    """Files ready to be read like anybody's: `official` pairs a source id with a register file.

    The citizen file may name each record's organisation and collection in columns of these names.
    """

    name: str
    title: str
    citizen: Path
    official: tuple[tuple[str, Path], ...]
    truth: tuple[Truth, ...] = ()
    passports: tuple[Declared, ...] = ()
