"""A made-up world of any size as files, column by column: an official list around towns, and records of its places.

Names are syllables, a tenth of them shared by many places; a tenth of the records are of places that the list does not
hold. Written some rows at a time, so that ten million places take memory for one batch; seeded, so that every run asks
the same question. It says how fast something is, never how often it is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geodata.geoparquet import GROUP_ROWS, to_geoparquet
from geodata.places import SCHEMA, Places

SEED = 20260101
_NAMES = SCHEMA.field("names").type
_ADMIN = SCHEMA.field("admin").type
_SYLLABLES = np.array([c + v + e for c in "bcdfghjklmnprstvwyz" for v in "aeiou" for e in ("", "", "n", "r", "s")])
_KINDS = np.array(["village", "village", "village", "town", "camp"])
_COUNTRIES = np.array(["KEN", "UGA", "TZA", "ETH", "SSD", "RWA", "BDI", "COD"])
_BATCH = 5 * GROUP_ROWS
_TOWN = 200  # places about each
_SHARED = 5_000  # names that several places have


def written(folder: Path, places: int, records: int) -> tuple[Path, Path]:
    """Return the files of a list and of records of it, made now unless they are there."""
    official, sent = folder / f"official-{places}.parquet", folder / f"records-{records}-of-{places}.parquet"
    folder.mkdir(parents=True, exist_ok=True)
    if not official.exists():
        _write(official, _places(np.random.default_rng(SEED), places))
    if not sent.exists():
        _write(sent, _records(np.random.default_rng(SEED + 1), official, records))
    return official, sent


def _write(path: Path, batches: Iterator[Places]) -> None:
    partial, out = path.with_suffix(".partial"), None
    for places in batches:
        table = pq.read_table(pa.BufferReader(to_geoparquet(places)))
        out = out or pq.ParquetWriter(partial, table.schema, compression="zstd", write_page_checksum=True)
        out.write_table(table, row_group_size=GROUP_ROWS)
    assert out is not None
    out.close()
    partial.rename(path)


def _places(random: np.random.Generator, count: int) -> Iterator[Places]:
    towns = max(count // _TOWN, 1)
    at = np.column_stack((np.degrees(np.arcsin(random.uniform(-0.6, 0.9, towns))), random.uniform(-180, 180, towns)))
    for first in range(0, count, _BATCH):
        rows = min(_BATCH, count - first)
        town = random.integers(0, towns, rows)
        syllables = _named(random, rows)
        shared = random.random(rows) < 0.1
        syllables[shared] = _named(np.random.default_rng(SEED), _SHARED)[random.integers(0, _SHARED, int(shared.sum()))]
        lat = np.clip(at[town, 0] + random.normal(0, 0.15, rows), -89.9, 89.9)
        lon = (at[town, 1] + random.normal(0, 0.15, rows) + 180) % 360 - 180
        yield Places.from_columns(
            {
                "id": _numbered("P", first, rows),
                "names": _lists(_texts(syllables)),
                "country": pa.array(_COUNTRIES[town % len(_COUNTRIES)]),
                "admin": _maps(pa.array(np.char.add("District ", (town % 5_000).astype(str)))),
                "lat": lat,
                "lon": lon,
                "kind": pa.array(_KINDS[random.integers(0, len(_KINDS), rows)]),
            }
        )


def _records(random: np.random.Generator, official: Path, count: int) -> Iterator[Places]:
    """Yield records of places evenly spaced in the list, written a little otherwise and up to a kilometre off."""
    listed = pq.read_table(official, columns=["names", "country", "admin", "lat", "lon", "kind"])
    rows = random.integers(0, listed.num_rows, count)
    for first in range(0, count, _BATCH):
        of = listed.take(pa.array(rows[first : first + _BATCH])).combine_chunks()
        size = of.num_rows
        names = pc.struct_field(pc.list_flatten(of.column("names").combine_chunks()), "text")
        cut = pc.utf8_replace_slice(names, 2, 3, "e")
        other = _texts(_named(random, size))
        names = pc.if_else(pa.array(random.random(size) < 0.5), names, cut)
        names = pc.if_else(pa.array(random.random(size) < 0.1), other, names)
        off = random.normal(0, 0.004, (2, size))
        yield Places.from_columns(
            {
                "id": _numbered("R", first, size),
                "names": _lists(names),
                "country": of.column("country").combine_chunks(),
                "admin": of.column("admin").combine_chunks(),
                "lat": np.asarray(of.column("lat")) + off[0],
                "lon": np.clip(np.asarray(of.column("lon")) + off[1], -180, 180),
                "r95_m": random.choice([100.0, 500.0, 1000.0, 3000.0], size),
                "kind": of.column("kind").combine_chunks(),
            }
        )


def _named(random: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Return the syllables of names, two to five each; -1 where a name has fewer."""
    syllables = random.integers(0, len(_SYLLABLES), (count, 5))
    syllables[np.arange(5) >= random.integers(2, 6, count)[:, None]] = -1
    return syllables


def _texts(syllables: NDArray[np.int64]) -> pa.Array:
    known = pa.array([*_SYLLABLES.tolist(), ""])
    parts = [known.take(pa.array(np.where(column < 0, len(_SYLLABLES), column))) for column in syllables.T]
    return pc.utf8_capitalize(pc.binary_join_element_wise(*parts, ""))


def _numbered(letter: str, first: int, count: int) -> pa.Array:
    numbers = pa.array(np.arange(first, first + count)).cast(pa.string())
    return pc.binary_join_element_wise(letter, pc.utf8_lpad(numbers, 9, "0"), "")


def _lists(texts: pa.Array) -> pa.Array:
    empty = pa.nulls(len(texts), pa.string())
    structs = pa.StructArray.from_arrays([texts, empty, empty], fields=list(_NAMES.value_type))
    return pa.ListArray.from_arrays(pa.array(np.arange(len(texts) + 1), pa.int32()), structs, _NAMES)


def _maps(values: pa.Array) -> pa.Array:
    keys = pa.array(["district"] * len(values), pa.string())
    return pa.MapArray.from_arrays(pa.array(np.arange(len(values) + 1), pa.int32()), keys, values.cast(pa.string()))
