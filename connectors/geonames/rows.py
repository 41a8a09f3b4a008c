"""Rows of the dump as places: what is kept of them, checked and brought to the columns of `Places`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.bulk.columns import NULL, each_once, filled, mapped, points, whole
from connectors.bulk.problems import Problems
from connectors.geonames.layout import GONE, KEPT, KINDS, LEVELS, OF_CLASS
from connectors.geonames.names import names_of
from geodata.cells import CellStatus
from geodata.countries import known_country
from geodata.files.arrays import maps_of
from geodata.places import COUNT, Places
from geodata.rows import RowProblem

KEPT_SCHEMA = pa.schema([("geonameid", pa.int64()), *((name, pa.string()) for name in KEPT)])


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
    rows = each_once(rows, "geonameid", problems)
    ids = whole(rows, "geonameid")
    lat, lon = points(rows, "geonameid", ("latitude", "longitude"), problems)
    code = whole(rows, "feature_code")
    population = whole(rows, "population")
    known = pc.match_substring_regex(population, r"^[1-9]\d{0,10}$")
    return Places.from_columns(
        {
            "id": ids.cast(pa.string()),
            "names": names_of(rows, alternates),
            "country": mapped(whole(rows, "country"), _country),
            "admin": _admin(rows, units),
            "lat": pa.array(lat, from_pandas=True),
            "lon": pa.array(lon, from_pandas=True),
            "kind": pc.coalesce(
                mapped(code, KINDS.get), mapped(whole(rows, "feature_class"), OF_CLASS.get), pa.scalar("other")
            ),
            "level": pc.coalesce(mapped(code, LEVELS.get), filled(code)),
            "counts": _counts(pc.if_else(known, population, NULL).cast(pa.float64())),
            "attributes": maps_of({"feature_code": filled(code), "modified": filled(whole(rows, "modified"))}),
        }
    )


def _admin(rows: pa.Table, units: Mapping[str, str]) -> pa.Array:
    """Return GeoNames' own codes, which are not ISO's nor P-codes, under names that say so; and the units' names."""
    code, columns = filled(whole(rows, "country")), {}
    for level in range(1, 5):
        below = whole(rows, f"admin{level}")
        below = pc.if_else(pc.or_(pc.equal(below, ""), pc.equal(below, "00")), NULL, below)
        code = pc.binary_join_element_wise(code, below, ".")
        columns[f"geonames_adm{level}"] = code
        if units and level in {1, 2}:
            columns[f"adm{level}_name"] = mapped(code, units.get)
    return maps_of(columns)


def _counts(values: pa.Array) -> pa.Array:
    """Return one count a row: the population, which GeoNames writes as 0 where it does not know it."""
    length = len(values)
    observed, unknown = CellStatus.OBSERVED.value, CellStatus.NOT_AVAILABLE.value
    fields = {
        "value": values,
        "unit": pa.repeat(pa.scalar("persons"), length),
        "status": pc.if_else(pc.is_valid(values), observed, unknown),
    }
    arrays = [fields.get(field.name, pa.nulls(length, field.type)) for field in COUNT]
    counts = pa.StructArray.from_arrays(arrays, fields=list(COUNT))
    return pa.ListArray.from_arrays(pa.array(np.arange(length + 1), pa.int32()), counts)


def _country(alpha2: str) -> str | None:
    return known_country(alpha2) if alpha2 else None
