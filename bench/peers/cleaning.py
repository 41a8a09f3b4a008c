"""What an analyst does before any of the peers sees a name: Latin letters, lower case, no punctuation; units as paths.

Transliteration is a gift to the peers, whose own cleaning drops every other script.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
from anyascii import anyascii

from bench.peers.task import Task

_COUNTRY = "country"
_TOWN = 0.25  # degrees


@dataclass(frozen=True)
class Side:
    """One of the two tables, cleaned; columns by row."""

    ids: list[str]
    names: list[list[str]]  # cleaned, each once, the first as given
    paths: list[list[str | None]]  # of each unit that both sides name, coarse to fine: "phl|bohol|tubigon"
    lat: list[float | None]
    lon: list[float | None]
    kind: list[str | None]

    def finest(self, row: int) -> str | None:
        """Return the path of the finest unit a row names."""
        return next((path for path in reversed(self.paths[row]) if path), None)


@dataclass(frozen=True)
class Cleaned:
    """Both tables of a task, cleaned alike."""

    citizen: Side
    official: Side
    levels: int  # units that both sides name

    @classmethod
    def of(cls, task: Task) -> Cleaned:
        """Clean the tables of a task."""
        citizen, official = task.citizen.to_pylist(), task.official.to_pylist()
        columns = _shared(list(map(_units, citizen)), list(map(_units, official)))
        return cls(_side(citizen, columns), _side(official, columns), len(columns))

    @property
    def located(self) -> bool:
        """Whether both sides have points."""
        return all(any(at is not None for at in side.lat) for side in (self.citizen, self.official))

    @property
    def compact(self) -> bool:
        """Whether all entries lie within a few kilometres of one another."""
        ends = [[at for at in side if at is not None] for side in (self.official.lat, self.official.lon)]
        return all(max(side) - min(side) < _TOWN for side in ends if side)

    @property
    def several_names(self) -> bool:
        """Whether either side gives a place more than one name."""
        return any(len(names) > 1 for side in (self.citizen, self.official) for names in side.names)

    @property
    def kinds_differ(self) -> bool:
        """Whether kinds are given on both sides and can tell entries apart."""
        return any(self.citizen.kind) and len(set(self.official.kind)) > 1

    @cached_property
    def _within(self) -> dict[str, list[int]]:
        within: dict[str, list[int]] = defaultdict(list)
        for row, paths in enumerate(self.official.paths):
            for path in filter(None, paths):
                within[path].append(row)
        return dict(within)

    @cached_property
    def _all(self) -> list[int]:
        return list(range(len(self.official.ids)))

    def block(self, record: int) -> tuple[str | None, list[int]]:
        """Return the finest unit a record names that the list knows, and its entries; all entries where it has none."""
        for path in reversed(self.citizen.paths[record]):
            if path in self._within:
                return path, self._within[path]
        return None, self._all


def cleaned(name: str) -> str:
    """Return a name in Latin letters, lower case, its words parted by single spaces."""
    return " ".join(re.findall(r"[a-z0-9]+", anyascii(name).lower()))


def _side(rows: list[dict[str, Any]], columns: Sequence[str]) -> Side:
    return Side(
        ids=[row["id"] for row in rows],
        names=[list(dict.fromkeys(filter(None, (cleaned(name["text"]) for name in row["names"])))) for row in rows],
        paths=[_paths(_units(row), columns) for row in rows],
        lat=[row["lat"] for row in rows],
        lon=[row["lon"] for row in rows],
        kind=[row["kind"] for row in rows],
    )


def _units(row: dict[str, Any]) -> dict[str, str]:
    units = {} if row["country"] is None else {_COUNTRY: row["country"]}
    return units | dict(row["admin"] or ())


def _shared(citizen: list[dict[str, str]], official: list[dict[str, str]]) -> list[str]:
    """Return the columns of units that both sides have, the coarsest (fewest distinct values) first."""
    said = {column for units in citizen for column in units}
    values: dict[str, set[str]] = defaultdict(set)
    for units in official:
        for column, value in units.items():
            values[column].add(value)
    shared = [column for column in values if column in said and len(values[column]) > 1]
    return sorted(shared, key=lambda column: (len(values[column]), column))


def _paths(units: dict[str, str], columns: Sequence[str]) -> list[str | None]:
    values = [cleaned(units.get(column, "")) for column in columns]
    return ["|".join(values[: at + 1]) if value else None for at, value in enumerate(values)]


def tables(both: Cleaned) -> tuple[pa.Table, pa.Table]:
    """Return both sides as flat tables: unique_id, name, names, unit_0 (coarsest) …, lat, lon, kind."""
    return _flat(both.citizen, both.levels), _flat(both.official, both.levels)


def _flat(side: Side, levels: int) -> pa.Table:
    columns: dict[str, pa.Array] = {
        "unique_id": pa.array(side.ids, pa.string()),
        "name": pa.array([names[0] if names else None for names in side.names], pa.string()),
        "names": pa.array([names or None for names in side.names], pa.list_(pa.string())),
        "lat": pa.array(side.lat, pa.float64()),
        "lon": pa.array(side.lon, pa.float64()),
        "kind": pa.array(side.kind, pa.string()),
    }
    units = {f"unit_{at}": pa.array([paths[at] for paths in side.paths], pa.string()) for at in range(levels)}
    return pa.table(columns | units)
