"""Names as the stems of their words, numbered as one official list knows them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.index.groups import runs
from geodata.names import NameForm, NameForms
from geodata.numbering import Numbering, numbered
from geodata.texts import Texts

Rows = NDArray[np.int64]
Numbers = NDArray[np.int32]

WORDS = 8  # words of a core that are looked at
_NO_WORD = -1
_BITS = 64
_FEW = 64  # names up to which reading them one by one is quicker than as a column
_ENDED = "^(.{3,}[^s])s$"  # what `_stem` shortens


class Stems(NamedTuple):
    """The stems of a column of distinct names."""

    table: Numbers  # name x WORDS: numbers of its stems, -1 where it has fewer, lower where the list has no such stem
    mask: NDArray[np.uint64]  # one bit for each stem the list has; names that share no bit share no stem

    @classmethod
    def of(cls, names: NameForms, numbers: Numbering) -> Stems:
        """Give the stems of names the numbers they have in a list."""
        name, place, stem, own = _words(names)
        known = numbers.numbers(own)[stem]
        return cls._of(len(names.parts), (name, place), np.where(known >= 0, known, -2 - place))

    @classmethod
    def numbered(cls, names: NameForms) -> tuple[Stems, Numbering]:
        """Give numbers to the stems of a list's own names."""
        name, place, stem, own = _words(names)
        number, code = numbered(own)
        return cls._of(len(names.parts), (name, place), code[stem]), number

    @classmethod
    def _of(cls, count: int, cells: tuple[Rows, Rows], stem: Rows) -> Stems:
        table = np.full((count, WORDS), _NO_WORD, np.int32)
        table[cells] = stem
        mask = np.zeros(count, np.uint64)
        listed = stem >= 0
        bits = np.left_shift(np.uint64(1), (stem[listed] % _BITS).astype(np.uint64))
        np.bitwise_or.at(mask, cells[0][listed], bits)
        return cls(table, mask)


def _words(names: NameForms) -> tuple[Rows, Rows, Rows, Texts]:
    """Return for each distinct stem of each name (name, place among its stems, position of the stem), and the stems."""
    if len(names.parts) <= _FEW:
        each = [stems_of(part) for part in names.parts]
        name = np.repeat(np.arange(len(each)), np.array([len(own) for own in each], np.int64))
        place = np.array([at for own in each for at in range(len(own))], np.int64)
        return name, place, np.arange(len(name)), Texts.of([stem for own in each for stem in own])
    named = np.flatnonzero(names.parts.core.sizes)
    words = pc.split_pattern(names.parts.core.take(named).column, " ")
    coded = pc.dictionary_encode(words.flatten())
    plural = pc.match_substring_regex(coded.dictionary, _ENDED)
    singular = pc.binary_slice(coded.dictionary.filter(plural).cast(pa.large_binary()), 0, -1)
    stems = pc.replace_with_mask(coded.dictionary, plural, singular.cast(pa.large_string()))
    ended = pc.dictionary_encode(stems)
    stem = np.asarray(ended.indices).astype(np.int64)[np.asarray(coded.indices)]
    name = named[np.asarray(words.value_parent_indices())]
    first = np.sort(np.unique(name * len(ended.dictionary) + stem, return_index=True)[1])
    name, stem = name[first], stem[first]
    place = np.arange(len(name)) - runs(name, len(names.parts))[name]
    kept = place < WORDS
    return name[kept], place[kept], stem[kept], Texts.of_column(ended.dictionary)


def stems_of(part: NameForm) -> list[str]:
    """Return the distinct words of a core without plural or possessive endings, at most `WORDS`."""
    stems = dict.fromkeys(_stem(word) for word in part.core.split())
    return list(stems)[:WORDS]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word  # noqa: PLR2004 - "Laos" is no plural
