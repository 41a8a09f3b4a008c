"""The names of GeoNames places: as given, in plain letters, and in the languages of the alternate names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from connectors.bulk.columns import NULL, whole
from connectors.geonames.layout import LANGUAGE, NO_NAMES
from geodata.files.arrays import lists_from
from geodata.places import NAME

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
        ids = np.asarray(whole(places, "geonameid"))
        keys = np.asarray(whole(alternates, "geonameid"))
        at = np.searchsorted(ids, keys)
        known = (at < len(ids)) & (ids[np.minimum(at, len(ids) - 1)] == keys) if len(ids) else np.zeros(len(keys), bool)
        rows.append(at[known])
        texts.append(whole(alternates, "text").filter(pa.array(known)))
        before = pa.nulls(2 * places.num_rows, pa.string())
        languages = pa.concat_arrays([before, whole(alternates, "language").filter(pa.array(known))])
    return _each_once(np.concatenate(rows), pa.concat_arrays(texts), languages, places.num_rows)


def _each_once(rows: NDArray[np.int64], texts: pa.Array, languages: pa.Array, length: int) -> pa.Array:
    codes = np.asarray(texts.dictionary_encode().indices).astype(np.int64)
    _, first = np.unique(rows * (int(codes.max(initial=0)) + 1) + codes, return_index=True)
    keep = np.sort(first)
    keep = keep[np.asarray(pc.not_equal(texts.take(pa.array(keep)), ""))]
    kept: Any = pa.array(keep, type=pa.int64())
    script = pa.nulls(len(keep), pa.string())
    names = pa.StructArray.from_arrays([texts.take(kept), languages.take(kept), script], fields=list(NAME))
    return lists_from(rows[keep], names, length)
