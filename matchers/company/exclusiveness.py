"""Exclusiveness: an entry of a list is one community, so that what one record takes is not there for another.

Every way of giving entries to records, at most one to a record and one record to an entry, is as probable as the
product of its odds. The share of those ways in which a record is given an entry, or none, is its joint posterior. It is
found by passing messages between records and entries, exactly where no cycle of rivals exists and closely where one
does (the Bethe approximation of the monomer-dimer model: Bayati, Gamarnik, Katz, Nair and Tetali 2007). Unlike the
single best assignment it keeps the doubt: two records that fit one entry alike are both left for a person.

Records of one community do not compete, nor do records that one official boundary holds together: parts of a village.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from geodata.index.groups import distinct
from matchers.pairs import Flags, Floats, Rows

_ROUNDS = 200  # of messages at most; a dozen or two are enough in practice
_SETTLED = 1e-12
_DIGITS = 9  # beyond, sums depend on the order of records
_FELT = 0.005  # company that moves a probability by less, not to be seen in two digits, changed nothing


@dataclass(frozen=True)
class Claims:
    """What records claim of entries: odds against being absent, by the records' own evidence."""

    record: Rows  # of each claim
    row: Rows  # of each claim: entry of the list
    entry_order: Rows  # of each claim: the entry's place by identifier
    odds: Floats  # of each claim
    within: Flags  # of each claim: the entry's own boundary holds the record, beside others
    rest: Floats  # by record: odds of all entries not claimed
    community: Rows  # by record: records of one number are one community
    order: Rows  # by record: its place by identifier, so that ties never depend on the order of records

    @property
    def alone(self) -> Floats:
        """The probability of absence by record, without company."""
        return np.asarray(1 / (1 + self.rest + _sum(self.record, self.odds, len(self.rest))))


@dataclass(frozen=True)
class Shares:
    """The joint posterior."""

    absent: Floats  # by record
    pair: Floats  # by claim
    free: Floats  # by claim: how far others leave the entry to the record, 0..1; 1 where company changed nothing
    competitor: Rows  # by record: the record that took most from it; -1 where company changed nothing
    contested: Rows  # by record: the entry that it took most of


@dataclass(frozen=True)
class _Contest:
    """Claims brought together where they exclude one another: by entry and community."""

    claims: Claims
    group: Rows  # of each claim
    entry: Rows  # by group
    excluding: Floats  # by group: 0 for those whom the entry's boundary holds, who leave it to others within

    @classmethod
    def of(cls, claims: Claims) -> _Contest:
        span = int(claims.community.max(initial=0)) + 1
        key = (claims.row * span + claims.community[claims.record]) * 2 + claims.within
        keys = distinct(key)
        return cls(claims, np.searchsorted(keys, key), keys // 2 // span, (keys % 2 == 0).astype(np.float64))

    def against(self, taken: Floats) -> Floats:
        """Return for each claim how much of its entry other communities take."""
        most = np.zeros(len(self.entry))
        np.maximum.at(most, self.group, taken)
        size = int(self.entry.max(initial=0)) + 1
        outsiders = _sum(self.entry, most * self.excluding, size)[self.claims.row]
        return np.where(self.claims.within, outsiders, _others(self.entry, most, size)[self.group])


def share_out(claims: Claims) -> Shares:
    """Return the joint posterior of all records.

    A record that nobody competes with keeps exactly what its own evidence says.
    """
    # Entries by number, so that nothing here is as long as the list.
    entries, number = np.unique(claims.row, return_inverse=True)
    claims = replace(claims, row=number.astype(np.int64))
    contest, free = _Contest.of(claims), np.ones(len(claims.odds))
    taken = np.zeros(len(claims.odds))
    for _ in range(_ROUNDS):
        others = _others(claims.record, claims.odds * free, len(claims.rest))
        taken = claims.odds / (1 + claims.rest[claims.record] + others)
        before, free = free, 1 / (1 + contest.against(taken))
        if np.abs(free - before).max(initial=0.0) < _SETTLED:
            break
    mantissa, exponent = np.frexp(free)  # rounded to significant digits, so that no order of records changes the last
    free = np.ldexp(np.round(mantissa, _DIGITS), exponent)
    absent, pair = joint(claims, free)
    moved = absent != claims.alone
    free = np.where(moved[claims.record], free, 1.0)
    competitor, contested = _competitors(contest, taken, claims.odds * (1 - free), moved)
    found = np.flatnonzero(contested >= 0)
    contested[found] = entries[contested[found]]
    return Shares(absent, pair, free, competitor, contested)


def joint(claims: Claims, free: Floats) -> tuple[Floats, Floats]:
    """Return the joint posterior by record and by claim, given how far others leave each claim its entry."""
    given = claims.odds * free
    absent = 1 / (1 + claims.rest + _sum(claims.record, given, len(claims.rest)))
    moved = np.abs(absent - claims.alone) >= _FELT
    absent = np.where(moved, absent, claims.alone)
    return absent, np.where(moved[claims.record], given, claims.odds) * absent[claims.record]


def _competitors(contest: _Contest, taken: Floats, lost: Floats, moved: Flags) -> tuple[Rows, Rows]:
    """Return for each moved record who takes most of the entry that it loses most of, and that entry; else -1."""
    claims = contest.claims
    competitor = np.full(len(claims.rest), -1, np.int64)
    contested = competitor.copy()
    by_entry = np.lexsort((claims.order[claims.record], -np.round(taken, _DIGITS), claims.row))
    begin = np.searchsorted(claims.row[by_entry], np.arange(int(claims.row.max(initial=0)) + 2))
    of_record = np.lexsort((claims.entry_order, -np.round(lost, _DIGITS), claims.record))
    most = of_record[np.flatnonzero(np.diff(claims.record[of_record], prepend=-1))]
    for at in most[moved[claims.record[most]]].tolist():
        record, entry = int(claims.record[at]), int(claims.row[at])
        rivals = by_entry[begin[entry] : begin[entry + 1]]
        others = claims.community[claims.record[rivals]] != claims.community[record]
        if others.any():
            competitor[record], contested[record] = claims.record[rivals[np.argmax(others)]], entry
    return competitor, contested


def _others(group: Rows, values: Floats, size: int) -> Floats:
    """Return for each value the sum of the others of its group; exactly so also beside one that is far greater."""
    top = np.zeros(size)
    np.maximum.at(top, group, values)
    greatest = values == top[group]
    lone = greatest & (np.bincount(group, greatest, minlength=size)[group] == 1)
    smaller = _sum(group, np.where(lone, 0.0, values), size)[group]
    return np.where(lone, smaller, np.maximum(_sum(group, values, size)[group] - values, 0.0))


def _sum(group: Rows, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(group, values, minlength=size), np.float64)
