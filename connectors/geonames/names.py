"""The names of GeoNames places: as given, in plain letters, and in the languages of the alternate names."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from connectors.bulk.columns import NULL, whole
from connectors.bulk.names import each_once, rows_of
from connectors.geonames.layout import LANGUAGE, NO_NAMES

ALTERNATE = pa.schema([("geonameid", pa.int64()), ("text", pa.string()), ("language", pa.string())])


def alternates_of(part: pa.Table) -> pa.Table:
    """Return the names among alternate names: not postcodes, links and codes; a language only where it is one."""
    code = part.column("language")
    keys = pc.match_substring_regex(part.column("geonameid"), r"^\d{1,18}$")
    keep = pc.and_(pc.and_(pc.invert(pc.is_in(code, pa.array(NO_NAMES))), keys), pc.not_equal(part.column("text"), ""))
    part = part.filter(keep)
    code = part.column("language")
    language = pc.if_else(pc.match_substring_regex(code, LANGUAGE), code, NULL)
    columns = [part.column("geonameid").cast(pa.int64()), part.column("text"), language]
    return pa.Table.from_arrays(columns, schema=ALTERNATE)


def names_of(places: pa.Table, alternates: pa.Table | None) -> pa.Array:
    """Return the column of names of rows sorted by `geonameid`; without alternates, those of the rows themselves.

    `alternates` has the columns of `ALTERNATE`. A text that a row repeats is given once, where it stands first.
    """
    every: NDArray[np.int64] = np.arange(places.num_rows)
    texts = [whole(places, "name"), whole(places, "asciiname")]
    rows = [every, every]
    if alternates is None:
        said = pc.split_pattern(whole(places, "alternatenames"), ",")
        rows.append(np.asarray(pc.list_parent_indices(said), dtype=np.int64))
        texts.append(pc.list_flatten(said))
        languages = pa.nulls(sum(map(len, texts)), pa.string())
    else:
        at, known = rows_of(whole(alternates, "geonameid"), whole(places, "geonameid"))
        rows.append(at[known])
        texts.append(whole(alternates, "text").filter(pa.array(known)))
        before = pa.nulls(2 * places.num_rows, pa.string())
        languages = pa.concat_arrays([before, whole(alternates, "language").filter(pa.array(known))])
    return each_once(np.concatenate(rows), pa.concat_arrays(texts), languages, places.num_rows)
