"""Gathering: puts records into their communities, so that what several organisations say about one place meets.

A record joins the community of the records it is one with (`matchers.communities`); where it shows two communities to
be one, they become one. Records stay together once they are, unless a correction or something that rules it out parts
them. A record of the class `closed` stays alone: to be found in company would tell others that it exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geodata.distance import R95_PER_SIGMA
from geodata.index.groups import distinct
from matchers.communities.accounts import Accounts, Origin
from matchers.communities.alike import LEAST
from matchers.communities.breaks import FARTHEST_SIGMAS
from matchers.communities.clustering import Links, clustered, links_of, ruled_out
from matchers.communities.proposals import proposals
from matchers.pairs import Rows
from matchers.parameters import Parameters
from service.accounts.account import Account, as_places
from service.disclosure.policy import Sensitivity, sensitivity_of
from service.store import neighbours
from service.store.engine import Session
from service.store.neighbours import Neighbour, Neighbourhood, Wanted
from service.store.values import Record


@dataclass(frozen=True, slots=True)
class Asking:
    """Records to gather, where each belongs until now, and which of them said something new."""

    found: Sequence[Record]
    known: Mapping[str, str]  # community by record
    fresh: frozenset[str]  # never verified: alone so far
    corrected: frozenset[str]  # of a new revision: being together before proves nothing of it
    unkept: frozenset[str] = frozenset()  # that are kept only after they were gathered


@dataclass(frozen=True, slots=True)
class Group:
    """Records that are one community, the oldest first, with the community each belonged to until now."""

    records: tuple[str, ...]
    before: tuple[str | None, ...]


def groups(session: Session, asking: Asking, parameters: Parameters) -> list[Group]:
    """Return the communities of the records asked about, each with all its records; nothing is kept yet."""
    alone = [Group((record.id,), (asking.known.get(record.id),)) for record in asking.found]
    table = _table(session, asking, parameters)
    if table is None:
        return alone
    label = _label(table, asking, parameters)
    gathered: dict[int, list[Neighbour]] = {}
    for row, first in enumerate(label.tolist()):
        gathered.setdefault(first, []).append(table.rows[row])
    several = [
        Group(tuple(one.id for one in held), tuple(one.community_id or None for one in held))
        for held in gathered.values()
    ]
    placed = {record_id for group in several for record_id in group.records}
    return several + [group for group in alone if group.records[0] not in placed]


@dataclass(frozen=True, slots=True)
class _Table:
    """The records that may be of one community: those asked about that have any company, and their company."""

    rows: list[Neighbour]
    accounts: list[Account]
    a: Rows  # pairs that may be one
    b: Rows
    per_km2: float


def _table(session: Session, asking: Asking, parameters: Parameters) -> _Table | None:
    """Read what the question needs; None where no record asked about has or may have company."""
    open_ones = [record for record in asking.found if _open(record.account)]
    unkept = [record.account for record in asking.found if record.id in asking.unkept]
    hood = neighbours.near(session, [_wanted(record, parameters) for record in open_ones], unkept)
    rows, pairs = _pairs(open_ones, hood, asking.known)
    involved = {rows[row].community_id for pair in pairs for row in pair}
    involved |= {asking.known[record.id] for record in asking.found if record.id in asking.known.keys() - asking.fresh}
    involved.discard("")
    if not involved:
        return None
    kept = neighbours.company(session, involved)
    accounts = {one.id: account for one, account in kept} | {record.id: record.account for record in asking.found}
    company = {one.id: one for one, _ in kept}
    named = sorted({row for pair in pairs for row in pair})  # of those that are not kept yet the first one first
    company |= {rows[row].id: rows[row] for row in named if rows[row].id not in company}
    if len(company) < 2:  # noqa: PLR2004 - nobody but itself
        return None
    held = [one for one in company.values() if _open(accounts[one.id])]
    position = {one.id: row for row, one in enumerate(held)}
    known = [(rows[a].id, rows[b].id) for a, b in pairs]
    both = [(position[a], position[b]) for a, b in known if a in position and b in position]
    columns = np.array(both, np.int64).reshape(-1, 2)
    return _Table(held, [accounts[one.id] for one in held], columns[:, 0], columns[:, 1], hood.per_km2)


def _pairs(
    asked: Sequence[Record], hood: Neighbourhood, known: Mapping[str, str]
) -> tuple[list[Neighbour], list[tuple[int, int]]]:
    """Return the records at hand, and the pairs of those asked about with any, that bear alike names."""
    ids = {record.id for record in asked}
    own = [_as_neighbour(record, known) for record in asked]
    rows = own + [one for one in hood.records if one.id not in ids]
    if len(rows) < 2:  # noqa: PLR2004 - a record posted where nobody is: no pair to look at
        return rows, []
    first, second = proposals([one.names for one in own], [one.names for one in rows])
    pairs = zip(first.tolist(), second.tolist(), strict=True)
    kept = {(min(a, b), max(a, b)) for a, b in pairs if a != b and not _told_apart(rows[a], rows[b])}
    return rows, sorted(kept)


def _label(table: _Table, asking: Asking, parameters: Parameters) -> Rows:
    """Return the first row of each row's community: by what links them now, and by having been together before."""
    origin = Origin(
        [one.organisation for one in table.rows],
        [one.collection for one in table.rows],
        [one.own_id for one in table.rows],
    )
    places = as_places([one.id for one in table.rows], table.accounts)
    accounts = Accounts.of(places, parameters, origin, table.per_km2)
    together, before = _together(table.rows, asking.corrected)
    size = max(len(accounts), 1)
    asked = distinct(np.concatenate((table.a * size + table.b, together)))
    links = links_of(accounts, asked // size, asked % size, parameters)
    if len(before):
        stays = before[~ruled_out(accounts, before // size, before % size, parameters)]
        stays = stays[~np.isin(stays, links.a * size + links.b)]
        links = Links(
            np.concatenate((links.a, stays // size)),
            np.concatenate((links.b, stays % size)),
            np.concatenate((links.probability, np.full(len(stays), LEAST))),
        )
    return clustered(accounts, links, parameters)


def _together(rows: Sequence[Neighbour], corrected: frozenset[str]) -> tuple[Rows, Rows]:
    """Return the pairs of rows that are of one community until now, and those of them that said nothing new since."""
    held: dict[str, list[int]] = {}
    for row, one in enumerate(rows):
        if one.community_id:
            held.setdefault(one.community_id, []).append(row)
    size = max(len(rows), 1)
    pairs = [(a, b) for members in held.values() for at, b in enumerate(members) for a in members[:at]]
    codes = np.array([a * size + b for a, b in pairs], np.int64)
    settled = [rows[a].id not in corrected and rows[b].id not in corrected for a, b in pairs]
    return codes, codes[np.array(settled, np.bool_)]


def _wanted(record: Record, parameters: Parameters) -> Wanted:
    r95_m = record.account.r95_m or parameters.geography.r95_citizen_m
    # As far as the errors of two accounts of this precision reach; a rougher one looks this far itself.
    reach_m = FARTHEST_SIGMAS * r95_m / R95_PER_SIGMA * 2**0.5
    return Wanted(record.account, record.account.point(), reach_m)


def _as_neighbour(record: Record, known: Mapping[str, str]) -> Neighbour:
    return Neighbour(
        id=record.id,
        community_id=known.get(record.id, ""),
        organisation=record.organisation,
        own_id=record.account.own_id,
        collection=record.account.collection,
        names=neighbours.search_names(record.account),
    )


def _told_apart(one: Neighbour, other: Neighbour) -> bool:
    """Return whether their organisation told the two apart itself; most of a survey's neighbours are of that survey."""
    known = one.own_id is not None and other.own_id is not None and one.own_id != other.own_id
    return known and one.organisation == other.organisation and one.collection == other.collection


def _open(account: Account) -> bool:
    return sensitivity_of(account) is not Sensitivity.CLOSED
