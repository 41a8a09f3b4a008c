"""Mapbox Vector Tiles 2.1 of points, written with arrays: no loop goes over the points.

A feature is nothing but variable-length integers (varints): the marks of its fields, their lengths, the numbers of its
keys and values, its place. So a layer is one table of integers, a row for each feature, and all of it becomes bytes at
once. Specification: github.com/mapbox/vector-tile-spec, 2.1; varints: protobuf.dev, Encoding.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.tiles.pyramid import EXTENT

Value = str | bool | int | float
Whole = NDArray[np.signedinteger[Any]]
Truths = NDArray[np.bool_]

_VERSION = 2
_POINT = 1  # of the kinds of geometry
_MOVE_ONCE = 9  # the command MoveTo, once
_BITS = 7  # of a number in each byte of a varint


@dataclass(frozen=True, eq=False)
class Column:
    """A property of features: for each row the position of its value, -1 for none, and each value as it is written."""

    codes: Whole
    written: Sequence[bytes]

    @classmethod
    def of(cls, values: Sequence[Value | None]) -> Self:
        """Return a column of plain values of one type; None where there is none."""
        plain = pa.array(values)
        if pa.types.is_null(plain.type):
            return cls(np.full(len(values), -1, np.int64), ())
        coded = plain.dictionary_encode()
        codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        distinct: list[Any] = coded.dictionary.to_pylist()
        texts = pa.types.is_string(plain.type)
        return cls(codes, _texts(distinct) if texts else tuple(map(_value, distinct)))

    def take(self, rows: Whole) -> Column:
        """Return the column of some rows."""
        return Column(self.codes[rows], self.written)


@dataclass(frozen=True, eq=False)
class Features:
    """Points of a layer, in units of the tile (`EXTENT` to a side), with their properties."""

    x: Whole
    y: Whole
    properties: Mapping[str, Column]


def layer(name: str, parts: Sequence[Features]) -> bytes:
    """Return a layer with the features of all parts, which may differ in what properties they have."""
    keys = list(dict.fromkeys(key for part in parts for key in part.properties))
    values: list[bytes] = []
    features = b"".join(_features(part, keys, values) for part in parts)
    body = b"".join(
        (
            _field(1, name.encode()),
            features,
            *(_field(3, key.encode()) for key in keys),
            *values,
            _varint(5 << 3) + _varint(EXTENT),
            _varint(15 << 3) + _varint(_VERSION),
        )
    )
    return _field(3, body)


def _features(part: Features, keys: Sequence[str], values: list[bytes]) -> bytes:
    """Return the features of a part as they stand in the layer, and add their values to those it has."""
    shape = (len(part.x), 2 * len(part.properties))
    tags, there = np.zeros(shape, np.int32), np.zeros(shape, bool)
    for at, (key, column) in enumerate(sorted(part.properties.items(), key=lambda one: len(one[1].written))):
        used, position = _used(column)
        tags[:, 2 * at], tags[:, 2 * at + 1] = keys.index(key), position + len(values)
        there[:, 2 * at : 2 * at + 2] = (column.codes >= 0)[:, None]
        values += [column.written[code] for code in used.tolist()]
    place = np.stack([np.full(len(part.x), _MOVE_ONCE), _zigzag(part.x), _zigzag(part.y)], axis=1).astype(np.int32)
    return _rows(tags, there, place)


def _rows(tags: Whole, there: Truths, place: Whole) -> bytes:
    """Return features by the numbers of their keys and values, those that are there, and their places."""
    long_tags, long_place = np.where(there, _lengths(tags), 0).sum(axis=1), _lengths(place).sum(axis=1)
    tagged = long_tags > 0
    whole = np.where(tagged, 1 + _lengths(long_tags) + long_tags, 0) + 2 + 1 + _lengths(long_place) + long_place
    ones = np.ones(len(tags), np.int32)
    columns = [
        (ones * (2 << 3 | 2), None),  # a feature of the layer
        (whole, None),
        (ones * (2 << 3 | 2), tagged),  # its tags
        (long_tags, tagged),
        *((tags[:, at], there[:, at]) for at in range(tags.shape[1])),
        (ones * (3 << 3), None),  # its kind of geometry
        (ones * _POINT, None),
        (ones * (4 << 3 | 2), None),  # its geometry
        (long_place, None),
        *((place[:, at], None) for at in range(place.shape[1])),
    ]
    written = [one for numbers, some in columns for one in _septets(numbers, some)]
    table, kept = (np.stack(part, axis=1) for part in zip(*written, strict=True))
    packed: bytes = table[kept].tobytes()
    return packed


def _septets(numbers: Whole, some: Truths | None) -> Iterator[tuple[NDArray[np.uint8], Truths]]:
    """Yield the bytes of a column of numbers, none below zero: the first of each, the second, and which have one.

    `some` says which rows have a number at all; None: every row.
    """
    there = np.ones(len(numbers), bool) if some is None else some
    while True:
        more = numbers > 0x7F  # noqa: PLR2004 - what seven bits hold
        yield ((numbers & 0x7F) | (more * 0x80)).astype(np.uint8), there
        there = there & more
        if not there.any():
            return
        numbers = numbers >> _BITS


def _lengths(numbers: Whole) -> Whole:
    """Return how many bytes each number takes."""
    long = np.ones(numbers.shape, np.int32)
    most = int(numbers.max(initial=0))
    while most > 0x7F:  # noqa: PLR2004 - what seven bits hold
        numbers, most = numbers >> _BITS, most >> _BITS
        long += numbers > 0
    return long


def _used(column: Column) -> tuple[Whole, Whole]:
    """Return which values of a column its rows have, in order, and for each row the position of its value among them.

    Where a row has none, the position means nothing.
    """
    there = np.zeros(len(column.written) + 1, bool)
    there[column.codes] = True  # the last place is that of none
    there[-1] = False
    return np.flatnonzero(there), (np.cumsum(there, dtype=np.int32) - 1)[column.codes]


def _zigzag(numbers: Whole) -> Whole:
    return (numbers << 1) ^ (numbers >> 63)


def _texts(values: Sequence[str]) -> tuple[bytes, ...]:
    """Return what `_value` returns of each text; most are short, and begin alike where they are as long."""
    written = [value.encode() for value in values]
    return tuple(_SHORT[len(one)] + one if len(one) < len(_SHORT) else _field(4, _field(1, one)) for one in written)


def _value(value: Any) -> bytes:
    """Return a value as it stands in the layer."""
    if isinstance(value, str):
        body = _field(1, value.encode())
    elif isinstance(value, bool):
        body = _varint(7 << 3) + _varint(int(value))
    elif isinstance(value, int):
        body = _varint(6 << 3) + _varint(value << 1 ^ value >> 63)
    else:
        body = _varint(3 << 3 | 1) + struct.pack("<d", value)
    return _field(4, body)


def _field(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - what seven bits hold
        out.append(number & 0x7F | 0x80)
        number >>= _BITS
    out.append(number)
    return bytes(out)


#: How a text begins in the layer, by its length in bytes, where two bytes tell the lengths.
_SHORT = tuple(bytes((4 << 3 | 2, long + 2, 1 << 3 | 2, long)) for long in range(126))
