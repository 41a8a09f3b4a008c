"""Every name of a record against every name of its candidates, in compiled code: read, then weighed.

The values are those of `matchers.features.plain_names`, which says what they mean.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.jit import compiled
from matchers.kernels.spellings import (
    AGREE,
    MODIFIER_CONFLICT,
    NUMBER_CONFLICT,
    ONE_SIDED,
    UNREAD,
    VOWELLESS,
    Opened,
    Side,
    agree,
    alike,
    alike_as_whole,
    as_whole,
    blank_name,
    close_name,
    disagree,
    may_be_alike,
    may_be_slip,
    open_name,
    same_letters,
)
from matchers.kernels.wording import by_words, same_writing
from matchers.pairs import Flags, Floats, Rows

_NOTHING, _EXACT, _UNLIKE, _WORDS, _NUMBER, _MODIFIER, _ONE_SIDED = 0, 1, 6, 7, 8, 9, 10  # as in `features.names`
_CONFLICT_UNTIL, _LOOSELY_SPELLED = 4, 5
_STEPS = _UNLIKE + 1


class Asked(NamedTuple):
    """The names of records that say anything, by record."""

    side: Side
    begin: Rows  # by record, where its names begin; one longer than the records
    name: Rows  # of each: its number in `side`
    position: Rows  # of each: its position in `Records.names`
    operator: Flags  # of each


class Held(NamedTuple):
    """The names of a list, by row."""

    side: Side
    begin: Rows  # by row, where its names begin; one longer than the rows
    name: Rows  # of each: its number in `side`
    letters: Rows  # of each: how many rows have its letters (`Rarity.namesakes`)
    full: Rows  # of each: and its number and modifier


class Numbers(NamedTuple):
    """What levels are worth: `NameLevels`, and the rarity of names in the list."""

    cuts: Floats
    base: Floats  # by level
    counts: Floats  # what words shared are worth, by `Parts`
    missing: Floats  # by words missing, of which the last stands for all more
    near: Floats  # length class x level: usual chance of a neighbour
    lengths: Rows  # upper bounds of the length classes
    spread: Floats  # by level: `near_rarity`
    word_chance: Floats
    axes: NDArray[np.uint32]
    m_words: float
    m_exact: float
    m_unlike: float
    one_sided: float
    otherwise_written: float
    other_role: float
    same: float  # chance that two rows share all letters
    same_rarity: float
    floor: float  # least chance of coincidence
    others: float  # rows of the list but one, at least 1


class Found(NamedTuple):
    """The best pair of names of each pair."""

    level: Rows
    ratio: Floats
    similarity: Floats  # `UNREAD` where the best are unlike and were not read to the letter
    mine: Rows  # place in `Asked`, -1 where none
    theirs: Rows  # place in `Held`, -1 where none


class _Sheet(NamedTuple):
    """What was read of one record's pairs of names: by pair, name of the list, own name."""

    begin: Rows  # by pair of the record
    entry: Rows  # by pair of the record, where its names begin in `held`
    held: NDArray[Any]  # names of the record's candidates, `PACKED`, brought together
    core: Floats  # how alike the cores are
    level: NDArray[np.int8]
    parts: NDArray[np.int8]
    similarity: Floats
    words: Floats
    same: Flags  # the same letters and the same writing
    tally: Rows  # by own name and level: places at most at this level
    listed: Flags  # by own name: whether the list has it as written


class _Run(NamedTuple):
    """One record's pairs, and its names in `Asked`."""

    first: int
    last: int
    begin: int
    end: int


@compiled
def weigh_aliases(pairs: tuple[Rows, Rows], asked: Asked, held: Held, numbers: Numbers) -> Found:
    """Return the best pair of names of each pair, (record, row) in order of records."""
    record, row = pairs
    size = len(record)
    found = Found(np.zeros(size, np.int64), np.ones(size), np.full(size, np.nan), np.full(size, -1), np.full(size, -1))
    sheet, opened = _sheet(pairs, asked, held), blank_name(asked.side.texts)
    first, seen = 0, 0
    while first < size:
        last = first + 1
        while last < size and record[last] == record[first]:
            last += 1
        run = _Run(first, last, asked.begin[record[first]], asked.begin[record[first] + 1])
        if run.end > run.begin:
            seen += _begin(run, row, held, sheet)
            for k in range(run.end - run.begin):
                _read((k, run), row, (asked, held, opened), sheet, numbers)
            _weigh(run, row, (asked, held), (sheet, found), numbers)
        first = last
    return found


