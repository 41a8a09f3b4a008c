"""Names of pairs compared column by column, without compiled code (`matchers.features.names` says what they mean)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.index import PlaceIndex
from geodata.index.groups import repeated, runs
from geodata.names.resemblance import resemblance
from matchers.features.rarity import Rarity
from matchers.features.stems import Stems
from matchers.features.wholes import as_whole
from matchers.features.words import Parts, compare_marks, shared_words
from matchers.pairs import Floats, Pairs, Rows
from matchers.parameters import NameLevels
from matchers.records import Records

_EXACT, _UNLIKE, _WORDS, _NUMBER, _MODIFIER, _ONE_SIDED = 1, 6, 7, 8, 9, 10
_CONFLICT_UNTIL = 4  # below this level of spelling the names are simply unlike
_LOOSELY_SPELLED = 5  # from here on, words shared describe a pair better than letters do


class Best(NamedTuple):
    """The best pair of names of each pair."""

    level: Rows
    ratio: Floats  # m over u of its level
    similarity: Floats  # NaN where a side has no name
    mine: Rows  # position in `Records.names`, -1 where none
    theirs: Rows  # position in `PlaceIndex.names`, -1 where none


class _Aliases(NamedTuple):
    """Every name of each pair's record against every name of its place, by pair, official name, own name."""

    pair: Rows
    mine: Rows  # position in `Records.names`
    theirs: Rows  # position in `PlaceIndex.names`


class _Spelling(NamedTuple):
    """What the spelling of two names says, before rarity."""

    level: Rows
    similarity: Floats
    parts: Rows  # `Parts`
    words: Floats  # likelihood ratio of the words shared


@dataclass(frozen=True)
class _Lists:
    records: Records
    index: PlaceIndex
    rarity: Rarity
    levels: NameLevels


def best_names(pairs: Pairs, records: Records, official: tuple[PlaceIndex, Rarity], levels: NameLevels) -> Best:
    """Return the best pair of names of each pair."""
    lists = _Lists(records, *official, levels)
    aliases = _aliases(pairs, lists)
    spelling = _spelling(aliases, lists)
    ratio = _ratio(aliases, spelling, pairs.row[aliases.pair], lists)
    counts = np.array([1.0, levels.one_sided, levels.number_conflict, levels.number_conflict])  # by `Parts`
    shares = np.where(spelling.level < _NUMBER, spelling.words * counts[spelling.parts], 0.0)
    one_sided = (spelling.parts == Parts.ONE_SIDED) & (spelling.level <= _CONFLICT_UNTIL)
    worded = (shares > ratio) & (spelling.level >= _LOOSELY_SPELLED)
    level = np.where(worded, _WORDS, np.where(one_sided, _ONE_SIDED, spelling.level))
    ratio = np.maximum(ratio, shares)
    ratio = np.where(records.is_operator[aliases.mine], np.maximum(ratio * levels.other_role, levels.m_unlike), ratio)
    best = _best(aliases.pair, ratio, spelling.similarity)
    at = aliases.pair[best]
    return Best(
        level=_spread(len(pairs), at, level[best], 0),
        ratio=_spread(len(pairs), at, ratio[best], 1.0),
        similarity=_spread(len(pairs), at, spelling.similarity[best], np.nan),
        mine=_spread(len(pairs), at, aliases.mine[best], -1),
        theirs=_spread(len(pairs), at, aliases.theirs[best], -1),
    )


def _spread(size: int, at: Rows, values: NDArray[Any], missing: float) -> NDArray[Any]:
    column = np.full(size, missing, values.dtype)
    column[at] = values
    return column


def _best(pair: Rows, ratio: Floats, similarity: Floats) -> Rows:
    """Return the best aliases of each pair; among equals the more alike, then those given first."""
    begin = np.flatnonzero(np.diff(pair, prepend=-1))
    sizes = np.diff(begin, append=len(pair))
    leading = ratio == np.repeat(np.maximum.reduceat(ratio, begin), sizes)
    alike = np.where(leading, similarity, -1.0)
    best = np.flatnonzero(alike == np.repeat(np.maximum.reduceat(alike, begin), sizes))
    return best[np.flatnonzero(np.diff(pair[best], prepend=-1))]


def _aliases(pairs: Pairs, lists: _Lists) -> _Aliases:
    records, index = lists.records, lists.index
    by_record = np.argsort(records.name_rows, kind="stable")
    begin = runs(records.name_rows[by_record], len(records.places))
    pair, theirs = index.names_of(pairs.row)
    record = pairs.record[pair]
    at, place = repeated(begin[record], begin[record + 1] - begin[record])
    pair, mine, theirs = pair[at], by_record[place], theirs[at]
    named = records.names.named[mine] & index.names.named[theirs]
    return _Aliases(pair[named], mine[named], theirs[named])


