"""JSON-stat 2.0, read: a dataset is its dimensions, and values at flat positions, the last dimension running fastest.

Format: https://json-stat.org/full/. Values and flags come as an object keyed by position, of which most may be
missing, or as a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from connectors.client import Answer
from connectors.documents import loads
from connectors.eurostat.answers import SOURCE
from connectors.outcomes import agreed_shape, text


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension: its codes in order, and what they are called."""

    name: str
    codes: tuple[str, ...]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Position:
    """One cell of a dataset: where it is, and what is printed there."""

    codes: Mapping[str, str]  # dimension -> code
    value: int | Decimal | None
    flags: str
    there: bool  # false: neither a value nor a flag is given


@dataclass(frozen=True, slots=True)
class Cube:
    """One dataset."""

    label: str
    updated: str
    dimensions: tuple[Dimension, ...]
    values: Mapping[int, int | Decimal | None]
    flags: Mapping[int, str]

    @property
    def size(self) -> int:
        """How many cells there are, those that are missing among them."""
        return prod(len(one.codes) for one in self.dimensions)

    def dimension(self, name: str) -> Dimension | None:
        """Return a dimension by its name."""
        return next((one for one in self.dimensions if one.name == name), None)

    def positions(self) -> Iterator[Position]:
        """Go through all cells."""
        names = [one.name for one in self.dimensions]
        for flat, codes in enumerate(product(*(one.codes for one in self.dimensions))):
            yield Position(
                dict(zip(names, codes, strict=True)),
                self.values.get(flat),
                self.flags.get(flat, ""),
                there=flat in self.values or flat in self.flags,
            )


def read_cube(answer: Answer) -> Cube:
    """Read a dataset. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "the dataset"):
        said = loads(answer.text, parse_float=Decimal)
        dimensions = tuple(_dimension(name, said["dimension"][name]["category"]) for name in said["id"])
        cube = Cube(
            label=text(said["label"]),
            updated=text(said["updated"]),
            dimensions=dimensions,
            values={flat: _number(one) for flat, one in _by_position(said["value"]).items()},
            flags={flat: text(flags) for flat, flags in _by_position(said.get("status") or {}).items() if flags},
        )
        sizes = [len(one.codes) for one in dimensions]
        if sizes != [int(size) for size in said["size"]]:
            msg = f"sizes {said['size']} are announced, and the dimensions have {sizes}"
            raise ValueError(msg)
        beyond = max((*cube.values, *cube.flags), default=-1)
        if beyond >= cube.size:
            msg = f"position {beyond} lies outside of {cube.size} cells"
            raise ValueError(msg)
        return cube


def _dimension(name: str, category: Mapping[str, Any]) -> Dimension:
    labels = {code: text(label) for code, label in (category.get("label") or {}).items()}
    index = category.get("index")
    codes = (
        list(labels) if index is None else index if isinstance(index, list) else sorted(index, key=index.__getitem__)
    )
    return Dimension(name, tuple(map(text, codes)), labels)


def _number(value: Any) -> int | Decimal | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | Decimal)):
        msg = f"{value!r} is no number"
        raise TypeError(msg)
    return value


def _by_position(said: Any) -> dict[int, Any]:
    if isinstance(said, list):
        return {flat: one for flat, one in enumerate(said) if one is not None}
    return {int(flat): one for flat, one in said.items()}
