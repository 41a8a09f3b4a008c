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
    may_be_slip,
    open_name,
    same_letters,
    surely_unlike,
)
from matchers.kernels.tables import Sites
from matchers.kernels.wording import by_words, same_writing
from matchers.pairs import Floats

Names = tuple[Asked, Held, Opened, Numbers]


@compiled
def by_names(record: int, found: Any, sides: tuple[Sites, Names], entries: Any) -> Any:
    """Weigh the names of a record against those of its candidates; return the entries, with more room where need be."""
    sites, (asked, held, opened, numbers) = sides
    begin, end = asked.begin[record], asked.begin[record + 1]
    ahead = _look_ahead(found, sites.site, held.side.names)
    entries, seen = _glance((begin, end), found, (sites, asked, held, numbers.lowest), entries)
    read = entries[:seen]
    ahead += _look_at_texts(read, held.side.names, held.side.texts)
    for own in range(begin, end):
        _read(own, read, (asked, held, opened), numbers)
        _compare_words(own, read, (asked, held), numbers)
        _compare_writing(own, read, (asked, held))
        near = near_ratios(_tally(own, read), asked, own, numbers)
        _correct(own, (found, read), (near, sites.site), (held, numbers))
        if asked.operator[own]:
            _as_operator(own, read, numbers.other_role, numbers.m_unlike)
    _keep_best(found, read, numbers.base[UNLIKE])
    return entries, ahead


@compiled
def _glance(own: tuple[int, int], found: Any, sides: tuple[Sites, Asked, Held, float], entries: Any) -> tuple[Any, int]:
    """Write down which names may have something in common, by candidate; other candidates are named otherwise.

    Returns the entries, with more room where need be, and how many they are.
    """
    (begin, end), (sites, asked, held, lowest) = own, sides
    names, mine, number, called, site_of = held.side.names, asked.side.names, asked.name, sites.called, sites.site
    seen = 0
    for at in range(len(found)):
        site = site_of[found[at].site]
        before, among = seen, 0
        while seen + site.names * (end - begin) > len(entries):
            entries = doubled(entries)
        for place in range(site.names):
            called_so = called[site.first + place] if place else site.name
            other = names[called_so]
            if other.size == 0:
                continue
            for one in range(begin, end):
                name, among = mine[number[one]], among + 1
                if name.stems & other.stems or not surely_unlike(name, other, lowest) or may_be_slip(name, other):
                    entry = entries[seen]
                    entry.candidate, entry.own, entry.number, entry.place = at, one, called_so, site.first + place
                    seen += 1
        _begin(found[at], (among, seen - before), begin, site.first)
    return entries, seen


@compiled
def _look_ahead(found: Any, sites: Any, names: Any) -> Any:
    """Look up the first name of each candidate, and return a sum that nobody needs.

    The processor looks up many places of memory at once as long as no look depends on another.
    """
    seen = np.uint64(0)
    for at in range(len(found)):
        site = sites[found[at].site]
        if site.names:
            seen += names[site.name].mask
    return seen


@compiled
def _look_at_texts(entries: Any, names: Any, texts: Any) -> Any:
    """Do the same for the letters of names that are to be read."""
    seen = 0
    for at in range(len(entries)):
        seen += texts[names[entries[at].number].start]
    return seen


@compiled
def _begin(candidate: Any, pairs: tuple[int, int], mine: int, theirs: int) -> None:
    """Note what a candidate's names say without those to be read: nothing, or that one at least is another.

    `pairs` are how many pairs of names there are, and how many are to be read.
    """
    candidate.level, candidate.name_ratio, candidate.similarity = NOTHING, 1.0, math.nan
    candidate.mine, candidate.theirs = -1, -1
    if pairs[0] > 0:
        candidate.name_ratio = -1.0
    if pairs[0] > pairs[1]:
        candidate.level, candidate.similarity = UNLIKE, UNREAD
        candidate.mine, candidate.theirs = mine, theirs


@compiled
def _read(own: int, entries: Any, sides: tuple[Asked, Held, Opened], numbers: Numbers) -> None:
    """Read one name of the record against what a glance left."""
    (asked, held, opened), number = sides, sides[0].name[own]
    names, texts, cuts, axes, lowest = held.side.names, held.side.texts, numbers.cuts, numbers.axes, numbers.lowest
    name = asked.side.names[number]
    open_name(opened, name)
    for at in range(len(entries)):
        entry = entries[at]
        if entry.own != own:
            continue
        other = names[entry.number]
        parts = AGREE if agree(name, other) else disagree(name, other, axes)
        similarity = alike(opened, name, texts, (other, lowest))
        if parts <= ONE_SIDED and similarity < 1.0 and may_be_slip(name, other):
            whole = alike_as_whole(opened, name, texts, other)
            if whole > similarity:
                similarity, parts = as_whole(whole), AGREE
        level = level_of(similarity, cuts)
        if similarity == 1.0 and same_letters(opened.texts, name, texts, other):
            level = EXACT
        if parts >= MODIFIER_CONFLICT and level <= CONFLICT_UNTIL:
            level = NUMBER if parts == NUMBER_CONFLICT else MODIFIER
        entry.level, entry.parts, entry.similarity, entry.words = level, parts, similarity, 0.0
    close_name(opened, name)


