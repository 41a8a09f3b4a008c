"""Columns kept in a folder: arrays are read from there where they lie, by all processes of a machine together.

A value is a dataclass or a named tuple of arrays, Arrow tables, plain values and others of its kind. Each array is a
`.npy` file and each table an Arrow file; `content.json` says what belongs where, and how long every file is and what
its CRC-32 is, and is written last. The folder appears whole or not at all, and what became of it on a failing disk is
noticed before anything of it is used: a gigabyte is checked in half a second.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from enum import Enum
from pathlib import Path
from tokenize import TokenError
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_CONTENT = "content.json"
_PARTIAL = ".partial-"
_AT_ONCE = 1 << 20  # bytes

#: The words by which values are told; a damaged file may say any.
_TOLD = frozenset({"array", "table", "enum", "plain", "entries", "items", "made"})

#: What comes of files that are damaged: headers of arrays are read as Python would be.
_BROKEN = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, MemoryError),
    *(SyntaxError, TokenError, pa.ArrowException),
)


class SavedDamaged(ValueError):
    """A folder does not hold what was saved there; what it was saved from is to be worked out again."""


def save(value: object, folder: Path) -> None:
    """Write a value into a folder, which takes the place of one that is there. Raises `OSError`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = folder.with_name(f"{_PARTIAL}{uuid.uuid4().hex}")
    partial.mkdir()
    try:
        writing = _Writing(partial)
        told = writing.told(value, "value")
        sums = {path.name: (path.stat().st_size, _sum(path)) for path in partial.iterdir()}
        content = json.dumps({"value": told, "sums": sums}).encode()
        _write(partial / _CONTENT, b"%08x\n" % crc32(content) + content)
        remove(folder)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def read(folder: Path, kinds: Collection[type]) -> Any:
    """Return what was saved; arrays and tables are memory-mapped and cannot be written to.

    `kinds` are the classes of which it may consist. Raises `SavedDamaged`, also where nothing was saved.
    """
    try:
        own, _, said = (folder / _CONTENT).read_bytes().partition(b"\n")
        if int(own, 16) != crc32(said):
            msg = f"{_CONTENT} was changed"
            raise ValueError(msg)
        content = json.loads(said)
        _hold_against(folder, content["sums"])
        return _Reading(folder, {kind.__name__: kind for kind in kinds}).value(content["value"])
    except _BROKEN as error:
        msg = f"{folder} cannot be read: {error}"
        raise SavedDamaged(msg) from error


def remove(folder: Path) -> None:
    """Remove a folder whole or not at all; who has mapped its files goes on reading them. Raises `OSError`."""
    if folder.exists():
        leaving = folder.rename(folder.with_name(f"{_PARTIAL}{uuid.uuid4().hex}"))
        shutil.rmtree(leaving)


def leftovers(folder: Path) -> list[Path]:
    """Return what was half written or half removed below a folder."""
    return sorted(folder.glob(f"{_PARTIAL}*"))


class _Writing:
    """Files being written; an array that stands in several places is written once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: dict[int, str] = {}
        self._held: list[object] = []  # so that no other array gets the identity of one that was written

    def told(self, value: object, name: str) -> list[Any]:
        match value:
            case np.ndarray():
                told: list[Any] = ["array", self._array(value, name)]
            case pa.Table():
                told = ["table", self._table(value, name)]
            case Enum():
                told = ["enum", type(value).__name__, value.value]
            case None | bool() | int() | float() | str():
                told = ["plain", value]
            case dict():
                told = ["entries", [[key, self.told(value[key], f"{name}.{at}")] for at, key in enumerate(value)]]
            case tuple() if not hasattr(value, "_fields"):
                told = ["items", [self.told(each, f"{name}.{at}") for at, each in enumerate(value)]]
            case _:
                told = ["made", type(value).__name__, *(self._parts(value, own, name) for own in _parts_of(value))]
        return told

    def _parts(self, value: object, parts: Iterable[str], name: str) -> dict[str, list[Any]]:
        return {part: self.told(getattr(value, part), f"{name}.{part}") for part in parts}

    def _array(self, array: np.ndarray[Any, Any], name: str) -> str:
        if id(array) not in self._written:
            self._held.append(array)
            self._written[id(array)] = file = f"{name}.npy"
            with (self._folder / file).open("wb") as sink:
                np.save(sink, np.ascontiguousarray(array), allow_pickle=False)
                _flush(sink)
        return self._written[id(array)]

    def _table(self, table: pa.Table, name: str) -> str:
        file = f"{name}.arrow"
        with (self._folder / file).open("wb") as sink:
            with pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table)
            _flush(sink)
        return file


class _Reading:
    """A folder being read."""

    def __init__(self, folder: Path, kinds: Mapping[str, type]) -> None:
        self._folder = folder
        self._kinds = kinds

    def value(self, told: Sequence[Any]) -> Any:
        word, *parts = told
        if word not in _TOLD:
            msg = f"{word!r} is no value"
            raise ValueError(msg)
        return getattr(self, f"_{word}")(*parts)

    def _array(self, file: str) -> NDArray[Any]:
        array: NDArray[Any] = np.load(self._folder / file, mmap_mode="r", allow_pickle=False)
        return array.view(np.ndarray)

    def _table(self, file: str) -> pa.Table:
        return pa.ipc.open_file(pa.memory_map(str(self._folder / file))).read_all()

    def _enum(self, kind: str, value: Any) -> Any:
        return self._kinds[kind](value)

    def _plain(self, value: Any) -> Any:
        return value

    def _entries(self, entries: Iterable[tuple[str, Sequence[Any]]]) -> dict[str, Any]:
        return {key: self.value(each) for key, each in entries}

    def _items(self, items: Iterable[Sequence[Any]]) -> tuple[Any, ...]:
        return tuple(map(self.value, items))

    def _made(self, kind: str, parts: Mapping[str, Sequence[Any]], kept: Mapping[str, Sequence[Any]]) -> Any:
        made = self._kinds[kind](**self._entries(parts.items()))
        if kept:
            vars(made).update(self._entries(kept.items()))  # where a cached property puts what it has worked out
        return made


def _parts_of(value: Any) -> tuple[Sequence[str], Sequence[str]]:
    """Return the names of what a value is made of, and of the cached properties that are saved beside that."""
    return getattr(value, "_fields", None) or [field.name for field in fields(value)], getattr(value, "kept", ())


def _hold_against(folder: Path, sums: Mapping[str, tuple[int, int]]) -> None:
    for name, (size, crc) in sums.items():
        if (found := (folder / name).stat().st_size) != size:
            msg = f"{name} has {found:,} bytes instead of {size:,}"
            raise ValueError(msg)
        if _sum(folder / name) != crc:
            msg = f"{name} was changed"
            raise ValueError(msg)


def _sum(path: Path) -> int:
    """Return the CRC-32 of a file, which tells every change of a few bits and nearly every other."""
    crc = 0
    with path.open("rb", buffering=0) as file:
        while part := file.read(_AT_ONCE):
            crc = crc32(part, crc)
    return crc


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as sink:
        sink.write(content)
        _flush(sink)


def _flush(sink: Any) -> None:
    sink.flush()
    os.fsync(sink.fileno())
