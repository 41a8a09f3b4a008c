"""A table of text to `Places`: columns found by their headers or mapped by hand, values read, doubtful ones set aside.

Nothing is mended in silence and no row is lost: what cannot be used becomes null and a `RowProblem` with the row's
original number; a row without an id of its own is called after its row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.countries import UnknownCountry, country_code
from geodata.files.arrays import lists_from, maps_of
from geodata.files.cellwise import Column, Refusal, cleaned, column_of
from geodata.files.countcolumns import read_counts
from geodata.files.dates import date_reader
from geodata.files.evident import with_evident_points
from geodata.files.headers import Assignment, Side, assign
from geodata.files.locations import read_locations
from geodata.files.namecolumns import SEPARATED, read_names
from geodata.files.saidcolumns import SAID, read_said
from geodata.files.sheet import Table
from geodata.kinds import kind_of
from geodata.places import SCHEMA, Places
from geodata.rows import RowProblem

_NO_TEXT = pa.nulls(1, pa.string())[0]  # unlike `pa.scalar`, this does not load pandas


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for every row that does not say otherwise."""

    country: str | None = None  # ISO 3166-1 alpha-3
    kind: str | None = None  # a term of `geodata.kinds`
    level: str | None = None
    unit: str = "persons"  # of counts
    method: str | None = None  # of counts
    observed: date | None = None
    r95_m: float | None = None  # metres


@dataclass(frozen=True)
class Reading:
    """The places of a file, where each stood in it, what was set aside, and how each column was understood."""

    places: Places
    rows: NDArray[np.int64]  # original numbers, in the order of `places`
    problems: tuple[RowProblem, ...]
    mapping: Mapping[str, str]  # header -> part, e.g. {"Nom": "name", "ward": "admin.ward"}
    said: pa.Table = field(default_factory=SAID.empty_table)  # what rows say beyond their place, in the same order


def read_places(
    table: Table,
    side: Side = Side.CITIZEN,
    mapping: Mapping[str, str] | None = None,
    defaults: Defaults | None = None,
) -> Reading:
    """Read every row of a table as one account of a place.

    `mapping` is field -> header and goes before what the headers say (`geodata.files.headers.assign`); what the rows
    of citizens say beyond their place comes back beside the places (`geodata.files.saidcolumns.SAID`). Raises
    `UnknownColumn` when it names what does not exist; everything else that is wrong is among the problems.
    """
    assignment = assign(table.headers, side, {**table.known, **(mapping or {})})
    table = cleaned(table)
    assignment = with_evident_points(assignment, table)
    reader = _Reader(table, assignment, defaults or Defaults())
    columns = reader.columns()
    arrays = [_as(columns.get(column.name), column.type, len(reader.table)) for column in SCHEMA]
    places = Places(pa.Table.from_arrays(arrays, schema=SCHEMA))
    said, doubts = read_said(reader.table, assignment)
    problems = sorted((*table.problems, *reader.problems, *doubts), key=lambda problem: problem.row or 0)
    return Reading(places, reader.table.rows, tuple(problems), assignment.parts(), said)


def _as(column: pa.Array | None, kind: pa.DataType, length: int) -> pa.Array:
    return pa.nulls(length, kind) if column is None else column.cast(kind)


