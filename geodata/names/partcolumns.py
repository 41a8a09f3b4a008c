"""The parts of many names as columns, read from whole columns of names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.coded import Coded
from geodata.names.abjads import VOWELLESS
from geodata.names.folding import fold_column
from geodata.names.lexicon import lexicon
from geodata.names.parts import NameForm, parse
from geodata.texts import Texts

#: A name with something in brackets behind it, in Western or full-width brackets.
_BRACKETED = (
    "^\\s*(?P<name>[^(\\[\uff08]*[^(\\[\uff08\\s])\\s*[(\\[\uff08](?P<qualifier>[^)\\]\uff09]*)[)\\]\uff09]?\\s*$"
)
BRACKETED = re.compile(_BRACKETED, re.ASCII)


@dataclass(frozen=True, eq=False)
class PartColumns(Sequence[NameForm]):
    """The parts of names, a column each; one name is read as a `NameForm`, made when it is asked for."""

    core: Texts
    generic: Coded
    modifier: Coded
    number: Coded
    qualifier: Coded
    vowelless: NDArray[np.bool_]

    @classmethod
    def of(cls, forms: Sequence[NameForm]) -> PartColumns:
        """Part forms into columns."""
        core, generic, modifier, number, qualifier, vowelless = zip(*forms, strict=True) if forms else [()] * 6
        coded = [Coded.of(column) for column in (generic, modifier, number, qualifier)]
        return cls(Texts.of(core), coded[0], coded[1], coded[2], coded[3], np.array(vowelless, np.bool_))

    def __len__(self) -> int:
        """Return the number of names."""
        return len(self.core)

    @overload
    def __getitem__(self, at: int) -> NameForm: ...

    @overload
    def __getitem__(self, at: slice) -> list[NameForm]: ...

    def __getitem__(self, at: int | slice) -> NameForm | list[NameForm]:
        """Return the form of one name, or of some."""
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        generic, modifier = self.generic[at], self.modifier[at]
        return NameForm(self.core[at], generic, modifier, self.number[at], self.qualifier[at], bool(self.vowelless[at]))

    def __iter__(self) -> Iterator[NameForm]:
        """Go through the forms of all names."""
        columns = (self.core, self.generic, self.modifier, self.number, self.qualifier, self.vowelless)
        return map(NameForm, *(column.tolist() for column in columns))


def parts_of(names: pa.Array) -> PartColumns:
    """Return the parts of a column of names, as `geodata.names.form` has them of each.

    A name in ASCII without brackets and without a word that `parse` looks at is its own core. The others are parsed.
    """
    plain = pc.and_(pc.string_is_ascii(names), pc.invert(pc.match_substring_regex(names, "[(\\[]")))
    candidates = np.flatnonzero(np.asarray(plain))
    folded = fold_column(names.take(pa.array(candidates)))
    own = ~_has_special(folded)
    simple, others = candidates[own], np.ones(len(names), np.bool_)
    others[simple] = False
    rest = np.flatnonzero(others)
    parsed = PartColumns.of(_parsed(names.take(pa.array(rest))))
    cores = pa.concat_arrays([folded.filter(pa.array(own)).cast(pa.large_string()), parsed.core.column])
    place = np.empty(len(names), np.int64)
    place[np.concatenate((simple, rest))] = np.arange(len(names))
    generic, modifier, number, qualifier = (
        column.spread(rest, len(names)) for column in (parsed.generic, parsed.modifier, parsed.number, parsed.qualifier)
    )
    vowelless = np.zeros(len(names), np.bool_)
    vowelless[rest] = parsed.vowelless
    core = Texts.of_column(cores.take(pa.array(place)))
    return PartColumns(core, generic, modifier, number, qualifier, vowelless)


def outside(names: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return of each name what stands outside brackets, and what stands in them; empty where none does."""
    bracketed = pc.extract_regex(names, _BRACKETED)
    inside = pc.fill_null(pc.struct_field(bracketed, "qualifier"), "")
    return pc.coalesce(pc.struct_field(bracketed, "name"), names), inside


def is_vowelless(text: str) -> bool:
    """Return whether a name is written in a script that leaves vowels out."""
    return not text.isascii() and VOWELLESS.search(text) is not None


def _has_special(folded: pa.Array) -> NDArray[np.bool_]:
    """Return which folded names have a word that parsing may treat as anything else than a part of the core."""
    words = pc.split_pattern(folded, " ")
    coded = pc.dictionary_encode(words.flatten())
    special = pc.or_(pc.is_in(coded.dictionary, _special()), pc.ascii_is_decimal(coded.dictionary))
    held = np.asarray(special)[np.asarray(coded.indices)]
    marked = np.zeros(len(folded), np.bool_)
    marked[np.asarray(words.value_parent_indices())[held]] = True
    return marked


@cache
def _special() -> pa.Array:
    words = lexicon()
    known = (words.generic, words.article, words.aside, words.abbreviation, words.modifier, words.numeral)
    return pa.array(sorted({word for each in (*known, words.counting) for word in each}), pa.string())


def _parsed(names: pa.Array) -> list[NameForm]:
    without, within = outside(names)
    texts = without.to_pylist()
    words = [lexicon(text) for text in texts]
    if not pc.all(pc.string_is_ascii(without)).as_py():
        without = pa.array([own.joined.part(text) for own, text in zip(words, texts, strict=True)], pa.string())
    columns = zip(fold_column(without).to_pylist(), fold_column(within).to_pylist(), words, texts, strict=True)
    return [parse(name, side, own, vowelless=is_vowelless(text)) for name, side, own, text in columns]
