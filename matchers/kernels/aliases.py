"""The names of records against those of their candidates, in compiled code: read, then weighed by their rarity.

The values are those of `matchers.features.plain_names`, which says what they mean.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from geodata.kernels.jit import compiled
from matchers.kernels.reading import read
from matchers.kernels.sheets import (
    EXACT,
    NOTHING,
    UNLIKE,
    Asked,
    Found,
    Held,
    Numbers,
    Run,
    Sheet,
    gather,
    run_of,
    sheet_for,
)
from matchers.kernels.spellings import AGREE, ONE_SIDED, blank_name
from matchers.pairs import Rows

WORDS, SAID_ON_ONE_SIDE = 7, 10  # levels, as in `matchers.features.names`
CONFLICT_UNTIL, LOOSELY_SPELLED = 4, 5


@compiled
def weigh_aliases(pairs: tuple[Rows, Rows], asked: Asked, held: Held, numbers: Numbers) -> Found:
    """Return the best pair of names of each pair, (record, row) in order of records.

    Asked for names that are unlike alone, and to the letter, it completes what it said of pairs that have no others.
    """
    found, sheet = _nothing(len(pairs[0])), sheet_for(pairs, asked, held)
    opened = blank_name(asked.side.texts)
    first, seen = 0, 0
    while first < len(pairs[0]):
        run = run_of(pairs, first, asked)
        if run.end > run.begin:
            seen += gather(run, pairs[1], held, sheet)
            for k in range(run.end - run.begin):
                read(run, k, (asked, held, opened), (sheet, numbers))
                _correct(run, k, (asked, held, sheet), numbers)
            _keep_best(run, sheet, found, numbers.among)
        first = run.last
    return found


@compiled
def _nothing(size: int) -> Found:
    return Found(np.zeros(size, np.int64), np.ones(size), np.full(size, np.nan), np.full(size, -1), np.full(size, -1))


@compiled
def _correct(run: Run, k: int, sides: tuple[Asked, Held, Sheet], numbers: Numbers) -> None:
    """Weigh one own name against each entry: by its level, its rarity, and the words it shares."""
    (asked, held, sheet), place = sides, run.begin + k
    levels, parts, words, ratios = sheet.level[k], sheet.parts[k], sheet.words[k], sheet.ratio[k]
    near, base, operator = near_ratios(sheet.tally[k], asked, place, numbers), numbers.base, asked.operator[place]
    for entry in range(sheet.first[run.last - run.first]):
        level, one_sided = levels[entry], parts[entry] == ONE_SIDED
        if level == EXACT:
            ratio = _same((k, entry), held, sheet, numbers)
        else:
            ratio = near[level] if level < UNLIKE else base[level]
        if one_sided and level < UNLIKE:
            ratio *= numbers.one_sided
        if words[entry] > ratio and level >= LOOSELY_SPELLED:
            levels[entry] = WORDS
        elif one_sided and NOTHING < level <= CONFLICT_UNTIL:
            levels[entry] = SAID_ON_ONE_SIDE
        ratio = max(ratio, words[entry])
        ratios[entry] = max(ratio * numbers.other_role, numbers.m_unlike) if operator else ratio


@compiled
def _same(at: tuple[int, int], held: Held, sheet: Sheet, numbers: Numbers) -> Any:
    """Return m over u of the same letters, u by how many rows have them."""
    place = sheet.place[at[1]]
    rows = held.full[place] if sheet.parts[at] == AGREE else held.letters[place]
    ratio = numbers.m_exact / chance_of(rows, numbers.same, numbers.same_rarity, numbers)
    return ratio * numbers.otherwise_written if sheet.listed[at[0]] and not sheet.same[at] else ratio


@compiled
def near_ratios(tally: Rows, asked: Asked, place: int, numbers: Numbers) -> Any:
    """Return by level m over u of names that are near, u by how many candidates are as alike to the record's name."""
    size, length = asked.side.names[asked.name[place]].size, 0
    while length < len(numbers.lengths) and size > numbers.lengths[length]:
        length += 1
    ratios = np.zeros(UNLIKE)
    for step in range(len(numbers.spread)):
        level = EXACT + 1 + step
        chance = chance_of(tally[level], numbers.near[length, step], numbers.spread[step], numbers)
        ratios[level] = numbers.base[level] / chance
    return ratios


@compiled
def chance_of(rows: int, usual: float, pseudo: float, numbers: Numbers) -> Any:
    """Return the chance of a coincidence that this many rows share (`matchers.features.rarity`)."""
    return max((max(rows - 1, 0) + pseudo) / (numbers.others + pseudo / usual), numbers.floor)


@compiled
def _keep_best(run: Run, sheet: Sheet, found: Found, among: tuple[int, int]) -> None:
    """Keep for each pair of a record its best pair of names; among equals the more alike, then those given first."""
    levels, ratios, similarities, own = sheet.level, sheet.ratio, sheet.similarity, run.end - run.begin
    for candidate in range(run.last - run.first):
        pair, best, entry_of, own_of = run.first + candidate, -1.0, -1, -1
        for entry in range(sheet.first[candidate], sheet.first[candidate + 1]):
            for k in range(own):
                if not among[0] <= levels[k, entry] <= among[1]:
                    continue
                ratio, similarity = ratios[k, entry], similarities[k, entry]
                if ratio > best or (ratio == best and similarity > similarities[own_of, entry_of]):
                    best, entry_of, own_of = ratio, entry, k
        if entry_of >= 0:
            found.level[pair], found.ratio[pair] = levels[own_of, entry_of], best
            found.similarity[pair] = similarities[own_of, entry_of]
            found.mine[pair], found.theirs[pair] = run.begin + own_of, sheet.place[entry_of]
