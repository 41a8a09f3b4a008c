"""What every connector promises, and what it hands over.

::

    ConnectorError
    ├── SourceUnavailable    the source did not answer usably; try again later
    ├── AccessRefused        a key is missing, wrong, or not allowed
    ├── RequestRefused       the source says the question is wrong
    ├── SourceChanged        the answer no longer has the agreed shape
    ├── NothingThere         the source answers, but holds nothing for this question
    └── UnreadableFile       a register file cannot be read at all
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol

import pyarrow as pa

from geodata.coverage import CoverageManifest
from geodata.places import Places
from geodata.rows import RowProblem

if TYPE_CHECKING:
    from connectors.client import Client


class ConnectorError(Exception):
    """A source could not be brought up to date; `hint` says how to mend it."""

    def __init__(self, message: str, *, source: str, hint: str) -> None:
        """Say what happened, to which source, and what to do."""
        super().__init__(message)
        self.source = source
        self.hint = hint


class SourceUnavailable(ConnectorError):
    """The source did not answer usably, after all retries."""


class AccessRefused(ConnectorError):
    """A key is missing, wrong, or not allowed."""


class RequestRefused(ConnectorError):
    """The source says the question is wrong."""


class SourceChanged(ConnectorError):
    """The answer no longer has the shape the contract names."""


class NothingThere(ConnectorError):
    """The source answers, but holds nothing for this question."""


class UnreadableFile(ConnectorError):
    """A register file cannot be read at all."""


#: One published observation per row. `value` is the number as printed (decimal text), null when `status` says why.
OBSERVATIONS = pa.schema(
    [
        pa.field("area", pa.string(), nullable=False),  # the source's own code, as text
        pa.field("area_scheme", pa.string(), nullable=False),  # e.g. "wb", "us-geoid", "iso3166-1-a3"
        pa.field("area_name", pa.string()),
        pa.field("aggregate", pa.bool_(), nullable=False),  # a region or income group, not a country or area
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("value", pa.string()),
        pa.field("status", pa.string(), nullable=False),  # `geodata.cells.CellStatus`
        pa.field("raw", pa.string(), nullable=False),
        pa.field("unit", pa.string()),
        pa.field("margin", pa.string()),  # published margin of error, decimal text
    ]
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP exchange or one file read: enough to show where a number came from."""

    url: str  # secrets redacted
    status: int
    sha256: str  # of the raw body
    size: int  # bytes
    retrieved_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who published it, as of when, under which terms."""

    source: str
    title: str
    endpoint: str
    vintage: str  # from the payload, never from HTTP headers
    vintage_kind: str  # e.g. "date of database", "reference date", "release"
    licence: str
    licence_url: str | None
    attribution: str
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of one official source: immutable, complete, with its provenance and coverage manifest."""

    provenance: Provenance
    coverage: CoverageManifest
    exchanges: tuple[Exchange, ...]
    places: Places | None = None
    observations: pa.Table | None = None
    problems: tuple[RowProblem, ...] = field(default=())  # rows that could not be kept, by original number


class Connector(Protocol):
    """One kind of official source. Implementations are stateless; what they need arrives in the call."""

    name: ClassVar[str]  # as in `uncounted sync NAME`
    title: ClassVar[str]
    needs: ClassVar[Mapping[str, str]]  # setting -> what it is for, e.g. {"key": "a free key from the Census Bureau"}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring the source's present state.

        `request` holds the options of the source as configured (paths, codes, keys), all text.
        Raises a `ConnectorError` and never returns half a snapshot.
        """
        ...
