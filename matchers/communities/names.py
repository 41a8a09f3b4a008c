"""What the names of two accounts say about their being one community.

The levels and their m and u are those of matching with official lists (`matchers.parameters.NameLevels`); here a
coincidence is never thought rarer than in general, because what people have told so far is no list of all places.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geodata.index.groups import repeated, runs
from geodata.kinds import kind_of
from geodata.names.resemblance import resemblance
from matchers.communities.accounts import Accounts
from matchers.communities.breaks import is_facility
from matchers.features.words import Parts, compare_marks
from matchers.pairs import Flags, Floats, Rows
from matchers.parameters import NameLevels
from matchers.records import Records

_LEAST_LEVELS = 3  # of the levels of similar spelling, those that still speak for one community


class NameLikeness(NamedTuple):
    """What names say of each pair."""

    ratio: Floats  # m over u of the best pair of names; 0 where none is alike
    against: Flags  # whether they name two places: "Camp 4" and "Camp 14", two schools of one village


def compare_names(accounts: Accounts, a: Rows, b: Rows, levels: NameLevels) -> NameLikeness:
    """Compare all names of the one with all names of the other; symmetric.

    A name with a number or a side that the other name lacks ("Kibera", "Lower Kibera") may be a part of it, and counts
    as unlike.
    """
    records = accounts.records
    pair, mine, theirs = _aliases(records, a, b)
    one, other = names = records.names.which[mine], records.names.which[theirs]
    readings, marks = records.names.readings, records.names.marks
    similarity = resemblance(readings.take(one), readings.take(other))
    letters = np.unique(np.array(records.names.letters.tolist(), dtype=object), return_inverse=True)[1].astype(np.int64)
    same = letters[one] == letters[other]
    level = np.where(same, 0, 1 + np.searchsorted(-np.asarray(levels.cuts), -similarity))
    parts = compare_marks(marks, marks, names)
    alike = level <= _LEAST_LEVELS
    contradicting = alike & ((parts >= Parts.MODIFIER_CONFLICT) | _two_sorts(records, a[pair], b[pair], names))
    table = _table(levels)
    ratio = np.where(alike & (parts == Parts.AGREE), table[np.minimum(level, len(table) - 1)], 0.0)
    ratio = np.where(same & (ratio > 0), levels.m_exact / _coincidence(records, letters, levels)[letters[one]], ratio)
    best, against = np.zeros(len(a)), np.zeros(len(a), np.bool_)
    np.maximum.at(best, pair, ratio)
    against[pair[contradicting]] = True
    return NameLikeness(np.where(against, 0.0, best), against)


def _table(levels: NameLevels) -> Floats:
    """Return m over u by level: the same letters, similar spellings, and 0 for all that is less alike."""
    near = [m / u for m, u in zip(levels.m_near, levels.u_near, strict=True)][:_LEAST_LEVELS]
    return np.array([levels.m_exact / levels.u_exact, *near, 0.0])


def _coincidence(records: Records, letters: Rows, levels: NameLevels) -> Floats:
    """Return for each core the chance that another place has it: general, and higher where the table repeats it."""
    own = np.flatnonzero(~records.is_operator)
    distinct = np.unique(np.column_stack((letters[records.names.which[own]], records.name_rows[own])), axis=0)
    rows = np.bincount(distinct[:, 0], minlength=int(letters.max(initial=-1)) + 1)
    others = np.maximum(rows - 2, 0)  # the pair itself apart
    # Drawn towards the general chance as if 1 / u more places were known: others may be accounts of the same one.
    drawn = (others + 1) / (max(len(records.places) - 2, 0) + 1 / levels.u_exact)
    return np.maximum(drawn, levels.u_exact)


def _aliases(records: Records, a: Rows, b: Rows) -> tuple[Rows, Rows, Rows]:
    """Return every name of the one against every name of the other: the pair, and the names' positions."""
    own = np.flatnonzero(~records.is_operator & records.names.named)
    own = own[np.argsort(records.name_rows[own], kind="stable")]
    begin = runs(records.name_rows[own], len(records.places))
    pair, first = repeated(begin[a], begin[a + 1] - begin[a])
    at, second = repeated(begin[b[pair]], begin[b[pair] + 1] - begin[b[pair]])
    return pair[at], own[first[at]], own[second]


def _two_sorts(records: Records, a: Rows, b: Rows, names: tuple[Rows, Rows]) -> Flags:
    """Return which pairs of names are two facilities': "Olympic Academy" is not "Olympic Secondary School".

    Of settlements the kind word is no part of the name: Silanga and Silanga Village are one.
    """
    facility = np.array([is_facility(kind) for kind in records.kinds], np.bool_)
    sort = np.array([_sort_of(part.generic) for part in records.names.parts], object)
    one, other = sort[names[0]], sort[names[1]]
    differ = (one != other) & (one != "") & (other != "")
    return np.asarray(differ & (facility[a] | facility[b]), np.bool_)


def _sort_of(generic: str) -> str:
    """Return what the kind words of a name stand for: their kind, else the words."""
    return kind_of(generic) or generic if generic else ""
