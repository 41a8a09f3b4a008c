"""One side's distinct names as compiled code reads them: one cache line a name, and its texts as bytes.

Candidates of a record lie anywhere in a list of a million names. What decides between most of them and the record is
therefore kept together, so that a pair costs one look into memory and not a dozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from geodata.coded import Coded
from geodata.kernels.arrays import columns, fixed
from geodata.names import NameForms
from geodata.names.lexicon import lexicon
from geodata.texts import Texts
from matchers.features.stems import Numbers, Stems
from matchers.kernels.spellings import VOWELLESS, Side, letter_masks
from matchers.pairs import Rows

_NOT_ASCII, _TO_LOWER = 128, 32
#: What is known of one name; 64 bytes.
PACKED = np.dtype(
    {
        "names": ["mask", "whole_mask", "stems", "start", "size", "count", "whole", "around", "number", "modifier"],
        "formats": [np.uint64] * 3 + [np.int64] + [np.int32] * 5 + [np.uint32],
        "itemsize": 64,
    }
)
# mask, whole_mask  letters of the core and of the unparted name (`geodata.kernels.letters.mask`)
# stems             `Stems.mask`
# start             where its texts begin in `Side.texts`: letters, words if there are several, the unparted name
# size, count       letters and words of the core
# whole             letters of the unparted name
# around, number    what stands around the core, and its number; -1 where the list has none like it, number 0 for none
# modifier          one bit for each value, and the highest where the script leaves vowels out
_MOST_VALUES = 31  # of modifiers


@dataclass(frozen=True, eq=False)
class Packing:
    """The names of a list, and what names compared with them are numbered by."""

    side: Side
    around: Mapping[str, int]
    number: Mapping[str, int]

    @classmethod
    def of(cls, names: NameForms, stems: Stems) -> Packing:
        """Pack the names of a list."""
        around, number = (_numbers(column) for column in (names.wholes.around, names.wholes.number))
        return cls(_packed(names, stems, (names.wholes.around.code, names.wholes.number.code)), around, number)

    def pack(self, names: NameForms, stems: Stems) -> Side:
        """Pack names that are compared with the list's."""
        wholes = names.wholes
        codes = _translated(wholes.around, self.around), _translated(wholes.number, self.number)
        return _packed(names, stems, codes)


def _packed(names: NameForms, stems: Stems, codes: tuple[Numbers, Numbers]) -> Side:
    readings, whole = names.readings, names.wholes.letters
    several = readings.words.take(np.flatnonzero(readings.size > 1))
    words = np.zeros(len(readings.size), np.int64)
    words[readings.size > 1] = several.sizes
    texts = _interleaved(readings.letters, (several, words), whole)
    packed = np.zeros(len(names.parts), PACKED)
    packed["mask"], packed["whole_mask"] = (letter_masks(*columns(each)) for each in (readings.letters, whole))
    packed["stems"], packed["start"] = stems.mask, texts.offsets[:-1]
    packed["size"], packed["count"], packed["whole"] = readings.letters.sizes, readings.size, whole.sizes
    packed["around"], packed["number"] = codes
    modifier = names.parts.modifier
    packed["modifier"] = np.array([modifier_bits(text) for text in modifier.words.tolist()], np.uint32)[modifier.code]
    packed["modifier"][readings.vowelless] |= VOWELLESS
    written = _casefolded(names.texts)
    return Side(fixed(packed), fixed(texts.data), fixed(stems.table), columns(written))


def _interleaved(letters: Texts, words: tuple[Texts, Rows], whole: Texts) -> Texts:
    """Return the three texts of each name one behind the other; words only where `words` gives them a size."""
    several, sizes = words
    begin = np.concatenate(([0], np.cumsum(letters.sizes + sizes + whole.sizes)))
    data = np.empty(int(begin[-1]), np.uint8)
    starts = begin[:-1], (begin[:-1] + letters.sizes)[sizes > 0], begin[:-1] + letters.sizes + sizes
    for column, start in zip((letters, several, whole), starts, strict=True):
        data[np.arange(len(column.data)) + np.repeat(start - column.offsets[:-1], column.sizes)] = column.data
    return Texts(begin, data)


def _casefolded(texts: Texts) -> Texts:
    """Return texts with the case of letters folded."""
    if (texts.data >= _NOT_ASCII).any():
        return Texts.of(text.casefold() for text in texts.tolist())
    capital = (texts.data >= ord("A")) & (texts.data <= ord("Z"))
    return Texts(texts.offsets, np.where(capital, texts.data + _TO_LOWER, texts.data).astype(np.uint8))


def _numbers(column: Coded) -> dict[str, int]:
    return {text: code for code, text in enumerate(column.words.tolist())}


def _translated(column: Coded, numbers: Mapping[str, int]) -> Numbers:
    """Return the codes that another column has for the texts of this one, -1 where it has none."""
    return np.array([numbers.get(text, -1) for text in column.words.tolist()], np.int32)[column.code]


@cache
def modifier_bits(modifier: str) -> int:
    """Return the values of a modifier ("direction=north") as bits."""
    return sum(1 << _value_bits()[value] for value in modifier.split())


@cache
def axis_bits() -> NDArray[np.uint32]:
    """Return for each axis of modifiers the bits of all its values."""
    axes: dict[str, int] = {}
    for value, bit in _value_bits().items():
        axis = value.split("=")[0]
        axes[axis] = axes.get(axis, 0) | 1 << bit
    return np.array(list(axes.values()), np.uint32)


@cache
def _value_bits() -> dict[str, int]:
    """Return the bit of each value that a modifier can have; the lexicon knows some twenty."""
    pairs = {*lexicon().modifier.values(), *lexicon("\u4e00").modifier.values()}
    values = sorted("=".join(pair) for pair in pairs)
    if len(values) > _MOST_VALUES:
        message = f"The lexicon has {len(values)} modifiers; a packed name has room for {_MOST_VALUES}."
        raise ValueError(message)
    return {value: bit for bit, value in enumerate(values)}
