"""Normal forms of place names: what is the name proper, what is only its kind, its side of the hill, its number.

`Brgy. Santa Cruz II` and `Barangay Sta. Cruz No. 2` have one form: core "santa cruz", generic "barangay", number "2".
A name is never replaced by its form; forms are what names are compared by. The rules are those of toponym matching
practice: transliterate first, compare the parts separately, because numbers and modifiers look alike but mean other
places (Jaro-Winkler("block 12", "block 21") = 0.975).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.names.abjads import VOWELLESS
from geodata.names.folding import fold, fold_column
from geodata.names.lexicon import lexicon
from geodata.names.parts import NameForm, parse
from geodata.names.resemblance import Readings
from geodata.names.sound import skeleton

#: A name with something in brackets behind it, in Western or full-width brackets.
_BRACKETED = (
    "^\\s*(?P<name>[^(\\[\uff08]*[^(\\[\uff08\\s])\\s*[(\\[\uff08](?P<qualifier>[^)\\]\uff09]*)[)\\]\uff09]?\\s*$"
)
_BRACKETED_NAME = re.compile(_BRACKETED, re.ASCII)
_FEW = 64  # names up to which reading them one by one is quicker than as a column


class Marks(NamedTuple):
    """Numbers and modifiers of a column of distinct names."""

    distinct: tuple[tuple[str, str], ...]  # (number, modifier); the first are none of either
    which: NDArray[np.int64]  # of each name, its position in `distinct`


class Wholes(NamedTuple):
    """A column of distinct names as they stand, and what stands in each around the name proper."""

    letters: NDArray[np.object_]  # and digits, without spaces
    size: NDArray[np.int64]  # how many
    around: NDArray[np.object_]  # kind words and modifiers
    number: NDArray[np.object_]


@dataclass(frozen=True)
class NameForms:
    """Normal forms of a column of names, in its order; repeated names share one form."""

    texts: tuple[str, ...]  # distinct names as written
    parts: tuple[NameForm, ...]  # one per distinct name
    which: NDArray[np.int64]  # for each name of the column, the distinct name it is

    def __len__(self) -> int:
        """Return the number of names in the column."""
        return len(self.which)

    def __getitem__(self, position: int) -> NameForm:
        """Return the form of one name of the column."""
        return self.parts[int(self.which[position])]

    @cached_property
    def named(self) -> NDArray[np.bool_]:
        """Whether each name of the column says anything to call a place by."""
        return np.fromiter((bool(part.core) for part in self.parts), np.bool_, len(self.parts))[self.which]

    @cached_property
    def letters(self) -> list[str]:
        """The letters of each distinct name's core."""
        return [part.letters for part in self.parts]

    @cached_property
    def readings(self) -> Readings:
        """Each distinct name's core, ready to be compared with others."""
        return Readings.of([part.core for part in self.parts], self.vowelless)

    @cached_property
    def vowelless(self) -> NDArray[np.bool_]:
        """Whether each distinct name is written in a script that leaves vowels out."""
        return np.fromiter((part.vowelless for part in self.parts), np.bool_, len(self.parts))

    @cached_property
    def wholes(self) -> Wholes:
        """Each distinct name unparted."""
        whole = [fold(_outside(text)).replace(" ", "") for text in self.texts]
        return Wholes(
            np.array(whole, np.object_),
            np.fromiter(map(len, whole), np.int64, len(whole)),
            np.array([f"{part.generic}|{part.modifier}" for part in self.parts], np.object_),
            np.array([part.number for part in self.parts], np.object_),
        )

    @cached_property
    def marks(self) -> Marks:
        """What numbers and modifiers the distinct names bear."""
        number: dict[tuple[str, str], int] = {("", ""): 0}
        which = [number.setdefault((part.number, part.modifier), len(number)) for part in self.parts]
        return Marks(tuple(number), np.array(which, np.int64))

    @cached_property
    def skeletons(self) -> tuple[str, ...]:
        """The consonant skeleton of each distinct name's core."""
        return tuple(skeleton(part.core) for part in self.parts)


def forms(names: Sequence[str | None]) -> NameForms:
    """Return the normal forms of a column of names; None counts as an empty name."""
    number: dict[str, int] = {}
    which = [number.setdefault(name or "", len(number)) for name in names]
    texts = tuple(number)
    parts = tuple(map(form, texts)) if len(texts) <= _FEW else _forms_of(pa.array(texts, pa.string()))
    return NameForms(texts=texts, parts=parts, which=np.array(which, np.int64))


def _outside(text: str) -> str:
    """Return what stands outside brackets."""
    found = _BRACKETED_NAME.match(text)
    return found["name"] if found else text


@lru_cache(maxsize=100_000)
def form(name: str) -> NameForm:
    """Return the normal form of one name."""
    found = _BRACKETED_NAME.match(name)
    outside, inside = (found["name"], found["qualifier"]) if found else (name, "")
    words = lexicon(outside)
    return parse(fold(words.joined.part(outside)), fold(inside), words, vowelless=_is_vowelless(outside))


def _forms_of(distinct: pa.Array) -> tuple[NameForm, ...]:
    bracketed = pc.extract_regex(distinct, _BRACKETED)
    outside = pc.coalesce(pc.struct_field(bracketed, "name"), distinct)
    inside = fold_column(pc.fill_null(pc.struct_field(bracketed, "qualifier"), ""))
    texts = outside.to_pylist()
    words = [lexicon(text) for text in texts]
    if not pc.all(pc.string_is_ascii(outside)).as_py():
        outside = pa.array([own.joined.part(text) for own, text in zip(words, texts, strict=True)], pa.string())
    columns = zip(fold_column(outside).to_pylist(), inside.to_pylist(), words, texts, strict=True)
    return tuple(parse(name, side, own, vowelless=_is_vowelless(text)) for name, side, own, text in columns)


def _is_vowelless(text: str) -> bool:
    return not text.isascii() and VOWELLESS.search(text) is not None
