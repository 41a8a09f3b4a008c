"""Claims of a whole table on the entries of a list, and which of them do not exclude one another.

What people decided is no claim: that they know a community under two names takes its entry from neither of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geodata.index import PlaceIndex
from geodata.index.groups import distinct, repeated
from geodata.places import Places
from matchers.communities.accounts import Accounts
from matchers.communities.alike import alike
from matchers.company.exclusiveness import Claims
from matchers.company.rivals import ids_of, places_by_id, rows_by_id
from matchers.model import Task, Weighed
from matchers.pairs import Flags, Floats, Rows
from matchers.parameters import Parameters
from matchers.picking import picked
from matchers.shortlist import DIGITS

_LIKELY = 0.05  # probability from which a record contends for an entry
_ASKED = 0.005  # probability from which it is felt that others hold an entry (`matchers.company.exclusiveness`)
_LEFT = 0.1  # of a record's probability, at least, where others may take the entry it is likeliest to be
RATHER = 0.5  # rather one community than two: such records do not take an entry from one another
_RIVALS = 8  # contenders of one entry that are held against one another
_ROOMY = 1.5  # the parts of a village may count this many times as many people as the list does

Blocks = Sequence[tuple[Task, Weighed]]


@dataclass(frozen=True)
class Others:
    """Records that were compared with the same list before, and what they claim by their own evidence."""

    ids: tuple[str, ...] = ()
    claims: tuple[tuple[int, str, float], ...] = ()  # position in `ids`, identifier of the entry, odds
    community: Mapping[str, str] = field(default_factory=dict)  # of these and the records compared now, by record


NOBODY = Others()


def claimed(blocks: Blocks) -> list[str]:
    """Return the identifiers of the entries that the records of all blocks may be.

    Asked is what is likely among all but a record's likeliest entry: where others hold that, the rest weighs more.
    """
    if not blocks:
        return []
    rows = [weighed.pairs.row[_felt(weighed)] for _, weighed in blocks]
    entries = distinct(rows[0] if len(rows) == 1 else np.concatenate(rows))
    return picked(blocks[0][0].official.index.places.column("id"), entries)


def _felt(weighed: Weighed) -> Flags:
    pair, record = weighed.posterior.pair, weighed.pairs.record
    likeliest = np.zeros(len(weighed.alone))
    np.maximum.at(likeliest, record, pair)
    return np.asarray(pair > _ASKED * np.fmax(1 - likeliest, _LEFT)[record])


def claims_of(places: Places, blocks: Blocks, parameters: Parameters, others: Others = NOBODY) -> Claims:
    """Return what the records of all blocks claim; `places` are those records; `others` come after them."""
    first = np.cumsum([0, *(len(weighed.alone) for _, weighed in blocks)])
    record = np.concatenate([weighed.pairs.record + at for (_, weighed), at in zip(blocks, first[:-1], strict=True)])
    row = np.concatenate([weighed.pairs.row for _, weighed in blocks])
    alone = np.concatenate([weighed.alone for _, weighed in blocks])
    decided = np.concatenate([weighed.decided for _, weighed in blocks])
    stated = np.concatenate([weighed.posterior.pair for _, weighed in blocks])
    pair, settled = np.where(decided, 0.0, stated), np.where(decided, stated, 0.0)
    odds = pair / alone[record]
    rest = np.concatenate([weighed.rest for _, weighed in blocks])
    rest = rest + np.bincount(record, settled / alone[record], minlength=len(alone))
    size, order = len(alone), places_by_id(ids_of(places, others.ids))
    ranked = np.lexsort((order[record], -np.round(pair, DIGITS), row))
    contested = _contested(ranked[pair[ranked] > _LIKELY], record, row)
    inside = np.concatenate([_inside(weighed, task) for task, weighed in blocks])
    within = inside & ~np.isin(row, _crowded(places, blocks, (record, row, inside & (pair > _LIKELY))))
    theirs = _claims_of_others(others, blocks[0][0].official.index, size)
    entry_order = np.concatenate([weighed.order for _, weighed in blocks])
    more = np.array([claim[:2] for claim in theirs], np.int64).reshape(-1, 2)
    place = blocks[0][0].profile.order
    return Claims(
        record=np.concatenate((record, more[:, 0])),
        row=np.concatenate((row, more[:, 1])),
        entry_order=np.concatenate((entry_order, place[more[:, 1]])),
        odds=np.concatenate((odds, [odd for *_, odd in theirs])),
        within=np.concatenate((within, np.zeros(len(more), np.bool_))),
        rest=np.concatenate((rest, np.zeros(len(others.ids)))),
        community=_communities(places, contested, parameters, others),
        order=order,
    )


def _claims_of_others(others: Others, index: PlaceIndex, size: int) -> list[tuple[int, int, float]]:
    """Return their claims on entries of the list: record, counted after the table's own, row and odds."""
    if not others.claims:
        return []
    rows = rows_by_id(index).numbers([entry for _, entry, _ in others.claims]).tolist()
    told = zip(others.claims, rows, strict=True)
    return [(size + at, row, odd) for (at, _, odd), row in told if row >= 0]


