"""Jaro-Winkler: letters that both texts have near the same place, with a premium for the same beginning."""

from __future__ import annotations

from typing import Any

import numpy as np

from geodata.kernels.jit import compiled
from geodata.kernels.letters import WORD, Table, Text, ones

_ONE = np.uint64(1)
_BEGINNING = 4  # letters at the beginning that earn the premium
_PREMIUM = 0.1  # for each of them
_PREMIUM_ABOVE = 0.7  # what two texts must reach without it


@compiled
def jaro_winkler_similarity(table: Table, one: Text, other: Text) -> Any:
    """Return how alike two texts are by Jaro and Winkler, 0..1; two empty texts are the same.

    `one` is written in `table`. The value is that of RapidFuzz's `JaroWinkler.normalized_similarity`, to the last bit.
    """
    mine, theirs = one.end - one.start, other.end - other.start
    if mine == 0 or theirs == 0:
        return 1.0 if mine == theirs else 0.0
    if mine <= WORD and theirs <= WORD:
        return jaro_winkler_in_a_word(table, one, other)[0]
    shared, moved = _shared_by_letters(one, other)
    return _judged(shared, moved, one, other)


@compiled
def jaro_winkler_in_a_word(table: Table, one: Text, other: Text) -> tuple[Any, Any]:
    """Return the same for texts of one to 64 letters, and how many letters they share.

    So many of them can be paired with their likes in the other text, each with one that stands near, and no more.
    """
    mine, theirs = one.end - one.start, other.end - other.start
    if mine == 1 and theirs == 1:
        same = 1 if one.data[one.start] == other.data[other.start] else 0
        return float(same), same
    shared, moved = _shared_in_a_word(table, max(mine, theirs) // 2 - 1, other)
    return _judged(shared, moved, one, other), shared


@compiled
def _judged(shared: Any, moved: Any, one: Text, other: Text) -> Any:
    """Return the similarity from the letters shared, those of them out of order, and the beginnings of both texts."""
    if shared == 0:
        return 0.0
    mine, theirs = one.end - one.start, other.end - other.start
    alike = jaro(shared, moved // 2, mine, theirs)
    same = 0
    for at in range(min(mine, theirs, _BEGINNING)):
        if one.data[one.start + at] != other.data[other.start + at]:
            break
        same += 1
    return winkler(alike, same)


@compiled
def jaro(shared: Any, swapped: Any, mine: Any, theirs: Any) -> float:
    """Return Jaro's similarity from the letters shared, pairs of them that changed places, and both lengths."""
    alike: float = shared / mine
    alike += shared / theirs
    alike += (shared - swapped) / shared
    return alike / 3.0


@compiled
def winkler(alike: float, same: Any) -> float:
    """Return Winkler's similarity from Jaro's and how many letters at the beginning are the same, at most four."""
    return min(alike + same * _PREMIUM * (1.0 - alike), 1.0) if alike > _PREMIUM_ABOVE else alike


@compiled
def _shared_in_a_word(table: Table, reach: Any, text: Text) -> tuple[Any, Any]:
    """Return how many letters are shared, and how many of them are not in the same order."""
    mine, theirs = np.uint64(0), np.uint64(0)
    near = (_ONE << np.uint64(reach + 1)) - _ONE
    bit = _ONE
    for j in range(text.end - text.start):
        here = table[text.data[text.start + j]] & near & ~mine
        mine |= here & (~here + _ONE)
        theirs |= bit if here else np.uint64(0)
        bit <<= _ONE
        near = (near << _ONE) | _ONE if j < reach else near << _ONE
    shared, moved = ones(mine), 0
    while theirs:
        first, lowest = theirs & (~theirs + _ONE), mine & (~mine + _ONE)
        moved += (table[text.data[text.start + ones(first - _ONE)]] & lowest) == 0
        theirs ^= first
        mine ^= lowest
    return shared, moved


@compiled
def _shared_by_letters(one: Text, other: Text) -> tuple[Any, Any]:
    """Return the same for texts of any length."""
    mine, theirs = one.end - one.start, other.end - other.start
    reach = max(mine, theirs) // 2 - 1
    taken = np.zeros(mine, np.bool_)
    order = np.zeros(min(mine, theirs), np.int64)  # of shared letters, as the other text has them
    shared = 0
    for j in range(theirs):
        for i in range(max(j - reach, 0), min(j + reach + 1, mine)):
            if not taken[i] and one.data[one.start + i] == other.data[other.start + j]:
                taken[i] = True
                order[shared] = j
                shared += 1
                break
    moved, at = 0, 0
    for i in range(mine):
        if taken[i]:
            moved += one.data[one.start + i] != other.data[other.start + order[at]]
            at += 1
    return shared, moved
