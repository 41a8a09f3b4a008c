"""One side's distinct names as compiled code reads them: one cache line a name, and its texts as bytes.

Candidates of a record lie anywhere in a list of a million names. What decides between most of them and the record is
therefore kept together, so that a pair costs one look into memory and not a dozen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geodata.index import PlaceIndex
from geodata.names import NameForms
from geodata.names.lexicon import lexicon
from geodata.texts import Texts
from matchers.features.stems import Stems
from matchers.kernels.spellings import VOWELLESS, Side, letter_masks
from matchers.pairs import Rows

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

    def pack(self, names: NameForms, stems: Stems) -> Side:
        """Pack names that are compared with the list's."""
        return _packed(names, stems, (self.around, self.number))


_known: WeakKeyDictionary[PlaceIndex, Packing] = WeakKeyDictionary()


def packing_of(index: PlaceIndex, stems: Stems) -> Packing:
    """Return a list's names packed, on the first call; `stems` are those of its names."""
    if index not in _known:
        wholes = index.names.wholes
        around, number = _numbered(wholes.around.tolist()), _numbered(["", *wholes.number.tolist()])
        _known[index] = Packing(_packed(index.names, stems, (around, number)), around, number)
    return _known[index]


def _packed(names: NameForms, stems: Stems, numbers: tuple[Mapping[str, int], Mapping[str, int]]) -> Side:
    wholes, readings, (around, number) = names.wholes, names.readings, numbers
    packed = np.zeros(len(names.parts), PACKED)
    letters, whole = Texts.of(readings.letters.tolist()), Texts.of(wholes.letters.tolist())
    words = ("" if count == 1 else text for text, count in zip(readings.words, readings.size.tolist(), strict=True))
    columns = zip(readings.letters, words, wholes.letters, strict=True)
    texts = Texts.of("".join(each) for each in columns)
    masks = [letter_masks(each.offsets, each.data) for each in (letters, whole)]
    packed["mask"], packed["whole_mask"] = masks[0], masks[1]
    packed["stems"], packed["start"] = stems.mask, texts.offsets[:-1]
    packed["size"], packed["count"], packed["whole"] = letters.sizes, readings.size, wholes.size
    packed["around"] = [around.get(text, -1) for text in wholes.around.tolist()]
    packed["number"] = [number.get(text, -1) for text in wholes.number.tolist()]
    packed["modifier"] = [modifier_bits(part.modifier) for part in names.parts]
    packed["modifier"][readings.vowelless] |= VOWELLESS
    written = Texts.of(text.casefold() for text in names.texts)
    return Side(packed, texts.data, stems.table, (written.offsets, written.data))


def _numbered(texts: Iterable[str]) -> dict[str, int]:
    number: dict[str, int] = {}
    for text in texts:
        number.setdefault(text, len(number))
    return number


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
