"""Normal forms of place names: what is the name proper, what is only its kind, its side of the hill, its number.

`Brgy. Santa Cruz II` and `Barangay Sta. Cruz No. 2` have one form: core "santa cruz", generic "barangay", number "2".
A name is never replaced by its form; forms are what names are compared by. The rules are those of toponym matching
practice: transliterate first, compare the parts separately, because numbers and modifiers look alike but mean other
places (Jaro-Winkler("block 12", "block 21") = 0.975).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.coded import Coded
from geodata.names.folding import fold, fold_column
from geodata.names.lexicon import lexicon
from geodata.names.partcolumns import BRACKETED, PartColumns, is_vowelless, outside, parts_of
from geodata.names.parts import NameForm, parse
from geodata.names.resemblance import Readings
from geodata.names.sound import skeleton, skeletons
from geodata.texts import Texts

_FEW = 64  # names up to which reading them one by one is quicker than as a column


@dataclass(frozen=True, eq=False)
class Marks:
    """Numbers and modifiers of a column of distinct names."""

    number: Coded  # of `distinct`
    modifier: Coded
    which: NDArray[np.int64]  # of each name, its position in `distinct`

    @cached_property
    def distinct(self) -> tuple[tuple[str, str], ...]:
        """The pairs of a number and a modifier; the first are none of either."""
        return tuple(zip(self.number.tolist(), self.modifier.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Wholes:
    """A column of distinct names as they stand, and what stands in each around the name proper."""

    kept: ClassVar = ("size",)  # what is saved beside the fields

    letters: Texts  # and digits, without spaces
    around: Coded  # kind words and modifiers
    number: Coded

    @cached_property
    def size(self) -> NDArray[np.int64]:
        """How many letters and digits each has."""
        return self.letters.sizes


@dataclass(frozen=True, eq=False)
class NameForms:
    """Normal forms of a column of names, in its order; repeated names share one form. Columns throughout."""

    kept: ClassVar = ("named", "letters", "readings", "wholes", "marks", "skeletons")  # what is saved beside the fields

    texts: Texts  # distinct names as written
    parts: PartColumns  # one per distinct name
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
        return (self.parts.core.sizes > 0)[self.which]

    @cached_property
    def letters(self) -> Texts:
        """The letters of each distinct name's core."""
        if self._few:
            return Texts.of([core.replace(" ", "") for core in self.parts.core.tolist()])
        return self.parts.core.without(" ")

    @cached_property
    def readings(self) -> Readings:
        """Each distinct name's core, ready to be compared with others."""
        core = self.parts.core
        if self._few:
            parted = [sorted(name.split()) for name in core.tolist()]
            sizes = np.array([len(each) for each in parted], np.int64)
            return Readings(self.letters, Texts.of([" ".join(each) for each in parted]), sizes, self.vowelless)
        spaces = np.concatenate(([0], np.cumsum(core.data == ord(" "))))[core.offsets]
        several = np.flatnonzero(np.diff(spaces))
        ordered = [" ".join(sorted(name.split())) for name in core.take(several).tolist()]
        words = core.replaced(several, Texts.of(ordered))
        return Readings(self.letters, words, np.diff(spaces) + (core.sizes > 0), self.vowelless)

    @property
    def vowelless(self) -> NDArray[np.bool_]:
        """Whether each distinct name is written in a script that leaves vowels out."""
        return self.parts.vowelless

    @cached_property
    def wholes(self) -> Wholes:
        """Each distinct name unparted."""
        if self._few:
            whole = Texts.of([fold(_outside(text)).replace(" ", "") for text in self.texts.tolist()])
        else:
            whole = Texts.of_column(fold_column(outside(self.texts.column)[0])).without(" ")
        generic, modifier, which = self.parts.generic.paired(self.parts.modifier)
        pairs = zip(generic.tolist(), modifier.tolist(), strict=True)
        around = Texts.of(["", *(f"{one}|{other}" for one, other in pairs)])
        return Wholes(whole, Coded((which + 1).astype(np.int32), around), self.parts.number)

    @cached_property
    def marks(self) -> Marks:
        """What numbers and modifiers the distinct names bear."""
        return Marks(*self.parts.number.paired(self.parts.modifier))

    @cached_property
    def skeletons(self) -> Texts:
        """The consonant skeleton of each distinct name's core."""
        core = self.parts.core
        return Texts.of([skeleton(name) for name in core.tolist()]) if self._few else skeletons(core)

    @property
    def _few(self) -> bool:
        """Whether reading the names one by one is quicker than as columns."""
        return len(self.texts) <= _FEW


def forms(names: Sequence[str | None]) -> NameForms:
    """Return the normal forms of a column of names; None counts as an empty name."""
    if len(names) > _FEW:
        return forms_of_column(pa.array(names, pa.string()))
    number: dict[str, int] = {}
    which = [number.setdefault(name or "", len(number)) for name in names]
    return NameForms(Texts.of(number), PartColumns.of([form(text) for text in number]), np.array(which, np.int64))


def forms_of_column(names: pa.Array) -> NameForms:
    """Return the normal forms of an Arrow column of names; null counts as an empty name."""
    coded = pc.dictionary_encode(pc.fill_null(names, ""))
    distinct, which = coded.dictionary, np.asarray(coded.indices).astype(np.int64)
    few = len(distinct) <= _FEW
    parts = PartColumns.of([form(text) for text in distinct.to_pylist()]) if few else parts_of(distinct)
    return NameForms(Texts.of_column(distinct), parts, which)


@lru_cache(maxsize=100_000)
def form(name: str) -> NameForm:
    """Return the normal form of one name."""
    found = BRACKETED.match(name)
    without, within = (found["name"], found["qualifier"]) if found else (name, "")
    words = lexicon(without)
    return parse(fold(words.joined.part(without)), fold(within), words, vowelless=is_vowelless(without))


def _outside(text: str) -> str:
    """Return what stands outside brackets."""
    found = BRACKETED.match(text)
    return found["name"] if found else text
