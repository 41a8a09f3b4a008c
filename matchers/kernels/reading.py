"""One name of a record held against the names of all its candidates, in compiled code: one pass for each question.

The values are those of `matchers.features.plain_names`, which says what they mean.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.jit import compiled
from matchers.kernels.sheets import EXACT, NOTHING, UNLIKE, Asked, Held, Numbers, Run, Sheet
from matchers.kernels.spellings import (
    AGREE,
    MODIFIER_CONFLICT,
    NUMBER_CONFLICT,
    ONE_SIDED,
    UNREAD,
    VOWELLESS,
    Opened,
    agree,
    alike,
    alike_as_whole,
    as_whole,
    close_name,
    disagree,
    may_be_alike,
    may_be_slip,
    open_name,
    same_letters,
)
from matchers.kernels.wording import by_words, same_writing
from matchers.pairs import Floats, Rows

NUMBER, MODIFIER = 8, 9  # levels, as in `matchers.features.names`
CONFLICT_UNTIL = 4


class Line(NamedTuple):
    """The entries of a sheet beside one own name."""

    names: NDArray[Any]
    parts: NDArray[np.int8]
    core: Floats
    similarity: Floats
    level: NDArray[np.int8]


@compiled
def read(run: Run, k: int, sides: tuple[Asked, Held, Opened], page: tuple[Sheet, Numbers]) -> None:
    """Fill in the sheet for the `k`-th name of a record."""
    (asked, held, opened), (sheet, numbers) = sides, page
    count, number = sheet.first[run.last - run.first], asked.name[run.begin + k]
    name, texts = asked.side.names[number], held.side.texts
    line = Line(
        sheet.names[:count], sheet.parts[k, :count], sheet.core[k], sheet.similarity[k, :count], sheet.level[k, :count]
    )
    open_name(opened, name)
    _compare_parts(name, line, numbers.axes)
    twin = _twin(run, k, asked)
    if twin >= 0:
        line.core[:count] = sheet.core[twin, :count]
    else:
        _compare_cores(opened, name, line, (texts, numbers.lowest))
    _compare_wholes(opened, name, line, texts)
    _find_levels(opened, name, line, (texts, numbers.cuts))
    close_name(opened, name)
    sheet.listed[k] = _compare_writing((asked, held), number, (sheet, k), count)
    _compare_words((asked, held), (number, count), (sheet, k), numbers)
    _count_levels(line.level, sheet.first[: run.last - run.first + 1], sheet.tally[k])


@compiled
def _twin(run: Run, k: int, asked: Asked) -> int:
    """Return an earlier name of the record with the very core of this one ("Ngare", "New Ngare"), -1 without one."""
    names, name, texts = asked.side.names, asked.name, asked.side.texts
    own = names[name[run.begin + k]]
    if own.count > 1:
        return -1
    for earlier in range(k):
        other = names[name[run.begin + earlier]]
        alike_read = other.count == 1 and (own.modifier ^ other.modifier) & VOWELLESS == 0
        if alike_read and same_letters(texts, own, texts, other):
            return earlier
    return -1


@compiled
def _compare_parts(name: Any, line: Line, axes: NDArray[np.uint32]) -> None:
    """Find how numbers and modifiers stand to one another."""
    names, parts = line.names, line.parts
    for entry in range(len(names)):
        other = names[entry]
        parts[entry] = AGREE if agree(name, other) else disagree(name, other, axes)


@compiled
def _compare_cores(opened: Opened, name: Any, line: Line, other: tuple[NDArray[np.uint8], float]) -> None:
    """Find how alike the cores are."""
    (texts, lowest), names, core = other, line.names, line.core
    for entry in range(len(names)):
        core[entry] = UNREAD
        if may_be_alike(name, names[entry], lowest):
            core[entry] = alike(opened, name, texts, (names[entry], lowest))


@compiled
def _compare_wholes(opened: Opened, name: Any, line: Line, texts: NDArray[np.uint8]) -> None:
    """Find names that are one as a whole, but for a slip of the pen."""
    names, parts, core, similarity = line.names, line.parts, line.core, line.similarity
    for entry in range(len(names)):
        similarity[entry] = core[entry]
        if parts[entry] <= ONE_SIDED and core[entry] < 1.0 and may_be_slip(name, names[entry]):
            whole = alike_as_whole(opened, name, texts, names[entry])
            if whole > core[entry]:
                similarity[entry], parts[entry] = as_whole(whole), AGREE


@compiled
def _find_levels(opened: Opened, name: Any, line: Line, other: tuple[NDArray[np.uint8], Floats]) -> None:
    """Find the level of each entry before words and rarity have their say."""
    (texts, cuts), names, parts, levels = other, line.names, line.parts, line.level
    for entry in range(len(names)):
        similarity = line.similarity[entry]
        level = level_of(similarity, cuts) if names[entry].size else NOTHING
        if similarity == 1.0 and same_letters(opened.texts, name, texts, names[entry]):
            level = EXACT
        if parts[entry] >= MODIFIER_CONFLICT and NOTHING < level <= CONFLICT_UNTIL:
            level = NUMBER if parts[entry] == NUMBER_CONFLICT else MODIFIER
        levels[entry] = level


@compiled
def level_of(similarity: float, cuts: Floats) -> int:
    """Return the level of names that do not have the same letters."""
    for step in range(len(cuts)):
        if similarity >= cuts[step]:
            return EXACT + 1 + step
    return EXACT + 1 + len(cuts)


@compiled
def _compare_writing(sides: tuple[Asked, Held], number: int, line: tuple[Sheet, int], count: int) -> bool:
    """Find names written as this one is, and return whether there are any."""
    (asked, held), (sheet, k), found = sides, line, False
    levels, same, numbers = sheet.level[k], sheet.same[k], sheet.number
    mine, theirs = asked.side.written, held.side.written
    for entry in range(count):
        same[entry] = levels[entry] == EXACT and same_writing(mine, number, theirs, numbers[entry])
        found |= same[entry]
    return found


@compiled
def _compare_words(sides: tuple[Asked, Held], of: tuple[int, int], line: tuple[Sheet, int], numbers: Numbers) -> None:
    """Find what the words are worth that names share."""
    (asked, held), (number, count), (sheet, k), worth = sides, of, line, (numbers.m_words, numbers.missing)
    names, words, levels, parts, at = sheet.names, sheet.words[k], sheet.level[k], sheet.parts[k], sheet.number
    mask, mine, theirs = asked.side.names[number].stems, asked.side.stems[number], held.side.stems
    chance, counts = numbers.word_chance, numbers.counts
    for entry in range(count):
        words[entry] = 0.0
        if mask & names[entry].stems and levels[entry] < NUMBER:
            words[entry] = by_words(mine, theirs[at[entry]], chance, worth) * counts[parts[entry]]


@compiled
def _count_levels(levels: NDArray[np.int8], first: Rows, tally: Rows) -> None:
    """Count the candidates at most at each level, each by its best name."""
    tally[:] = 0
    for candidate in range(len(first) - 1):
        best = UNLIKE
        for entry in range(first[candidate], first[candidate + 1]):
            if NOTHING < levels[entry] < best:
                best = levels[entry]
        tally[best] += 1
    for level in range(1, UNLIKE):
        tally[level] += tally[level - 1]