@compiled
def _sheet(pairs: tuple[Rows, Rows], asked: Asked, held: Held) -> _Sheet:
    """Return room for the record with most pairs of names."""
    record, row = pairs
    most_pairs, most, most_held, names = 0, 0, 0, 0
    first, count, before = 0, 0, np.int64(-1)
    for at in range(len(record)):
        if record[at] != before:
            first, count, before = at, 0, record[at]
        own = asked.begin[before + 1] - asked.begin[before]
        count += held.begin[row[at] + 1] - held.begin[row[at]]
        most_pairs, most_held, names = max(most_pairs, at + 1 - first), max(most_held, count), max(names, own)
        most = max(most, count * own)
    return _Sheet(
        np.zeros(most_pairs + 1, np.int64),
        np.zeros(most_pairs + 1, np.int64),
        np.zeros(most_held, held.side.names.dtype),
        np.zeros(most),
        np.zeros(most, np.int8),
        np.zeros(most, np.int8),
        np.zeros(most),
        np.zeros(most),
        np.zeros(most, np.bool_),
        np.zeros((names, _STEPS), np.int64),
        np.zeros(names, np.bool_),
    )


@compiled
def _begin(run: _Run, row: Rows, held: Held, sheet: _Sheet) -> int:
    """Bring the names of a record's candidates together; many looks into memory at once take as long as one.

    Returns a sum of letters that nobody needs, so that the first of each name's texts is looked at here as well.
    """
    own, count, seen = run.end - run.begin, 0, 0
    begin, name, names, texts, gathered = held.begin, held.name, held.side.names, held.side.texts, sheet.held
    for at in range(run.first, run.last):
        sheet.begin[at - run.first], sheet.entry[at - run.first] = count * own, count
        for t in range(begin[row[at]], begin[row[at] + 1]):
            gathered[count] = names[name[t]]
            count += 1
    sheet.entry[run.last - run.first] = count
    if len(texts):
        for at in range(count):
            seen += texts[min(gathered[at].start, len(texts) - 1)]
    return seen


@compiled
def _twin(run: _Run, k: int, asked: Asked) -> int:
    """Return an earlier name of the record with the very core of this one ("Ngare", "New Ngare"), -1 without one."""
    names, name = asked.side.names, asked.name
    own = names[name[run.begin + k]]
    for earlier in range(k):
        other = names[name[run.begin + earlier]]
        if own.count == 1 and other.count == 1 and (own.modifier ^ other.modifier) & VOWELLESS == 0:
            if same_letters(asked.side.texts, own, asked.side.texts, other):
                return earlier
    return -1


