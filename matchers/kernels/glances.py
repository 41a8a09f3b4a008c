"""The names of one record against those of its candidates, in compiled code, where most have nothing in common.

A glance tells which of them may matter at all; only those are read. The values are those of
`matchers.kernels.aliases`, which reads every name against every other.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from geodata.kernels.growing import doubled
from geodata.kernels.jit import compiled
from matchers.kernels.aliases import (
    LOOSELY_SPELLED,
    SAID_ON_ONE_SIDE,
    WORDS,
    chance_of,
    near_ratios,
)
from matchers.kernels.proposing import Room
from matchers.kernels.reading import CONFLICT_UNTIL, MODIFIER, NUMBER, level_of
from matchers.kernels.sheets import EXACT, NOTHING, UNLIKE, Asked, Held, Numbers
from matchers.kernels.spellings import (
    AGREE,
    MODIFIER_CONFLICT,
    NUMBER_CONFLICT,
    ONE_SIDED,
    UNREAD,
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
from matchers.kernels.tables import Sites
from matchers.kernels.wording import by_words, same_writing

Names = tuple[Asked, Held, Opened, Numbers]


@compiled
def by_names(record: int, count: int, sides: tuple[Sites, Names], room: Room) -> Room:
    """Weigh the names of a record against those of its candidates; return the room, wider where need be."""
    sites, (asked, held, opened, numbers) = sides
    begin, end = asked.begin[record], asked.begin[record + 1]
    room, seen = _glance((begin, end), count, sides, room)
    for own in range(begin, end):
        _read(own, seen, (asked, held, opened, numbers), room.entries)
        _correct(own, seen, (asked, held, numbers), room.entries)
    _keep_best(seen, room)
    return room


@compiled
def _glance(own: tuple[int, int], count: int, sides: tuple[Sites, Names], room: Room) -> tuple[Room, int]:
    """Write down which names may have something in common, by candidate; other candidates are named otherwise."""
    (begin, end), (sites, (asked, held, _, numbers)) = own, sides
    names, mine, number, called, begins = held.side.names, asked.side.names, asked.name, sites.called, held.begin
    unlike, lowest, site_of, seen = numbers.base[UNLIKE], numbers.lowest, sites.site, 0
    candidates, entries = room.candidates, room.entries
    for at in range(count):
        site = site_of[candidates[at].site]
        before, among = seen, 0
        while seen + site.names * (end - begin) > len(entries):
            entries = doubled(entries)
        for place in range(site.first, site.first + site.names):
            other = names[called[place]]
            if other.size == 0:
                continue
            for one in range(begin, end):
                name, among = mine[number[one]], among + 1
                if name.stems & other.stems or may_be_alike(name, other, lowest) or may_be_slip(name, other):
                    entry = entries[seen]
                    entry.candidate, entry.own, entry.number = at, one, called[place]
                    entry.place = begins[site.row] + place - site.first
                    seen += 1
        _begin(candidates[at], among > 0, among > seen - before, (begin, unlike, begins[site.row]))
    return Room(candidates, entries), seen


@compiled
def _begin(candidate: Any, named: bool, other: bool, unlike: tuple[int, float, int]) -> None:
    """Note what a candidate's names say without those to be read: nothing, or that one at least is another."""
    candidate.level, candidate.name_ratio, candidate.similarity = NOTHING, 1.0, math.nan
    candidate.mine, candidate.theirs = -1, -1
    if named:
        candidate.name_ratio = -1.0
    if other:
        candidate.level, candidate.similarity = UNLIKE, UNREAD
        candidate.mine, candidate.name_ratio, candidate.theirs = unlike