def _spelling(aliases: _Aliases, lists: _Lists) -> _Spelling:
    mine, theirs = lists.records.names, lists.index.names
    a, b = at = mine.which[aliases.mine], theirs.which[aliases.theirs]
    similarity = resemblance(mine.readings, theirs.readings, a, b)
    parts = compare_marks(mine.marks, theirs.marks, at)
    similarity, mended = as_whole((mine, theirs), at, similarity, parts)
    parts = np.where(mended, Parts.AGREE, parts)
    same = lists.index.cores.numbers(mine.letters)[a] == lists.index.core_numbers[b]
    level = np.searchsorted(-np.asarray(lists.levels.cuts), -similarity) + _EXACT + 1
    level = np.where(same, _EXACT, level)
    words = shared_words(Stems.of(mine, lists.rarity.words), at, lists.rarity, lists.levels)
    conflict = np.where(parts == Parts.NUMBER_CONFLICT, _NUMBER, _MODIFIER)
    level = np.where((parts >= Parts.MODIFIER_CONFLICT) & (level <= _CONFLICT_UNTIL), conflict, level)
    return _Spelling(level, similarity, parts, words)


def _ratio(aliases: _Aliases, spelling: _Spelling, row: Rows, lists: _Lists) -> Floats:
    """Return m over u of each alias pair's level, u by the rarity of the record's name in the list."""
    levels, rarity = lists.levels, lists.rarity
    table = np.array([1.0, 0, *levels.m_near, levels.m_unlike, 0, levels.number_conflict, levels.modifier_conflict])
    ratio = table[spelling.level]
    near = np.flatnonzero((spelling.level > _EXACT) & (spelling.level < _UNLIKE))
    lengths = lists.records.names.letters.sizes
    usual = rarity.usual_near(lengths[lists.records.names.which[aliases.mine[near]]], spelling.level[near] - 2)
    alike = _as_alike(aliases.mine, row, spelling.level)[near]
    spread = np.asarray(levels.near_rarity)[spelling.level[near] - 2]
    ratio[near] /= rarity.near_chance(alike, usual, spread)
    exact = np.flatnonzero(spelling.level == _EXACT)
    ratio[exact] = levels.m_exact / rarity.same_chance(_as_named(aliases, exact, spelling, lists), levels.same_rarity)
    ratio[exact] *= np.where(_written_otherwise(aliases, exact, lists), levels.otherwise_written, 1.0)
    return np.where((spelling.parts == Parts.ONE_SIDED) & (spelling.level < _UNLIKE), ratio * levels.one_sided, ratio)


def _written_otherwise(aliases: _Aliases, exact: Rows, lists: _Lists) -> NDArray[np.bool_]:
    """Return which pairs of the same letters differ in writing while the list has the record's name as it is written.

    A list that holds both "Bari" and "Barí" tells them apart by that. Only the record's own pairs are asked, so that
    it never depends on who else is compared.
    """
    mine, theirs = lists.records.names, lists.index.names
    a, b = (names.which[at[exact]] for names, at in ((mine, aliases.mine), (theirs, aliases.theirs)))
    texts = ((mine.texts[i], theirs.texts[j]) for i, j in zip(a.tolist(), b.tolist(), strict=True))
    same = np.array([one.casefold() == other.casefold() for one, other in texts], np.bool_)
    listed = np.zeros(len(mine.which), np.bool_)
    listed[aliases.mine[exact[same]]] = True
    return listed[aliases.mine[exact]] & ~same


def _as_named(aliases: _Aliases, exact: Rows, spelling: _Spelling, lists: _Lists) -> Rows:
    """Return how many rows of the list have the letters, and where number and modifier agree, those too."""
    letters, full = (namesakes[aliases.theirs[exact]] for namesakes in lists.rarity.namesakes)
    return np.where(spelling.parts[exact] == Parts.AGREE, full, letters)


def _as_alike(mine: Rows, row: Rows, level: Rows) -> Rows:
    """Return for each alias pair how many places are at least as alike to the record's name."""
    count = np.ones(len(mine), np.int64)
    alike = np.flatnonzero(level < _UNLIKE)
    if not len(alike):
        return count
    span = int(row.max()) + 1
    order = alike[np.lexsort((level[alike], row[alike], mine[alike]))]
    first = np.flatnonzero(np.diff(mine[order] * span + row[order], prepend=-1))
    best = order[first]  # the best level of each name and place
    steps = _UNLIKE + 1
    tally = np.bincount(mine[best] * steps + level[best], minlength=(int(mine.max()) + 1) * steps).reshape(-1, steps)
    count[alike] = np.cumsum(tally, axis=1)[mine[alike], level[alike]]
    return count
