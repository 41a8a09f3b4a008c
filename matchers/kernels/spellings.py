"""How one name of a record and one of the list stand to one another, in compiled code.

The values are those of `geodata.names.resemblance`, `matchers.features.wholes` and `matchers.features.words`. Names
that cannot reach the lowest level of likeness are not held against one another letter by letter.

Functions here are called for every pair of names: they take few columns, because handing one over costs as much as
comparing two short texts.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.edits import edit_similarity
from geodata.kernels.jaro import jaro_winkler_similarity
from geodata.kernels.jit import compiled
from geodata.kernels.letters import Table, Text, ones, wipe, write
from geodata.kernels.likeness import ceiling, likeness
from matchers.kernels.sounds import sound
from matchers.pairs import Rows

VOWELLESS = np.uint32(1 << 31)  # in `modifier`, beside its values: the script leaves vowels out
_BY_SOUND, _TELLING = 0.94, 3  # as in `geodata.names.resemblance`
_LEAST, _NEVER_SAME, _MOST_APART = 0.85, 0.99, 2  # as in `matchers.features.wholes`
AGREE, ONE_SIDED, MODIFIER_CONFLICT, NUMBER_CONFLICT = 0, 1, 2, 3  # as in `matchers.features.words.Parts`
_ONE = np.uint64(1)
_LOWER_A, _ZERO, _BLANK, _LETTERS, _DIGITS_END, _REST = (
    ord("a"),
    ord("0"),
    ord(" "),
    26,
    36,
    np.uint64(62),
)  # for masks of letters
_SPACE = _ONE << np.uint64(63)  # the space between words
_WITHOUT_PREMIUM, _SLACK = 0.7, 1e-6  # likeness up to which Winkler's premium decides nothing; beyond rounding
UNREAD = -1.0  # below the lowest level, and not read any closer

Bytes = NDArray[np.uint8]


class Side(NamedTuple):
    """The distinct names of one side."""

    names: NDArray[Any]  # of `matchers.features.packed.PACKED`
    texts: NDArray[np.uint8]
    stems: NDArray[np.int32]  # name x `WORDS` (`matchers.features.stems`)
    written: tuple[Rows, NDArray[np.uint8]]  # names as written, with the case of letters folded


class Opened(NamedTuple):
    """A name to be held against many: its readings, each with the table that it is written in."""

    letters: Table
    words: Table
    whole: Table
    texts: Bytes


@compiled
def blank_name(texts: Bytes) -> Opened:
    """Return room for a name of these texts."""
    return Opened(np.zeros(256, np.uint64), np.zeros(256, np.uint64), np.zeros(256, np.uint64), texts)


@compiled
def open_name(opened: Opened, name: Any) -> None:
    """Write a name into blank tables."""
    write(opened.letters, _letters(opened.texts, name))
    write(opened.words, _words(opened.texts, name))
    write(opened.whole, _whole(opened.texts, name))


@compiled
def close_name(opened: Opened, name: Any) -> None:
    """Make the tables blank again."""
    wipe(opened.letters, _letters(opened.texts, name))
    wipe(opened.words, _words(opened.texts, name))
    wipe(opened.whole, _whole(opened.texts, name))


@compiled
def _letters(texts: Bytes, name: Any) -> Text:
    return Text(texts, name.start, name.start + np.int64(name.size))


@compiled
def _words(texts: Bytes, name: Any) -> Text:
    """Return the words in alphabetical order; of a single one, its letters, and of none nothing."""
    if name.count <= 1:
        return _letters(texts, name)
    start = name.start + np.int64(name.size)
    return Text(texts, start, start + np.int64(name.size) + np.int64(name.count) - 1)


@compiled
def _whole(texts: Bytes, name: Any) -> Text:
    start = name.start + np.int64(name.size)
    if name.count > 1:
        start += np.int64(name.size) + np.int64(name.count) - 1
    return Text(texts, start, start + np.int64(name.whole))


@compiled
def letter_masks(offsets: NDArray[np.int64], data: Bytes) -> NDArray[np.uint64]:
    """Return which letters each text has, and which it has twice: bits 0-35 and 36-61; other bytes share bit 62.

    Whatever one text has once or twice and another does not is a letter that they do not share, so that these masks
    bound likeness as those of `geodata.kernels.letters` do, only closer.
    """
    masks = np.zeros(len(offsets) - 1, np.uint64)
    for row in range(len(masks)):
        mask = np.uint64(0)
        for at in range(offsets[row], offsets[row + 1]):
            letter = np.int64(data[at])
            once = letter - _LOWER_A if letter >= _LOWER_A else 26 + letter - _ZERO
            bit = _ONE << np.uint64(once)
            if letter == _BLANK or once >= _DIGITS_END:
                bit = _ONE << _REST
            elif mask & bit:
                bit = _ONE << (np.uint64(_DIGITS_END + once) if once < _LETTERS else _REST)
            mask |= bit
        masks[row] = mask
    return masks


@compiled
def may_be_alike(a: Any, b: Any, lowest: float) -> Any:
    """Return whether the cores of two names may reach a likeness, by their lengths, letters, words and scripts."""
    if ceiling(a.size, b.size, a.mask, b.mask) >= lowest:
        return True
    if a.count > 1 or b.count > 1:
        mine, theirs = _mask_of_words(a), _mask_of_words(b)
        if ceiling(a.size + a.count - 1, b.size + b.count - 1, mine, theirs) >= lowest:
            return True
    return ((a.modifier ^ b.modifier) & VOWELLESS) != 0


@compiled
def surely_unlike(a: Any, b: Any, lowest: float) -> bool:
    """Return whether `may_be_alike` is sure to say no; quicker, and at times too careful."""
    if lowest > _WITHOUT_PREMIUM or (a.modifier ^ b.modifier) & VOWELLESS:
        return False
    unlike = _far_apart(a.size, b.size, (a.mask, b.mask), lowest)
    if unlike and (a.count > 1 or b.count > 1):
        masks = _mask_of_words(a), _mask_of_words(b)
        unlike = _far_apart(a.size + a.count - 1, b.size + b.count - 1, masks, lowest)
    return unlike


@compiled
def _far_apart(mine: int, theirs: int, masks: tuple[Any, Any], lowest: float) -> bool:
    """Return whether two texts cannot reach a likeness, by what `ceiling` says without its divisions."""
    only_mine, only_theirs = ones(masks[0] & ~masks[1]), ones(masks[1] & ~masks[0])
    edits = max(only_mine, only_theirs, abs(mine - theirs))
    if edits <= (1.0 - lowest) * max(mine, theirs) + _SLACK:
        return False
    shared: int = min(mine - only_mine, theirs - only_theirs)
    return shared * (mine + theirs) < (3.0 * lowest - 1.0) * (mine * theirs) - _SLACK


@compiled
def _mask_of_words(name: Any) -> Any:
    return name.mask | _SPACE if name.count > 1 else name.mask


@compiled
def alike(opened: Opened, a: Any, texts: Bytes, other: tuple[Any, float]) -> Any:
    """Return how alike the cores of an opened name and another are; `UNREAD` where below the lowest likeness asked."""
    (b, lowest), best = other, UNREAD
    if b.size == 0:
        return best
    if ceiling(a.size, b.size, a.mask, b.mask) >= lowest:
        best = jaro_winkler_similarity(opened.letters, _letters(opened.texts, a), _letters(texts, b))
        by_edits = _ceiling_of_edits(a.size, b.size, a.mask, b.mask)
        if by_edits > best and by_edits >= lowest:
            best = max(best, edit_similarity(opened.letters, _letters(opened.texts, a), _letters(texts, b)))
    if best < 1.0 and (a.count > 1 or b.count > 1):
        best = max(best, _alike_in_words(opened, a, texts, (b, lowest)))
    if best < _BY_SOUND and (a.modifier ^ b.modifier) & VOWELLESS:
        best = max(best, _alike_in_sound(_letters(opened.texts, a), _letters(texts, b)))
    return best if best >= lowest else UNREAD


@compiled
def _alike_in_words(opened: Opened, a: Any, texts: Bytes, other: tuple[Any, float]) -> Any:
    b, lowest = other
    if ceiling(a.size + a.count - 1, b.size + b.count - 1, _mask_of_words(a), _mask_of_words(b)) < lowest:
        return UNREAD
    return likeness(opened.words, _words(opened.texts, a), _words(texts, b))


@compiled
def _ceiling_of_edits(mine: int, theirs: int, my_mask: Any, their_mask: Any) -> Any:
    """Return what one minus edits over length cannot exceed (`geodata.kernels.likeness.ceiling`)."""
    edits = max(ones(my_mask & ~their_mask), ones(their_mask & ~my_mask), abs(mine - theirs))
    return 1.0 - edits / max(mine, theirs)


@compiled
def _alike_in_sound(mine: Text, theirs: Text) -> Any:
    one, other = _sound_of(mine), _sound_of(theirs)
    if min(one.end, other.end) < _TELLING:
        return UNREAD
    table = np.zeros(256, np.uint64)
    write(table, one)
    return _BY_SOUND * likeness(table, one, other)


@compiled
def _sound_of(letters: Text) -> Text:
    out = np.empty(letters.end - letters.start + 1, np.uint8)
    return Text(out, 0, sound(letters, out))


@compiled
def may_be_slip(a: Any, b: Any) -> Any:
    """Return whether two names may be one but for a slip of the pen in the parts around their cores.

    Names whose numbers or modifiers contradict one another are not meant.
    """
    if a.around == b.around or a.number != b.number:
        return False
    longer = max(a.whole, b.whole)
    if abs(a.whole - b.whole) > _MOST_APART or longer == 0:
        return False
    edits = max(ones(a.whole_mask & ~b.whole_mask), ones(b.whole_mask & ~a.whole_mask))
    return 1.0 - edits / longer >= _LEAST


@compiled
def alike_as_whole(opened: Opened, a: Any, texts: Bytes, b: Any) -> Any:
    """Return how alike two unparted names are; `UNREAD` where not enough."""
    similarity = edit_similarity(opened.whole, _whole(opened.texts, a), _whole(texts, b))
    return similarity if similarity >= _LEAST else UNREAD


@compiled
def as_whole(similarity: float) -> float:
    """Return what names are taken to be alike that are alike as a whole: the same is the business of the core."""
    return min(similarity, _NEVER_SAME)


@compiled
def agree(a: Any, b: Any) -> Any:
    """Return whether two names have the same number and modifier, or none."""
    return a.number == b.number and (a.modifier ^ b.modifier) & ~VOWELLESS == 0


@compiled
def disagree(a: Any, b: Any, axes: NDArray[np.uint32]) -> int:
    """Return how numbers and modifiers that are not the same stand to one another."""
    mine, theirs = a.modifier & ~VOWELLESS, b.modifier & ~VOWELLESS
    if a.number and b.number and a.number != b.number:
        return NUMBER_CONFLICT
    if mine and theirs:
        for axis in axes:
            if mine & axis and theirs & axis and not mine & theirs & axis:
                return MODIFIER_CONFLICT
    return ONE_SIDED


@compiled
def same_letters(mine: Bytes, a: Any, theirs: Bytes, b: Any) -> Any:
    """Return whether two cores have the same letters."""
    if a.size != b.size or a.mask != b.mask:
        return False
    for at in range(a.size):  # noqa: SIM110 - compiled code has no generators
        if mine[a.start + at] != theirs[b.start + at]:
            return False
    return True
