"""Rows of a GNIS file as places. Layout: https://www.usgs.gov/us-board-on-geographic-names/download-gnis-data.

Since 2021 the header is in small letters and the state stands with its name; before, in capitals with two letters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.bulk.columns import each_once, filled, mapped, points, whole
from connectors.bulk.problems import Problems
from connectors.gnis.former import names_of
from connectors.gnis.layout import known_columns
from geodata.files.arrays import maps_of
from geodata.places import Places
from geodata.rows import RowProblem

REQUIRED = ("feature_id", "feature_name", "feature_class", "prim_lat_dec", "prim_long_dec")
_OPTIONAL = ("state_name", "state_alpha", "county_name", "map_name", "bgn_type", "date_created", "date_edited")
KEPT = pa.schema([("feature_id", pa.int64()), *((name, pa.string()) for name in (*REQUIRED[1:], *_OPTIONAL))])

#: Classes of the Board, and our kinds.
KINDS = {
    "Populated Place": "settlement",
    "Census": "settlement",
    "Civil": "administrative_unit",
    "School": "school",
    "Church": "place_of_worship",
    "Hospital": "hospital",
    "Well": "water_point",
}

#: What the Board adds to a name of a place that is no more; it is one of GNIS' own conventions.
_GONE = r" \(historical\)$"


def columns_of(header: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of either layout under the names of the present one. Raises `UnknownLayout`."""
    return known_columns(header, REQUIRED)


def kept_of(part: pa.Table, classes: frozenset[str], problems: Problems) -> pa.Table:
    """Return the rows of the wanted classes with a number for an id; historical places are left out."""
    numbered = pc.match_substring_regex(part.column("feature_id"), r"^\d{1,18}$")
    for row in part.filter(pc.invert(numbered)).column("feature_id").to_pylist():
        problems.add(RowProblem(None, "feature_id", row[:50], "is not a number", "the row was left out"))
    wanted = pc.is_in(part.column("feature_class"), pa.array(sorted(classes)))
    gone = pc.match_substring_regex(part.column("feature_name"), _GONE)
    part = part.filter(pc.and_(pc.and_(numbered, wanted), pc.invert(gone)))
    ids = part.column("feature_id").cast(pa.int64())
    empty = pa.nulls(len(part), pa.string())
    rest = [part.column(name) if name in part.column_names else empty for name in KEPT.names[1:]]
    return pa.Table.from_arrays([ids, *rest], schema=KEPT)


def places_of(rows: pa.Table, former: pa.Table | None, problems: Problems) -> Places:
    """Return rows sorted by `feature_id` as places, with the names of `former` (`FORMER`) behind their own.

    An id that stands twice, and a point that is none, are told. 0, 0 is how the Board writes one it does not know.
    """
    rows = each_once(rows, "feature_id", problems)
    lat, lon = points(rows, "feature_id", ("prim_lat_dec", "prim_long_dec"), problems)
    kept = ("feature_class", "map_name", "bgn_type", "date_created", "date_edited")
    return Places.from_columns(
        {
            "id": whole(rows, "feature_id").cast(pa.string()),
            "names": names_of(rows, former),
            "country": pa.array(np.full(len(rows), "USA"), pa.string()),
            "admin": maps_of(
                {
                    "state": pc.coalesce(filled(whole(rows, "state_name")), filled(whole(rows, "state_alpha"))),
                    "county": filled(whole(rows, "county_name")),
                }
            ),
            "lat": pa.array(lat, from_pandas=True),
            "lon": pa.array(lon, from_pandas=True),
            "kind": mapped(whole(rows, "feature_class"), lambda word: KINDS.get(word, "other")),
            "level": filled(whole(rows, "feature_class")),
            "attributes": maps_of({key: filled(whole(rows, key)) for key in kept}),
        }
    )
