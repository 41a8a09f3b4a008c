"""What is said of speed: each piece of work, the peer it is held against, where its ratio was measured, what was asked.

A claim names a table of bench/results/ by its file, a row by what its cells begin with, and a column; so every number
of the summary stands in a table of its own as well, measured in one run with its peer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.table import RESULTS


@dataclass(frozen=True)
class Claim:
    """One line of the summary."""

    work: str
    peer: str
    table: str
    row: Mapping[str, str]  # column: what its cell begins with
    column: str
    asked: float | None  # None where nothing was asked
    at_most: bool = False  # True where less is better
    unit: str = "times as fast"
    scale: float = 1.0  # by which the cell is multiplied


@dataclass(frozen=True)
class Ratio:
    """A claim with what was measured."""

    claim: Claim
    value: float | None  # None where the table, the row or the peer is missing

    @property
    def met(self) -> bool | None:
        """Whether it is what was asked; None where nothing was measured or asked."""
        if self.value is None or self.claim.asked is None:
            return None
        return self.value <= self.claim.asked if self.claim.at_most else self.value >= self.claim.asked

    @classmethod
    def of(cls, claim: Claim, results: Path = RESULTS) -> Ratio:
        """Look a claim up where its benchmark kept it."""
        file = results / f"{claim.table}.json"
        if not file.exists():
            return cls(claim, None)
        table = json.loads(file.read_text(encoding="utf-8"))
        for cells in table["rows"]:
            told = dict(zip(table["columns"], cells, strict=True))
            if all(told.get(column, "").startswith(begin) for column, begin in claim.row.items()):
                return cls(claim, _number(told.get(claim.column, "")) * claim.scale)
        return cls(claim, None)


def _number(cell: Any) -> float:
    return float(str(cell).replace(",", "").replace("**", "").split()[0])


_HEAVY = {"list": "1,000,000 places"}
CLAIMS = (
    Claim(
        "100,000 records verified against 1,000,000 places, every feature, probability, verdict",
        "Splink 5 predict on the very same pairs, every name with every name, as ours",
        "verification",
        {"system": "Splink predict, same pairs, every name"},
        "Uncounted is faster by",
        15.0,
    ),
    Claim(
        "the same",
        "Splink 5 predict on the very same pairs, only the first names compared",
        "verification",
        {"system": "Splink predict, same pairs, first names"},
        "Uncounted is faster by",
        None,
    ),
    Claim(
        "the same",
        "Splink 5 predict, finding pairs by its own blocking",
        "verification",
        {"system": "Splink predict, its own blocking"},
        "Uncounted is faster by",
        None,
    ),
    Claim(
        "best five candidates of each of 100,000 records",
        "a grid in NumPy and RapidFuzz's cpdist",
        "kernels-candidates",
        {"way": "NumPy grid and cpdist"},
        "the kernel is faster by",
        8.0,
    ),
    Claim(
        "the same",
        "RapidFuzz's extractOne for each record, extrapolated from a few",
        "kernels-candidates",
        {"way": "extractOne"},
        "the kernel is faster by",
        10_000.0,
    ),
    Claim(
        "the same",
        "DuckDB, grid and Jaro-Winkler in one SQL statement",
        "candidates",
        {"system": "DuckDB"},
        "the kernel is faster by",
        None,
    ),
    Claim(
        "best five candidates, 5,000 records by 100,000 places",
        "recordlinkage, one cell of 0.2°",
        "candidates",
        {"system": "recordlinkage"},
        "the kernel is faster by",
        None,
    ),
    Claim(
        "names alone, the fifty most alike of a million",
        "RapidFuzz's process.extract",
        "kernels-names",
        {"way": "names by length"},
        "faster than extract by",
        20.0,
    ),
    Claim(
        "the same, of what process.extract finds",
        "process.extract",
        "kernels-names",
        {"way": "names by length"},
        "of what extract finds",
        0.98,
        unit="of it",
    ),
    Claim(
        "POST to stored and verified, 1,000,000 places, p50",
        "GET /healthz, p50",
        "posting",
        _HEAVY | {"system": "service, 1 worker, sqlite", "connections": "1"},
        "p50 to /healthz",
        6.0,
        at_most=True,
        unit="times as long",
    ),
    Claim(
        "POST, requests a second at 16 connections",
        "plain def endpoint with a SQLModel session",
        "posting",
        _HEAVY | {"system": "service, 1 worker, sqlite", "connections": "16"},
        "times the peer",
        4.0,
    ),
    Claim(
        "verification in parts (how many stands in the table), Dask with two workers",
        "the same parts one after the other",
        "bulkwork",
        {"done by": "Dask"},
        "times as fast",
        1.7,
    ),
    Claim(
        "the same, most memory of all processes",
        "3 GiB",
        "bulkwork",
        {"done by": "Dask"},
        "peak MiB of all processes",
        3.0,
        at_most=True,
        unit="GiB",
        scale=1 / 1024,
    ),
    Claim(
        "rows into the tables of records, PostgreSQL",
        "SQLModel's add_all into the same tables",
        "copying",
        {"database": "PostgreSQL", "what": "records", "way": "COPY"},
        "ratio",
        50.0,
    ),
    Claim(
        "five plain columns by COPY, PostgreSQL",
        "SQLModel's add_all of the same",
        "copying",
        {"database": "PostgreSQL", "what": "five columns", "way": "COPY"},
        "ratio",
        None,
    ),
    Claim(
        "a CSV file of 1,000,000 rows to stored records, SQLite",
        "pandas and add_all into the same tables",
        "importing",
        {"database": "SQLite", "way": "pandas and add_all, to the tables of a record"},
        "this is faster by",
        None,
    ),
    Claim(
        "a page of 200 flags as JSON",
        "FastAPI's response model, as it encodes by default",
        "serving",
        {"way": "FastAPI"},
        "ours is faster by",
        None,
    ),
    Claim(
        "100,000 flags as GeoJSON",
        "FastAPI's default encoder",
        "drawing-geojson",
        {"way": "orjson"},
        "ours is faster by",
        10.0,
    ),
    Claim(
        "a vector tile of 20,000 points with their properties",
        "mapbox-vector-tile's encoder",
        "drawing-tile",
        {"way": "ours, from plain values"},
        "ours is faster by",
        5.0,
    ),
    Claim(
        "the same, from columns that are kept between tiles",
        "mapbox-vector-tile's encoder",
        "drawing-tile",
        {"way": "ours, from columns"},
        "ours is faster by",
        None,
    ),
)
