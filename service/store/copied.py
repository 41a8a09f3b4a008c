"""Copied: columns as PostgreSQL's binary COPY reads them, so that the server need not parse what was just written.

A row is the number of its fields, then for each field its length and its bytes, big-endian; a null has the length -1
(PostgreSQL's documentation of COPY, "Binary Format").
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import BigInteger, Float, Integer, Table
from sqlalchemy.types import TypeEngine

_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TAIL = b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def binary(table: Table, columns: Mapping[str, Any], length: int) -> tuple[bytes, memoryview, bytes]:
    """Return what to send for rows of a table, in three pieces; a column is an array, or the one value of all rows.

    Texts and JSON are given as texts, a moment as one value.
    """
    pieces: list[pa.Array | bytes] = [len(columns).to_bytes(2, "big")]
    for name, column in columns.items():
        kind = table.c[name].type
        pieces += _fields(column, kind) if isinstance(column, pa.Array | pa.ChunkedArray) else [_field(column, kind)]
    rows = pc.binary_join_element_wise(
        *(_same(piece) for piece in _gathered(pieces)), pa.scalar(b"", pa.large_binary())
    )
    if not isinstance(rows, pa.Array):  # every row is the same
        rows = pa.repeat(rows, length)
    starts = np.frombuffer(rows.buffers()[1], np.int64)[rows.offset : rows.offset + len(rows) + 1]
    return _HEAD, memoryview(rows.buffers()[2])[starts[0] : starts[-1]], _TAIL


def _gathered(pieces: list[pa.Array | bytes]) -> list[pa.Array | bytes]:
    """Return the pieces with neighbours that all rows share made one."""
    gathered: list[pa.Array | bytes] = []
    for piece in pieces:
        if isinstance(piece, bytes) and gathered and isinstance(gathered[-1], bytes):
            gathered[-1] += piece
        else:
            gathered.append(piece)
    return gathered


def _same(piece: pa.Array | bytes) -> pa.Array | pa.Scalar:
    return pa.scalar(piece, pa.large_binary()) if isinstance(piece, bytes) else piece


def _field(value: object, kind: TypeEngine[Any]) -> bytes:
    if value is None:
        return _NULL
    if isinstance(value, datetime):
        return _sized(((value - _EPOCH) // timedelta(microseconds=1)).to_bytes(8, "big", signed=True))
    if width := _width(kind):
        return _sized(np.array(value, width).tobytes())
    return _sized(str(value).encode())


def _sized(written: bytes) -> bytes:
    return len(written).to_bytes(4, "big") + written


def _fields(column: pa.Array | pa.ChunkedArray, kind: TypeEngine[Any]) -> list[pa.Array | bytes]:
    """Return the lengths and the bytes of a column, together where all values have one length."""
    array = pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column
    there = np.asarray(array.is_valid())
    if width := _width(kind):
        plain = pc.fill_null(array, 0).to_numpy(zero_copy_only=False).astype(width)
        size = plain.dtype.itemsize
        rows = np.empty((len(plain), 4 + size), np.uint8)
        rows[:, :4], rows[:, 4:] = (
            np.frombuffer(size.to_bytes(4, "big"), np.uint8),
            plain.view(np.uint8).reshape(-1, size),
        )
        return [pc.if_else(pa.array(there), _cut(rows), pa.scalar(_NULL, pa.large_binary()))]
    texts = array.cast(pa.large_string()).cast(pa.large_binary())
    sizes = pc.fill_null(pc.binary_length(texts), -1).to_numpy(zero_copy_only=False).astype(">i4")
    return [_cut(sizes.view(np.uint8).reshape(-1, 4)), pc.fill_null(texts, b"")]


def _width(kind: TypeEngine[Any]) -> str | None:
    """Return how numbers of a column are written, None where it holds no numbers."""
    if isinstance(kind, BigInteger):
        return ">i8"
    if isinstance(kind, Integer):
        return ">i4"
    return ">f8" if isinstance(kind, Float) else None


def _cut(rows: np.ndarray) -> pa.Array:
    """Return the rows of an array of bytes as values."""
    starts = np.arange(len(rows) + 1, dtype=np.int64) * rows.shape[1]
    return pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(rows), [None, pa.py_buffer(starts), pa.py_buffer(np.ascontiguousarray(rows))]
    )
