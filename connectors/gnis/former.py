"""Names that a feature bore or bears beside the official one, from the Board's file of all names.

Its rows say of each name whether it is official: `Official` or `Variant`, before 2021 `Y` or nothing. Names that were
replaced by order of the Secretary of the Interior (3404 of 2021) stand there as variants.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.bulk.columns import filled, whole
from connectors.bulk.names import each_once, rows_of
from connectors.gnis.layout import known_columns

#: Where the Board keeps the file, of the whole nation.
ENDPOINT = "https://prd-tnm.s3.amazonaws.com/StagedProducts/GeographicNames/Topical/AllNames_National_Text.zip"

FORMER = pa.schema([("feature_id", pa.int64()), ("text", pa.string())])

_REQUIRED = ("feature_id", "feature_name", "feature_name_official")
_OFFICIAL = ("official", "y", "1")


def columns_of(header: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of either layout in small letters. Raises `UnknownLayout`."""
    return known_columns(header, _REQUIRED)


def former_of(part: pa.Table) -> pa.Table:
    """Return the names that are not the official one, by the number of their feature."""
    numbered = pc.match_substring_regex(part.column("feature_id"), r"^\d{1,18}$")
    official = pc.is_in(pc.utf8_lower(part.column("feature_name_official")), pa.array(_OFFICIAL))
    part = part.filter(pc.and_(numbered, pc.invert(official)))
    ids = part.column("feature_id").cast(pa.int64())
    return pa.Table.from_arrays([ids, part.column("feature_name")], schema=FORMER)


def names_of(rows: pa.Table, former: pa.Table | None) -> pa.Array:
    """Return the column of names of rows sorted by `feature_id`: the official one, then the others."""
    own = np.arange(rows.num_rows)
    texts = filled(whole(rows, "feature_name")).fill_null("")
    if former is not None:
        at, known = rows_of(whole(former, "feature_id"), whole(rows, "feature_id"))
        own = np.concatenate([own, at[known]])
        texts = pa.concat_arrays([texts, whole(former, "text").filter(pa.array(known))])
    return each_once(own, texts, pa.nulls(len(texts), pa.string()), rows.num_rows)
