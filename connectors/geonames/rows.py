"""Rows of the dump as places: what is kept of them, checked and brought to the columns of `Places`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.bulk.problems import Problems
from connectors.geonames.layout import GONE, KEPT, KINDS, LEVELS, OF_CLASS
from connectors.geonames.names import names_of
from geodata.cells import CellStatus
from geodata.coordinates import check_points
from geodata.countries import known_country
from geodata.files.arrays import maps_of
from geodata.places import COUNT, Places
from geodata.rows import RowProblem

KEPT_SCHEMA = pa.schema([("geonameid", pa.int64()), *((name, pa.string()) for name in KEPT)])

_NULL = pa.scalar(None, pa.string())
_DEGREES = r"^-?\d{1,3}(\.\d+)?$"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: feature classes such as P, and single feature codes such as CMPRF."""

    classes: tuple[str, ...]
    codes: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Wanted:
        """Read "P,CMPRF"; one letter is a class."""
        parts = [part.strip().upper() for part in text.split(",") if part.strip()]
        return cls(tuple(part for part in parts if len(part) == 1), tuple(part for part in parts if len(part) > 1))

    def among(self, part: pa.Table) -> pa.Array:
        """Return which rows are wanted; places that are no more only where their code is named."""
        code = part.column("feature_code")
        named = pc.is_in(code, pa.array(self.codes, pa.string()))
        classed = pc.is_in(part.column("feature_class"), pa.array(self.classes, pa.string()))
        return pc.or_(named, pc.and_(classed, pc.invert(pc.is_in(code, pa.array(GONE)))))


def kept_of(part: pa.Table, wanted: Wanted, problems: Problems) -> pa.Table:
    """Return the wanted rows with a number for an id and the columns that are kept; others are problems or left out."""
    numbered = pc.match_substring_regex(part.column("geonameid"), r"^\d{1,18}$")
    for row in part.filter(pc.invert(numbered)).column("geonameid").to_pylist():
        problems.add(RowProblem(None, "geonameid", row[:50], "is not a number", "the row was left out"))
    part = part.filter(pc.and_(numbered, wanted.among(part)))
    ids = part.column("geonameid").cast(pa.int64())
    return pa.Table.from_arrays([ids, *(part.column(name) for name in KEPT)], schema=KEPT_SCHEMA)


def places_of(rows: pa.Table, alternates: pa.Table | None, units: Mapping[str, str], problems: Problems) -> Places:
    """Return rows sorted by `geonameid` as places.

    `alternates` are their names, None where only the rows' own are known; `units` the names of administrative units
    by GeoNames' code, e.g. "KE.05". An id that stands twice is kept once, a point that is none is set aside; both
    are told.
    """
    rows = _each_once(rows, problems)
    ids = _whole(rows, "geonameid")
    lat, lon = _points(rows, problems)
    code = _whole(rows, "feature_code")
    population, counts = _whole(rows, "population"), len(rows)
    known = pc.match_substring_regex(population, r"^[1-9]\d{0,10}$")
    return Places.from_columns(
        {
            "id": ids.cast(pa.string()),
            "names": names_of(rows, alternates),
            "country": _mapped(_whole(rows, "country"), _country),
            "admin": _admin(rows, units),
            "lat": pa.array(lat, from_pandas=True),
            "lon": pa.array(lon, from_pandas=True),
            "kind": pc.coalesce(
                _mapped(code, KINDS.get), _mapped(_whole(rows, "feature_class"), OF_CLASS.get), pa.scalar("other")
            ),
            "level": pc.coalesce(_mapped(code, LEVELS.get), _filled(code)),
            "counts": _counts(pc.if_else(known, population, _NULL).cast(pa.float64()), counts),
            "attributes": maps_of({"feature_code": _filled(code), "modified": _filled(_whole(rows, "modified"))}),
        }
    )


def _each_once(rows: pa.Table, problems: Problems) -> pa.Table:
    ids = np.asarray(_whole(rows, "geonameid"))
    again = np.concatenate(([False], ids[1:] == ids[:-1])) if len(ids) else np.zeros(0, dtype=bool)
    for one in ids[again].tolist():
        problems.add(RowProblem(None, "geonameid", str(one), "stands twice", "the later row was left out"))
    return rows.filter(pa.array(~again)) if again.any() else rows


def _points(rows: pa.Table, problems: Problems) -> tuple[Any, Any]:
    ids = _whole(rows, "geonameid")
    lat, lon = (_degrees(_whole(rows, name)) for name in ("latitude", "longitude"))
    unknown = np.isnan(lat) | np.isnan(lon)
    doubts = [(row, "the point cannot be read") for row in np.flatnonzero(unknown).tolist()]
    doubts += [(row, doubt.message) for row, doubt in check_points(lat, lon, [None] * len(rows))]
    for row, message in doubts:
        shown = f"{rows.column('latitude')[row]}, {rows.column('longitude')[row]}"
        hint = f"see geonameid {ids[row]}; the place is kept without a point"
        problems.add(RowProblem(None, "latitude and longitude", shown, message, hint, fatal=False))
        lat[row] = lon[row] = np.nan
    return lat, lon


def _degrees(cells: pa.Array) -> Any:
    plain = pc.if_else(pc.match_substring_regex(cells, _DEGREES), cells, _NULL)
    return np.array(plain.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _admin(rows: pa.Table, units: Mapping[str, str]) -> pa.Array:
    """Return GeoNames' own codes, which are not ISO's nor P-codes, under names that say so; and the units' names."""
    code, columns = _filled(_whole(rows, "country")), {}
    for level in range(1, 5):
        below = _whole(rows, f"admin{level}")
        below = pc.if_else(pc.or_(pc.equal(below, ""), pc.equal(below, "00")), _NULL, below)
        code = pc.binary_join_element_wise(code, below, ".")
        columns[f"geonames_adm{level}"] = code
        if units and level in {1, 2}:
            columns[f"adm{level}_name"] = _mapped(code, units.get)
    return maps_of(columns)


def _counts(values: pa.Array, length: int) -> pa.Array:
    """Return one count a row: the population, which GeoNames writes as 0 where it does not know it."""
    observed, unknown = CellStatus.OBSERVED.value, CellStatus.NOT_AVAILABLE.value
    fields = {
        "value": values,
        "unit": pa.repeat(pa.scalar("persons"), length),
        "status": pc.if_else(pc.is_valid(values), observed, unknown),
    }
    arrays = [fields.get(field.name, pa.nulls(length, field.type)) for field in COUNT]
    counts = pa.StructArray.from_arrays(arrays, fields=list(COUNT))
    return pa.ListArray.from_arrays(pa.array(np.arange(length + 1), pa.int32()), counts)


def _mapped(cells: pa.Array, words: Any) -> pa.Array:
    encoded = cells.dictionary_encode()
    mapped = [None if text is None else words(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(mapped, type=pa.string()).take(encoded.indices)


def _country(alpha2: str) -> str | None:
    return known_country(alpha2) if alpha2 else None


def _filled(cells: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(cells, ""), _NULL, cells)


def _whole(table: pa.Table, name: str) -> pa.Array:
    return table.column(name).combine_chunks()
