"""Fragments: columns as JSON, value by value, exactly as orjson writes each; joined, they are whole bodies.

A column that says the same in every row is one text instead of an array, so that joining it costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

#: A text for every row, or the one that all rows have.
Fragment: TypeAlias = pa.Array | str

NULL, EMPTY = "null", "[]"
_BETWEEN = ",\n  "  # how orjson sets values apart when it indents; no value has a line break of its own


def texts(column: pa.Array) -> Fragment:
    """Return texts as JSON."""
    if column.null_count == len(column):
        return NULL
    written = orjson.dumps(column.to_pylist(), option=orjson.OPT_INDENT_2)
    return _split(written[4:-2], _BETWEEN)


def numbers(column: pa.Array) -> Fragment:
    """Return floats as JSON; what is no number is null."""
    if column.null_count == len(column):
        return NULL
    values = np.ascontiguousarray(column.to_numpy(zero_copy_only=False), np.float64)
    return _split(orjson.dumps(values, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1], ",")


def days(column: pa.Array) -> Fragment:
    """Return dates as JSON."""
    if column.null_count == len(column):
        return NULL
    return pc.fill_null(joined('"', column.cast(pa.string()), '"'), NULL)


def members(of: Mapping[str, Fragment], *, ordered: bool) -> Fragment:
    """Return objects of these members, as they stand or `ordered` by their names."""
    names = sorted(of) if ordered else list(of)
    parts: list[Fragment] = []
    for place, name in enumerate(names):
        parts += [f'{"," if place else "{"}"{name}":', of[name]]
    return joined(*parts, "}")


def lists(column: pa.Array, held: Fragment) -> Fragment:
    """Return lists as JSON, null as an empty one; `held` is what they hold, `column.flatten()`, written already."""
    sizes = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
    number = int(sizes.sum())
    if not number:
        return EMPTY
    written = pa.repeat(held, number) if isinstance(held, str) else held
    return joined("[", pc.binary_join(pa.ListArray.from_arrays(_offsets(sizes), written), ","), "]")


def listed(column: pa.Array, field: str | None = None) -> Fragment:
    """Return lists of texts as JSON, or of the texts in one field of what they hold; null as an empty one."""
    if column.null_count == len(column):
        return EMPTY
    held = column.flatten()
    return lists(column, texts(held if field is None else pc.struct_field(held, field)))


def pairs(column: pa.Array) -> Fragment:
    """Return maps from text to text as JSON: lists of pairs, which keep their order; null as an empty one."""
    if column.null_count == len(column):
        return EMPTY
    entries = pa.StructArray.from_arrays([column.keys, column.items], names=["key", "value"])
    listed = pa.ListArray.from_arrays(column.offsets, entries)  # a null map is empty between its offsets
    key, value = (texts(pc.struct_field(listed.flatten(), name)) for name in ("key", "value"))
    return lists(listed, joined("[", key, ",", value, "]"))


def joined(*parts: Fragment) -> Fragment:
    """Return the parts of each row one after the other; a null among them makes the row null."""
    merged: list[Fragment] = []
    for part in parts:
        if merged and isinstance(part, str) and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    return merged[0] if len(merged) == 1 else pc.binary_join_element_wise(*merged, "")


def by_value(column: pa.Array, write: Callable[[Any], str | None]) -> pa.Array:
    """Return what `write` says of each value, asked once for each different one; null stays null."""
    encoded = column.dictionary_encode()
    said: Iterable[str | None] = map(write, encoded.dictionary.to_pylist())
    return pa.array(said, pa.string()).take(encoded.indices)


def _split(written: bytes, between: str) -> pa.Array:
    return pc.split_pattern(pa.array([written], pa.string()), between).flatten()


def _offsets(sizes: Any) -> pa.Array:
    return pa.array(np.concatenate(([0], np.cumsum(sizes))), pa.int32())