@compiled
def _read(
    place: tuple[int, _Run], row: Rows, sides: tuple[Asked, Held, Opened], sheet: _Sheet, numbers: Numbers
) -> None:
    """Read one own name of a record against the names of its candidates."""
    (k, run), (asked, held, opened) = place, sides
    own, number, twin = run.end - run.begin, asked.name[run.begin + k], _twin(run, k, asked)
    begin, name, names, texts, cores = held.begin, held.name, sheet.held, held.side.texts, sheet.core
    levels, parts, similarities, words, same = sheet.level, sheet.parts, sheet.similarity, sheet.words, sheet.same
    a, cuts, axes, tally = asked.side.names[number], numbers.cuts, numbers.axes, sheet.tally[k]
    lowest, worth, chance = cuts[-1], (numbers.m_words, numbers.missing), numbers.word_chance
    written, their_written, counts = asked.side.written, held.side.written, numbers.counts
    stems, their_stems = asked.side.stems[number], held.side.stems
    tally[:] = 0
    sheet.listed[k] = False
    open_name(opened, a)
    for at in range(run.last - run.first):
        best, slot, t = _UNLIKE, sheet.begin[at] + k, begin[row[run.first + at]]
        for entry in range(sheet.entry[at], sheet.entry[at + 1]):
            b = names[entry]
            stand = AGREE if agree(a, b) else disagree(a, b, axes)
            similarity = UNREAD
            if twin >= 0:
                similarity = cores[slot - k + twin]
            elif may_be_alike(a, b, lowest):
                similarity = alike(opened, a, texts, b, lowest)
            cores[slot] = similarity
            if stand <= ONE_SIDED and similarity < 1.0 and may_be_slip(a, b):
                whole = alike_as_whole(opened, a, texts, b)
                if whole > similarity:
                    similarity, stand = as_whole(whole), AGREE
            level = _level(similarity, cuts) if b.size else _NOTHING
            same[slot], words[slot] = False, 0.0
            if similarity == 1.0 and same_letters(opened.texts, a, texts, b):
                level = _EXACT
            if stand >= MODIFIER_CONFLICT and 0 < level <= _CONFLICT_UNTIL:
                level = _NUMBER if stand == NUMBER_CONFLICT else _MODIFIER
            if level == _EXACT and same_writing(written, number, their_written, name[t]):
                same[slot] = sheet.listed[k] = True
            if a.stems & b.stems and level < _NUMBER:
                words[slot] = by_words(stems, their_stems[name[t]], chance, worth) * counts[stand]
            levels[slot], similarities[slot], parts[slot] = level, similarity, stand
            if level != _NOTHING and level < best:
                best = level
            slot += own
            t += 1
        tally[best] += 1
    close_name(opened, a)
    for level in range(1, _UNLIKE):
        tally[level] += tally[level - 1]


@compiled
def _level(similarity: float, cuts: Floats) -> int:
    for step in range(len(cuts)):
        if similarity >= cuts[step]:
            return _EXACT + 1 + step
    return _EXACT + 1 + len(cuts)


@compiled
def _weigh(run: _Run, row: Rows, sides: tuple[Asked, Held], room: tuple[_Sheet, Found], numbers: Numbers) -> None:
    """Keep for each pair of a record its best pair of names; among equals the more alike, then those given first."""
    (asked, held), (sheet, found), own = sides, room, run.end - run.begin
    begin, levels, parts, similarities, words = held.begin, sheet.level, sheet.parts, sheet.similarity, sheet.words
    operator, best_ratio, best_similarity = asked.operator, found.ratio, found.similarity
    base, one_sided, scale, least = numbers.base, numbers.one_sided, numbers.other_role, numbers.m_unlike
    for at in range(run.first, run.last):
        slot, best = sheet.begin[at - run.first], -1.0
        for t in range(begin[row[at]], begin[row[at] + 1]):
            for k in range(own):
                level = levels[slot]
                if level == _NOTHING:
                    slot += 1
                    continue
                if level >= _UNLIKE:
                    ratio = base[level]
                else:
                    ratio = _by_rarity((slot, k, run.begin + k, t), sides, sheet, numbers)
                    if parts[slot] == ONE_SIDED:
                        ratio *= one_sided
                shares = words[slot]
                if shares > ratio and level >= _LOOSELY_SPELLED:
                    level = _WORDS
                elif parts[slot] == ONE_SIDED and level <= _CONFLICT_UNTIL:
                    level = _ONE_SIDED
                ratio = max(ratio, shares)
                if operator[run.begin + k]:
                    ratio = max(ratio * scale, least)
                if ratio > best or (ratio == best and similarities[slot] > best_similarity[at]):
                    best = ratio
                    found.level[at], best_ratio[at], best_similarity[at] = level, ratio, similarities[slot]
                    found.mine[at], found.theirs[at] = run.begin + k, t
                slot += 1


