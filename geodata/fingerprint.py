"""A fingerprint of columns that depends on what they say and on nothing else.

Parquet and Arrow IPC bytes change with the library's version, with chunking and with padding. A snapshot's identity
must not: the same content has the same sha256 on any machine, this year and the next.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from hashlib import _Hash


def fingerprint(table: pa.Table) -> str:
    """Return the sha256 (hex) of a table's column names, types, nulls and values, in the order they stand."""
    digest = sha256()
    for name in table.schema.names:
        column = table.column(name).combine_chunks()
        _say(digest, name)
        _digest(digest, column)
    return digest.hexdigest()


def _say(digest: _Hash, *texts: str) -> None:
    for text in texts:
        raw = text.encode()
        digest.update(len(raw).to_bytes(8, "little") + raw)


def _digest(digest: _Hash, column: pa.Array) -> None:
    digest.update(len(column).to_bytes(8, "little"))
    digest.update(np.packbits(np.asarray(column.is_valid())).tobytes())
    kind = column.type
    if pa.types.is_map(kind):
        column = column.cast(pa.list_(pa.struct([("key", kind.key_type), ("value", kind.item_type)])))
        kind = column.type
    if pa.types.is_list(kind):
        _say(digest, "list")
        _numbers(digest, pc.fill_null(pc.list_value_length(column), 0))
        _digest(digest, pc.list_flatten(column))
    elif pa.types.is_struct(kind):
        _say(digest, "struct")
        for field in kind:
            _say(digest, field.name)
            _digest(digest, pc.struct_field(column, field.name))
    elif pa.types.is_string(kind) or pa.types.is_binary(kind):
        _say(digest, str(kind))
        _texts(digest, column)
    else:
        _say(digest, str(kind))
        _numbers(digest, column)


def _texts(digest: _Hash, column: pa.Array) -> None:
    filled = pc.fill_null(column, "" if pa.types.is_string(column.type) else b"")
    _numbers(digest, pc.binary_length(filled))
    _, offsets, data = filled.buffers()
    if data is None or not len(filled):
        return
    ends = np.frombuffer(offsets, dtype=np.int32)[filled.offset : filled.offset + len(filled) + 1]
    digest.update(data.slice(int(ends[0]), int(ends[-1] - ends[0])))


def _numbers(digest: _Hash, column: pa.Array) -> None:
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    values = np.asarray(pc.fill_null(column, 0))
    digest.update(values.astype(values.dtype.newbyteorder("<")).tobytes())
