"""What compiled code reads of names, and the sheet it keeps of one record while it weighs them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.jit import compiled
from matchers.kernels.spellings import Side
from matchers.pairs import Flags, Floats, Rows

NOTHING, EXACT, UNLIKE = 0, 1, 6  # levels, as in `matchers.features.names`
_STEPS = UNLIKE + 1


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
    lowest: float  # likeness from which names are read to the letter
    among: tuple[int, int]  # first and last level of names in question


class Found(NamedTuple):
    """The best pair of names of each pair."""

    level: Rows
    ratio: Floats
    similarity: Floats  # `UNREAD` where the best were not read to the letter
    mine: Rows  # place in `Asked`, -1 where none
    theirs: Rows  # place in `Held`, -1 where none


class Sheet(NamedTuple):
    """What was read of one record: of its candidates' names (entries), and of each own name against each entry."""

    first: Rows  # by candidate, its first entry
    names: NDArray[Any]  # of each entry: `PACKED`
    number: Rows  # of each entry: its number in `Held.side`
    place: Rows  # of each entry: its place in `Held`
    parts: NDArray[np.int8]
    core: Floats  # how alike the cores are
    similarity: Floats
    level: NDArray[np.int8]
    words: Floats  # what words shared are worth
    ratio: Floats  # m over u
    same: Flags  # the same letters and the same writing
    tally: Rows  # by own name and level: candidates at most at this level
    listed: Flags  # by own name: whether the list has it as written


class Run(NamedTuple):
    """One record: its pairs, and its names in `Asked`."""

    first: int
    last: int
    begin: int
    end: int


@compiled
def run_of(pairs: tuple[Rows, Rows], first: int, asked: Asked) -> Run:
    """Return the record whose pairs begin here; pairs are given in order of records."""
    record, last = pairs[0], first + 1
    while last < len(record) and record[last] == record[first]:
        last += 1
    return Run(first, last, asked.begin[record[first]], asked.begin[record[first] + 1])


@compiled
def sheet_for(pairs: tuple[Rows, Rows], asked: Asked, held: Held) -> Sheet:
    """Return room for the record with most names and for that with most entries."""
    record, row = pairs
    most, entries, names = 0, 0, 0
    first, count, before = 0, 0, np.int64(-1)
    for at in range(len(record)):
        if record[at] != before:
            first, count, before = at, 0, record[at]
            names = max(names, asked.begin[before + 1] - asked.begin[before])
        count += held.begin[row[at] + 1] - held.begin[row[at]]
        most, entries = max(most, at + 1 - first), max(entries, count)
    size = (names, entries)
    return Sheet(
        first=np.zeros(most + 1, np.int64),
        names=np.zeros(entries, held.side.names.dtype),
        number=np.zeros(entries, np.int64),
        place=np.zeros(entries, np.int64),
        parts=np.zeros(size, np.int8),
        core=np.zeros(size),
        similarity=np.zeros(size),
        level=np.zeros(size, np.int8),
        words=np.zeros(size),
        ratio=np.zeros(size),
        same=np.zeros(size, np.bool_),
        tally=np.zeros((names, _STEPS), np.int64),
        listed=np.zeros(names, np.bool_),
    )


@compiled
def gather(run: Run, row: Rows, held: Held, sheet: Sheet) -> int:
    """Bring the names of a record's candidates together, and return a sum that nobody needs.

    The processor looks up many places of memory at once as long as no look depends on another. So everything that is
    read later is looked up here first, the beginning of each text for nothing but that.
    """
    begin, name, names, texts = held.begin, held.name, held.side.names, held.side.texts
    count, seen = 0, 0
    for at in range(run.first, run.last):
        sheet.first[at - run.first] = count
        for place in range(begin[row[at]], begin[row[at] + 1]):
            sheet.place[count], sheet.number[count] = place, name[place]
            count += 1
    sheet.first[run.last - run.first] = count
    for entry in range(count):
        sheet.names[entry] = names[sheet.number[entry]]
    if len(texts):
        for entry in range(count):
            seen += texts[min(sheet.names[entry].start, len(texts) - 1)]
    return seen
