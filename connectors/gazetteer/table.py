"""A Gazetteer file as a list of places: one shape for both layouts, with what its codes mean written out."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.files.cellwise import cleaned
from geodata.files.sheet import Table


@dataclass(frozen=True, slots=True)
class Areas:
    """One kind of Gazetteer file: its name for people, the kind of its rows, what it leaves out."""

    title: str
    kind: str
    kinds: frozenset[str]
    notes: tuple[str, ...]


AREAS = {
    "place": Areas(
        "places",
        "settlement",
        frozenset({"settlement", "city", "town", "village"}),
        ("incorporated places and census designated places; other communities are not listed",),
    ),
    "aiannh": Areas(
        "American Indian, Alaska Native and Hawaiian areas",
        "reservation",
        frozenset({"reservation"}),
        ("legal and statistical areas; communities within them are not listed",),
    ),
    "counties": Areas("counties", "district", frozenset({"district"}), ()),
    "cousubs": Areas("county subdivisions", "municipality", frozenset({"municipality", "town", "city"}), ()),
}

#: Kinds by legal/statistical area description:
#: https://www.census.gov/library/reference/code-lists/legal-status-codes.html
_KINDS = {"25": "city", "43": "town", "47": "village"}
_LEVELS = {"25": "city", "43": "town", "47": "village", "57": "census designated place"}

#: What the Bureau adds to a name to say what the area is.
_ADDED = (
    r"\s+(?:city|town|village|borough|CDP|UT|CCD|charter township|township|plantation|municipality|"
    r"(?:city and )?borough|metropolitan government|consolidated government|unified government|urban county|"
    r"County|Parish|Census Area|Borough|Municipality|Planning Region|"
    r"Reservation and Off-Reservation Trust Land|Off-Reservation Trust Land|Reservation|"
    r"ANVSA|OTSA|SDTSA|TDSA|Hawaiian Home Land)(?: \(balance\))?$"
)

_REQUIRED = ("GEOID", "NAME", "INTPTLAT", "INTPTLONG")
_KEPT = ("USPS", "GEOID", "ANSICODE", "NAME", "LSAD", "FUNCSTAT", "ALAND", "AWATER", "INTPTLAT", "INTPTLONG")

_R95_PER_SIGMA = 2.4477  # radius of 95 % of a two-dimensional normal distribution


def as_list(table: Table, areas: str) -> Table:
    """Return the rows as a list that `read_places` understands, without fictitious entities.

    Adds BASENAME, KIND, LEVEL and R95_M. Raises `ValueError` when a column of the layout is missing.
    """
    if missing := [name for name in _REQUIRED if name not in table.headers]:
        msg = f"not a Gazetteer list of places: {', '.join(missing)} missing"
        raise ValueError(msg)
    table = cleaned(table)
    if "FUNCSTAT" in table.headers:
        real = pc.fill_null(pc.not_equal(table.columns.column("FUNCSTAT"), "F"), fill_value=True)
        table = table.take(np.asarray(real.combine_chunks()))
    columns = {name: table.columns.column(name) for name in _KEPT if name in table.headers}
    columns.setdefault("USPS", pa.nulls(len(table), pa.string()))
    lsad = columns.get("LSAD", pa.nulls(len(table), pa.string()))
    columns["BASENAME"] = pc.replace_substring_regex(columns["NAME"], _ADDED, "")
    columns["KIND"] = _coded(lsad, _KINDS if areas in {"place", "cousubs"} else {}, AREAS[areas].kind)
    columns["LEVEL"] = _coded(lsad, _LEVELS if areas in {"place", "cousubs"} else {}, AREAS[areas].title)
    columns["R95_M"] = _radii(columns.get("ALAND"), len(table))
    return Table(pa.table(columns), table.rows, table.problems)


def _coded(codes: pa.ChunkedArray, words: dict[str, str], otherwise: str) -> pa.Array:
    return pa.array([words.get(code or "", otherwise) for code in codes.to_pylist()], type=pa.string())


def _radii(land: pa.ChunkedArray | None, length: int) -> pa.Array:
    """Return how far, in metres, the settlement may be from its area's internal point: sigma = sqrt(area / pi) / 2."""
    if land is None:
        return pa.nulls(length, pa.string())
    metres = [
        f"{_R95_PER_SIGMA * (int(area) / np.pi) ** 0.5 / 2:.0f}" if area and re.fullmatch(r"[1-9]\d*", area) else None
        for area in land.to_pylist()
    ]
    return pa.array(metres, type=pa.string())