def _inside(weighed: Weighed, task: Task) -> Flags:
    """Return which pairs' entries have a boundary that holds the record, however near to it."""
    span, held = max(len(task.official.index.places), 1), weighed.holding.outside_m == 0
    if not held.any():
        return np.zeros(len(weighed.pairs), np.bool_)
    keys = weighed.holding.query[held] * span + weighed.holding.row[held]
    return np.isin(weighed.pairs.record * span + weighed.pairs.row, keys)


def _contested(likely: Rows, record: Rows, row: Rows) -> tuple[Rows, Rows]:
    """Return pairs of records that both likely are one entry, the most likely few of each entry.

    `likely` are claims, by entry.
    """
    begin, size = _runs(row[likely])
    likely = likely[np.arange(len(likely)) - begin < _RIVALS]
    begin, size = _runs(row[likely])
    one, other = repeated(begin, size)
    first = one < other
    return record[likely[one[first]]], record[likely[other[first]]]


def _runs(ordered: Rows) -> tuple[Rows, Rows]:
    """Return where the run of equal numbers begins that each of an ordered column is in, and its length."""
    begin = np.flatnonzero(np.diff(ordered, prepend=-1))
    size = np.diff(begin, append=len(ordered))
    return np.repeat(begin, size), np.repeat(size, size)


def _communities(places: Places, contested: tuple[Rows, Rows], parameters: Parameters, others: Others) -> Rows:
    """Return the community of each record by number: that of those it contends with and is one with."""
    size = len(places) + len(others.ids)
    a, b = contested
    one = alike(Accounts.of(places, parameters), a, b, parameters) > RATHER if len(a) else np.zeros(0, np.bool_)
    first: dict[str, int] = {}
    told = [*places.ids, *others.ids] if others.community else ()
    member = [(at, others.community[record]) for at, record in enumerate(told) if record in others.community]
    same = [(first.setdefault(community, at), at) for at, community in member]
    if not one.any() and not same:
        return np.arange(size)
    known = np.array(same, np.int64).reshape(-1, 2)
    pairs = np.concatenate((a[one], known[:, 0])), np.concatenate((b[one], known[:, 1]))
    links = coo_array((np.ones(len(pairs[0]), np.int8), pairs), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1], np.int64)


def _crowded(places: Places, blocks: Blocks, claims: tuple[Rows, Rows, Flags]) -> Rows:
    """Return entries whose boundary holds records that count far more people than the entry: no parts of it."""
    record, row, inside = claims
    record, row = record[inside], row[inside]
    if not len(row):
        return row
    official = blocks[0][0].official.index.places
    ours, theirs = _persons(places, record), _persons(official, row)
    entries, of = np.unique(row, return_inverse=True)
    total, listed = np.bincount(of, np.nan_to_num(ours)), np.full(len(entries), np.nan)
    listed[of] = theirs
    return np.asarray(entries[total > _ROOMY * listed])


def _persons(places: Places, rows: Rows) -> Floats:
    """Return the greatest number of persons that each row counts, NaN where it counts none."""
    counts = places.column("counts").take(rows).to_pylist()
    said = ([c["value"] for c in of or () if c["unit"] == "persons" and c["value"] is not None] for of in counts)
    return np.array([max(values, default=np.nan) for values in said])
