"""The fingerprint of a table that comes in parts, the same as `geodata.fingerprint` gives of the whole.

That digest takes one column after the other, so the bytes of each are set aside in a compressed file while the parts
come, and read once, in order, at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

if TYPE_CHECKING:
    from hashlib import _Hash

_CHUNK = 1 << 20  # bytes read back at a time


class RunningFingerprint:
    """Takes the parts of a table in their order; `hexdigest` is that of `geodata.fingerprint.fingerprint` of all."""

    def __init__(self, schema: pa.Schema, folder: Path) -> None:
        """Set aside into files of `folder`, which stay until its owner removes them."""
        names = (folder / f"{number}.lz4" for number in range(1_000_000))
        self._columns = [(field.name, _Column(field.type, names)) for field in schema]

    def add(self, part: pa.Table) -> None:
        """Take the next rows."""
        for name, column in self._columns:
            for chunk in part.column(name).chunks:
                column.add(chunk)

    def hexdigest(self) -> str:
        """Return the sha256 (hex) of what was added; nothing can be added afterwards."""
        digest = sha256()
        for name, column in self._columns:
            _say(digest, name)
            column.tell(digest)
        return digest.hexdigest()


class _Column:
    """One column or nested part of one: how long it is, which values are there, and what they are."""

    def __init__(self, kind: pa.DataType, names: Iterator[Path]) -> None:
        self._kind = _plain(kind)
        self._length = 0
        self._valid = _Bits(next(names))
        self._lengths = self._data = None
        self._parts: list[tuple[str, _Column]] = []
        if pa.types.is_list(self._kind):
            self._lengths = _Spool(next(names))
            self._parts = [("", _Column(self._kind.value_type, names))]
        elif pa.types.is_struct(self._kind):
            self._parts = [(field.name, _Column(field.type, names)) for field in self._kind]
        else:
            self._data = _Spool(next(names))
            self._lengths = _Spool(next(names)) if _is_text(self._kind) else None

    def add(self, column: pa.Array) -> None:
        """Take the next values."""
        column = column if column.type == self._kind else column.cast(self._kind)
        self._length += len(column)
        self._valid.add(np.asarray(column.is_valid()))
        if pa.types.is_list(self._kind):
            self._add_lengths(pc.fill_null(pc.list_value_length(column), 0))
            self._parts[0][1].add(pc.list_flatten(column))
        elif pa.types.is_struct(self._kind):
            for name, part in self._parts:
                part.add(pc.struct_field(column, name))
        elif _is_text(self._kind):
            self._add_texts(pc.fill_null(column, "" if pa.types.is_string(self._kind) else b""))
        else:
            self._add_numbers(column)

    def tell(self, digest: _Hash) -> None:
        """Put everything into a digest, in the order of `geodata.fingerprint`."""
        digest.update(self._length.to_bytes(8, "little"))
        self._valid.tell(digest)
        said = {pa.types.is_list: "list", pa.types.is_struct: "struct"}
        _say(digest, next((word for test, word in said.items() if test(self._kind)), str(self._kind)))
        for spool in filter(None, (self._lengths, self._data)):
            spool.tell(digest)
        for name, part in self._parts:
            if name:
                _say(digest, name)
            part.tell(digest)

    def _add_lengths(self, lengths: pa.Array) -> None:
        if self._lengths is not None:
            self._lengths.add(_bytes(lengths))

    def _add_texts(self, filled: pa.Array) -> None:
        self._add_lengths(pc.binary_length(filled))
        _, offsets, data = filled.buffers()
        if self._data is not None and data is not None and len(filled):
            ends = np.frombuffer(offsets, dtype=np.int32)[filled.offset : filled.offset + len(filled) + 1]
            self._data.add(data.slice(int(ends[0]), int(ends[-1] - ends[0])))

    def _add_numbers(self, column: pa.Array) -> None:
        if pa.types.is_date32(column.type):
            column = column.cast(pa.int32())
        if pa.types.is_boolean(column.type):
            column = column.cast(pa.int8())
        if self._data is not None:
            self._data.add(_bytes(pc.fill_null(column, 0)))


class _Spool:
    """Bytes set aside in a compressed file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sink = pa.CompressedOutputStream(str(path), "lz4")

    def add(self, content: Any) -> None:
        self._sink.write(content)

    def tell(self, digest: _Hash) -> None:
        self._sink.close()
        with pa.CompressedInputStream(str(self._path), "lz4") as source:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
        self._path.unlink()


class _Bits:
    """Truths, eight to a byte, whatever the lengths of the parts they come in."""

    def __init__(self, path: Path) -> None:
        self._spool = _Spool(path)
        self._rest: NDArray[np.bool_] = np.zeros(0, dtype=bool)

    def add(self, truths: NDArray[np.bool_]) -> None:
        joined = np.concatenate((self._rest, truths))
        whole = len(joined) - len(joined) % 8
        self._spool.add(np.packbits(joined[:whole]).tobytes())
        self._rest = joined[whole:]

    def tell(self, digest: _Hash) -> None:
        self._spool.add(np.packbits(self._rest).tobytes())
        self._spool.tell(digest)


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.list_(pa.struct([("key", kind.key_type), ("value", kind.item_type)])) if pa.types.is_map(kind) else kind


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_binary(kind))


def _bytes(column: pa.Array) -> bytes:
    values = np.asarray(column)
    return values.astype(values.dtype.newbyteorder("<")).tobytes()


def _say(digest: _Hash, text: str) -> None:
    raw = text.encode()
    digest.update(len(raw).to_bytes(8, "little") + raw)