class _Reader:
    """The columns of one table, read one after another; what is set aside gathers in `problems`."""

    def __init__(self, table: Table, assignment: Assignment, defaults: Defaults) -> None:
        self.table = table
        self.problems: list[RowProblem] = []
        self._parts = assignment
        self._defaults = defaults
        self._texts: dict[str, pa.Array] = {}  # attributes beyond those of the file's own columns

    def columns(self) -> dict[str, pa.Array]:
        country = self._country()
        locations, doubts = read_locations(self.table, dict(self._parts.single), country.to_pylist())
        self.problems += doubts
        observed = _filled(self._date("observed"), self._defaults.observed)
        counts, doubts = read_counts(self.table, self._parts, observed, (self._defaults.unit, self._defaults.method))
        self.problems += doubts
        level = _filled(self._text("level"), self._defaults.level)
        names, doubts = read_names(self.table, self._parts)
        self.problems += doubts
        if "accuracy_m" in self._parts.single:  # also where it says nothing about the radius, reviewers want to see it
            self._texts["accuracy_m"] = self._text("accuracy_m")
        return {
            "id": self._ids(),
            "names": names,
            "country": country,
            "admin": self._texts_by(self._parts.admin),
            "lat": _nullable(locations.lat),
            "lon": _nullable(locations.lon),
            "r95_m": _filled(_nullable(locations.r95_m), self._defaults.r95_m),
            "area": locations.area,
            "kind": _filled(self._kind(level), self._defaults.kind),
            "level": level,
            "parent": self._text("parent"),
            "groups": self._groups(),
            "counts": counts,
            "observed": observed,
            "founded": self._date("founded"),
            "attributes": self._texts_by({header: header for header in self._parts.attributes}, self._texts),
        }

    def _column(self, part: str) -> Column | None:
        header = self._parts.single.get(part)
        return None if header is None else column_of(self.table, header)

    def _text(self, part: str) -> pa.Array:
        column = self._column(part)
        return pa.nulls(len(self.table), pa.string()) if column is None else column.cells

    def _texts_by(self, headers: Mapping[str, str], more: Mapping[str, pa.Array] | None = None) -> pa.Array | None:
        columns = {key: column_of(self.table, header).cells for key, header in headers.items()} | dict(more or {})
        return maps_of(columns) if columns else None

    def _date(self, part: str) -> pa.Array:
        column = self._column(part)
        if column is None:
            return pa.nulls(len(self.table), pa.date32())
        values, problems = column.read(date_reader(column.cells.unique().to_pylist()), pa.date32())
        self.problems += problems
        return values

    def _ids(self) -> pa.Array:
        fallback = pc.binary_join_element_wise("row", pa.array(self.table.rows).cast(pa.string()), "-")
        column = self._column("id")
        if column is None:
            return fallback
        missing = np.asarray(column.cells.is_null())
        self.problems += column.problems(missing, "has no id; it is called after its row", "give each row an id")
        ids = pc.coalesce(column.cells, fallback)
        _, first = np.unique(np.asarray(ids.dictionary_encode().indices), return_index=True)
        repeated = np.ones(len(ids), dtype=bool)
        repeated[first] = False
        if not repeated.any():
            return ids
        self.problems += column.problems(
            repeated, "the id is used before; its row was added to it", "give it its own id"
        )
        unique = pc.binary_join_element_wise(ids, pa.array(self.table.rows).cast(pa.string()), "#")
        return pc.if_else(pa.array(repeated), unique, ids)

    def _country(self) -> pa.Array:
        column = self._column("country")
        if column is None:
            return _filled(pa.nulls(len(self.table), pa.string()), self._defaults.country)
        codes, problems = column.read(_country, pa.string())
        self.problems += problems
        if self._defaults.country is not None:  # for what was left empty, not for what was not understood
            codes = pc.if_else(column.cells.is_null(), self._defaults.country, codes)
        several = pc.match_substring(codes, ";")
        if not pc.any(several).as_py():
            return codes
        self._texts["countries"] = pc.if_else(several, codes, _NO_TEXT)
        return pc.if_else(several, _NO_TEXT, codes)

    def _kind(self, level: pa.Array) -> pa.Array:
        written = self._text("kind")
        if "kind" in self._parts.single:
            self._texts[self._parts.single["kind"]] = written
        if self._parts.list_of is None:
            return pc.coalesce(_kinds(written), _kinds(level))
        sorts = [
            header for header in self._parts.attributes if "type" in header.casefold() or "level" in header.casefold()
        ]
        texts = [written, *(column_of(self.table, header).cells for header in sorts), level]
        kinds = pc.coalesce(*map(_kinds, texts), pa.scalar(self._parts.list_of))
        return pc.if_else(pc.equal(kinds, "other"), self._parts.list_of, kinds)

    def _groups(self) -> pa.Array | None:
        column = self._column("groups")
        if column is None:
            return None
        parts = pc.split_pattern_regex(column.cells, SEPARATED)
        said = pc.list_flatten(parts)
        keep = pc.not_equal(said, "")
        return lists_from(np.asarray(pc.list_parent_indices(parts).filter(keep)), said.filter(keep), len(self.table))


def _country(text: str) -> str | Refusal:
    """Return one code, or several codes joined by ";" where the cell holds several."""
    try:
        return country_code(text)
    except UnknownCountry as unknown:
        parts = [part for part in re.split(r"[;,|/\s]+", text) if part]
        if len(parts) == 1:
            return Refusal(str(unknown), unknown.hint)
        try:
            return ";".join(dict.fromkeys(country_code(part) for part in parts))
        except UnknownCountry:
            return Refusal(str(unknown), unknown.hint)


def _kinds(texts: pa.Array) -> pa.Array:
    encoded = texts.dictionary_encode()
    return pa.array([kind_of(text) for text in encoded.dictionary.to_pylist()], type=pa.string()).take(encoded.indices)


def _filled(column: pa.Array, value: Any) -> pa.Array:
    return column if value is None else pc.fill_null(column, pa.scalar(value, column.type))


def _nullable(values: NDArray[np.float64]) -> pa.Array:
    return pa.array(values, from_pandas=True)