@compiled
def _read(own: int, seen: int, names: Names, entries: Any) -> None:
    """Read one name of the record against what a glance left."""
    asked, held, opened, numbers = names
    number, texts = asked.name[own], held.side.texts
    name, listed = asked.side.names[number], False
    mine, theirs, worth = asked.side.stems[number], held.side.stems, (numbers.m_words, numbers.missing)
    open_name(opened, name)
    for at in range(seen):
        entry = entries[at]
        if entry.own != own:
            continue
        other = held.side.names[entry.number]
        parts = AGREE if agree(name, other) else disagree(name, other, numbers.axes)
        similarity = UNREAD
        if may_be_alike(name, other, numbers.lowest):
            similarity = alike(opened, name, texts, (other, numbers.lowest))
        if parts <= ONE_SIDED and similarity < 1.0 and may_be_slip(name, other):
            whole = alike_as_whole(opened, name, texts, other)
            if whole > similarity:
                similarity, parts = as_whole(whole), AGREE
        level = level_of(similarity, numbers.cuts)
        if similarity == 1.0 and same_letters(opened.texts, name, texts, other):
            level = EXACT
        if parts >= MODIFIER_CONFLICT and level <= CONFLICT_UNTIL:
            level = NUMBER if parts == NUMBER_CONFLICT else MODIFIER
        same = level == EXACT and same_writing(asked.side.written, number, held.side.written, entry.number)
        listed |= same
        entry.level, entry.parts, entry.similarity, entry.words, entry.same = level, parts, similarity, 0.0, same
        if name.stems & other.stems and level < NUMBER:
            entry.words = by_words(mine, theirs[entry.number], numbers.word_chance, worth) * numbers.counts[parts]
    close_name(opened, name)
    if listed:
        for at in range(seen):
            entry = entries[at]
            if entry.own == own and entry.level == EXACT and not entry.same:
                entry.same = _OTHERWISE


_OTHERWISE = -1  # the same letters, while another entry is written as the record's name is


@compiled
def _tally(own: int, seen: int, entries: Any) -> Any:
    """Count the candidates at most at each level, each by its best name."""
    tally, before, best = np.zeros(UNLIKE + 1, np.int64), -1, UNLIKE
    for at in range(seen):
        entry = entries[at]
        if entry.own != own:
            continue
        if entry.candidate != before:
            tally[best] += 1
            before, best = entry.candidate, UNLIKE
        if entry.level < best:
            best = entry.level
    tally[best] += 1
    for level in range(1, UNLIKE):
        tally[level] += tally[level - 1]
    return tally


@compiled
def _correct(own: int, seen: int, names: tuple[Asked, Held, Numbers], entries: Any) -> None:
    """Weigh what was read by its level, its rarity, and the words shared; `words` then holds the likelihood ratio."""
    asked, held, numbers = names
    near, operator = near_ratios(_tally(own, seen, entries), asked, own, numbers), asked.operator[own]
    for at in range(seen):
        entry = entries[at]
        if entry.own != own:
            continue
        level, one_sided = entry.level, entry.parts == ONE_SIDED
        if level == EXACT:
            rows = held.full[entry.place] if entry.parts == AGREE else held.letters[entry.place]
            ratio = numbers.m_exact / chance_of(rows, numbers.same, numbers.same_rarity, numbers)
            if entry.same == _OTHERWISE:
                ratio *= numbers.otherwise_written
        else:
            ratio = near[level] if level < UNLIKE else numbers.base[level]
        if one_sided and level < UNLIKE:
            ratio *= numbers.one_sided
        if entry.words > ratio and level >= LOOSELY_SPELLED:
            entry.level = WORDS
        elif one_sided and level <= CONFLICT_UNTIL:
            entry.level = SAID_ON_ONE_SIDE
        ratio = max(ratio, entry.words)
        entry.words = max(ratio * numbers.other_role, numbers.m_unlike) if operator else ratio


@compiled
def _keep_best(seen: int, room: Room) -> None:
    """Keep the best names of each candidate; among equals the more alike, then those given first."""
    for at in range(seen):
        entry = room.entries[at]
        best, ratio = room.candidates[entry.candidate], entry.words
        better = ratio > best.name_ratio
        if ratio == best.name_ratio:
            better = entry.similarity > best.similarity
        if better:
            best.level, best.name_ratio, best.similarity = entry.level, ratio, entry.similarity
            best.mine, best.theirs = entry.own, entry.place
