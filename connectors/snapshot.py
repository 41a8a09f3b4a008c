"""Snapshot: one state of one official source, immutable, with its provenance and coverage manifest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from geodata.coverage import CoverageManifest
from geodata.places import Places
from geodata.rows import RowProblem

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
    confirmed_at: datetime | None = None  # when the source said that it still holds; None: it came then


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
    places: Places | None = None  # a large list stays on the disk (`connectors.bulk.places_on_disk`)
    observations: pa.Table | None = None
    problems: tuple[RowProblem, ...] = field(default=())  # rows that could not be kept, by original number