@compiled
def _by_rarity(at: tuple[int, int, int, int], sides: tuple[Asked, Held], sheet: _Sheet, numbers: Numbers) -> float:
    """Return m over u of names that are alike, u by the rarity of the record's name in the list."""
    (slot, own, mine, theirs), (asked, held) = at, sides
    level = sheet.level[slot]
    if level == _EXACT:
        rows = held.full[theirs] if sheet.parts[slot] == AGREE else held.letters[theirs]
        ratio = numbers.m_exact / _chance(rows, numbers.same, numbers.same_rarity, numbers)
        return ratio * numbers.otherwise_written if sheet.listed[own] and not sheet.same[slot] else ratio
    size = asked.side.names[asked.name[mine]].size
    usual = numbers.near[_length_class(size, numbers.lengths), level - 2]
    return numbers.base[level] / _chance(sheet.tally[own, level], usual, numbers.spread[level - 2], numbers)


@compiled
def _chance(rows: int, usual: float, pseudo: float, numbers: Numbers) -> float:
    """Return the chance of a coincidence that this many rows share (`matchers.features.rarity`)."""
    return max((max(rows - 1, 0) + pseudo) / (numbers.others + pseudo / usual), numbers.floor)


@compiled
def _length_class(size: int, lengths: Rows) -> int:
    for step in range(len(lengths)):
        if size <= lengths[step]:
            return step
    return len(lengths)


@compiled
def read_to_the_letter(pairs: tuple[Rows, Rows], asked: Asked, held: Held, numbers: Numbers) -> Found:
    """Return the best pair of names of pairs (record, row) whose names are all unlike, with their very similarity.

    Pairs are given in order of records.
    """
    record, row = pairs
    size = len(record)
    found = Found(np.zeros(size, np.int64), np.zeros(size), np.full(size, np.nan), np.full(size, -1), np.full(size, -1))
    opened = blank_name(asked.side.texts)
    first = 0
    while first < size:
        last = first + 1
        while last < size and record[last] == record[first]:
            last += 1
        for k in range(asked.begin[record[first]], asked.begin[record[first] + 1]):
            _read_unlike((k, first, last), row, (asked, held, opened), found, numbers)
        first = last
    return found


@compiled
def _read_unlike(
    place: tuple[int, int, int], row: Rows, sides: tuple[Asked, Held, Opened], found: Found, numbers: Numbers
) -> None:
    """Keep for pairs of a record what one own name says, if it is better than what was kept before."""
    (k, first, last), (asked, held, opened) = place, sides
    begin, name, names, texts = held.begin, held.name, held.side.names, held.side.texts
    a, axes, cut, unlike = asked.side.names[asked.name[k]], numbers.axes, numbers.cuts[-1], numbers.base[_UNLIKE]
    stems, their_stems = asked.side.stems[asked.name[k]], held.side.stems
    worth, chance, counts = (numbers.m_words, numbers.missing), numbers.word_chance, numbers.counts
    ratios, similarities, mine, theirs = found.ratio, found.similarity, found.mine, found.theirs
    open_name(opened, a)
    for at in range(first, last):
        for t in range(begin[row[at]], begin[row[at] + 1]):
            b = names[name[t]]
            if b.size == 0:
                continue
            level, ratio, parts = _UNLIKE, unlike, AGREE if agree(a, b) else disagree(a, b, axes)
            similarity = alike(opened, a, texts, b, UNREAD)
            if similarity >= cut or (
                parts <= ONE_SIDED and may_be_slip(a, b) and alike_as_whole(opened, a, texts, b) > similarity
            ):
                continue
            if a.stems & b.stems:
                shares = by_words(stems, their_stems[name[t]], chance, worth) * counts[parts]
                if shares > ratio:
                    level, ratio = _WORDS, shares
            if asked.operator[k]:
                ratio = max(ratio * numbers.other_role, numbers.m_unlike)
            if ratio < ratios[at] or (ratio == ratios[at] and similarity < similarities[at]):
                continue
            if ratio == ratios[at] and similarity == similarities[at] and theirs[at] <= t:
                continue
            found.level[at], ratios[at], similarities[at], mine[at], theirs[at] = level, ratio, similarity, k, t
    close_name(opened, a)