@compiled
def _compare_words(own: int, entries: Any, sides: tuple[Asked, Held], numbers: Numbers) -> None:
    """Find what the words are worth that names share."""
    (asked, held), number = sides, sides[0].name[own]
    names, mine, theirs, counts = held.side.names, asked.side.stems[number], held.side.stems, numbers.counts
    mask, worth, chance = asked.side.names[number].stems, (numbers.m_words, numbers.missing), numbers.word_chance
    for at in range(len(entries)):
        entry = entries[at]
        if entry.own == own and entry.level < NUMBER and mask & names[entry.number].stems:
            entry.words = by_words(mine, theirs[entry.number], chance, worth) * counts[entry.parts]


@compiled
def _compare_writing(own: int, entries: Any, sides: tuple[Asked, Held]) -> None:
    """Find names of the same letters that are written otherwise, where another is written as the record's own."""
    (asked, held), listed = sides, False
    mine, theirs, number = asked.side.written, held.side.written, asked.name[own]
    for at in range(len(entries)):
        entry = entries[at]
        entry.otherwise &= entry.own != own
        if entry.own == own and entry.level == EXACT:
            same = same_writing(mine, number, theirs, entry.number)
            listed |= same
            entry.otherwise = not same
    if not listed:
        for at in range(len(entries)):
            entries[at].otherwise &= entries[at].own != own


@compiled
def _tally(own: int, entries: Any) -> Any:
    """Count the candidates at most at each level, each by its best name."""
    tally, before, best = np.zeros(UNLIKE + 1, np.int64), -1, UNLIKE
    for at in range(len(entries)):
        entry = entries[at]
        if entry.own != own:
            continue
        if entry.candidate != before:
            tally[best] += 1
            before, best = entry.candidate, UNLIKE
        best = min(best, entry.level)
    tally[best] += 1
    for level in range(1, UNLIKE):
        tally[level] += tally[level - 1]
    return tally


@compiled
def _correct(own: int, read: tuple[Any, Any], by: tuple[Floats, Any], official: tuple[Held, Numbers]) -> None:
    """Weigh what was read by its level, its rarity, and the words shared; `words` then holds the likelihood ratio."""
    (found, entries), (near, sites), (held, numbers) = read, by, official
    begin, full, letters, base = held.begin, held.full, held.letters, numbers.base
    for at in range(len(entries)):
        entry = entries[at]
        if entry.own != own:
            continue
        level, one_sided = entry.level, entry.parts == ONE_SIDED
        if level == EXACT:
            site = sites[found[entry.candidate].site]
            place = begin[site.row] + entry.place - site.first
            rows = full[place] if entry.parts == AGREE else letters[place]
            ratio = numbers.m_exact / chance_of(rows, numbers.same, numbers.same_rarity, numbers)
            if entry.otherwise:
                ratio *= numbers.otherwise_written
        else:
            ratio = near[level] if level < UNLIKE else base[level]
        if one_sided and level < UNLIKE:
            ratio *= numbers.one_sided
        if entry.words > ratio and level >= LOOSELY_SPELLED:
            entry.level = WORDS
        elif one_sided and level <= CONFLICT_UNTIL:
            entry.level = SAID_ON_ONE_SIDE
        entry.words = max(ratio, entry.words)


@compiled
def _as_operator(own: int, entries: Any, scale: float, least: float) -> None:
    """Weigh a name less that is the operator's."""
    for at in range(len(entries)):
        if entries[at].own == own:
            entries[at].words = max(entries[at].words * scale, least)


@compiled
def _keep_best(found: Any, entries: Any, unlike: float) -> None:
    """Keep the best names of each candidate; among equals the more alike, then those given first."""
    for at in range(len(found)):
        if found[at].level == UNLIKE:
            found[at].name_ratio = unlike
    for at in range(len(entries)):
        entry = entries[at]
        best, ratio = found[entry.candidate], entry.words
        if ratio > best.name_ratio or (ratio == best.name_ratio and entry.similarity > best.similarity):
            best.level, best.name_ratio, best.similarity = entry.level, ratio, entry.similarity
            best.mine, best.theirs = entry.own, entry.place
