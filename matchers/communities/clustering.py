"""From pairs of accounts to communities: connected components, repaired where a chain joined what cannot be one.

A chain of alike accounts may lead from a place to another one: each link holds, the ends contradict one another. Such a
component is put together again link by link, the most probable first, leaving out every link that would bring two
accounts together that cannot be one community (a greedy repair for correlation clustering). Ties are settled by
identifiers, so that neither the order of rows nor that of pairs changes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from geodata.distance import haversine_m
from geodata.index import PlaceIndex
from geodata.index.groups import distinct
from geodata.places import Places
from matchers.communities.accounts import Accounts
from matchers.communities.alike import LEAST, alike
from matchers.communities.breaks import broken
from matchers.communities.names import compare_names
from matchers.pairs import Flags, Floats, Rows
from matchers.parameters import Parameters

SPELLINGS = 100  # most similar spellings proposed for each name
_DIGITS = 9  # of probabilities: beyond, sums of floats depend on the order of rows


class Links(NamedTuple):
    """Pairs of rows that are one community, and how probably, 0..1."""

    a: Rows
    b: Rows
    probability: Floats


def communities(accounts: Accounts, parameters: Parameters) -> Rows:
    """Return for each account the first row of its community, which is its own where it is alone."""
    a, b = proposed(accounts.records.places)
    return clustered(accounts, links_of(accounts, a, b, parameters), parameters)


def proposed(places: Places) -> tuple[Rows, Rows]:
    """Return the pairs of rows whose names may be spellings of one name; without that nothing is one community."""
    index = PlaceIndex.build(places)
    name, row = index.called(index.names, SPELLINGS)
    first = index.name_rows[name]
    size = max(len(places), 1)
    pairs = distinct(np.minimum(first, row) * size + np.maximum(first, row))
    a, b = pairs // size, pairs % size
    return a[a != b], b[a != b]


def links_of(accounts: Accounts, a: Rows, b: Rows, parameters: Parameters) -> Links:
    """Return those of the pairs that are one community."""
    probability = alike(accounts, a, b, parameters)
    one = np.flatnonzero(probability >= LEAST)
    return Links(a[one], b[one], np.round(probability[one], _DIGITS))


def clustered(accounts: Accounts, links: Links, parameters: Parameters) -> Rows:
    """Return for each account the first row of its community, given the links."""
    community = np.arange(len(accounts), dtype=np.int64)
    for members in _components(links):
        community[members] = members[0]
        if len(members) > 2 and (apart := _apart(accounts, members, parameters)):  # noqa: PLR2004 - one link has no ends
            held = np.isin(links.a, members)
            inside = Links(links.a[held], links.b[held], links.probability[held])
            community[members] = _repaired(members, inside, apart, accounts.records.places.ids)
    return community


def _components(links: Links) -> list[list[int]]:
    """Return the rows that any chain of links joins, ascending, for every component of more than one."""
    above: dict[int, int] = {}

    def root(row: int) -> int:
        while (higher := above.setdefault(row, row)) != row:
            above[row] = above[higher]  # halve the way for the next who comes by
            row = higher
        return row

    for a, b in zip(links.a.tolist(), links.b.tolist(), strict=True):
        first, second = root(a), root(b)
        above[max(first, second)] = min(first, second)
    components: dict[int, list[int]] = {}
    for row in sorted(above):
        components.setdefault(root(row), []).append(row)
    return list(components.values())


def ruled_out(accounts: Accounts, a: Rows, b: Rows, parameters: Parameters) -> Flags:
    """Return which pairs cannot be one community, whatever else speaks for it."""
    places = accounts.records.places
    distance = haversine_m(places.lat[a], places.lon[a], places.lat[b], places.lon[b])
    return broken(accounts, a, b, distance) | compare_names(accounts, a, b, parameters.names).against


def _apart(accounts: Accounts, members: list[int], parameters: Parameters) -> set[tuple[int, int]]:
    """Return the pairs of a component that cannot be one community, either way round."""
    first, second = np.triu_indices(len(members), 1)
    rows = np.array(members, np.int64)
    a, b = rows[first], rows[second]
    out = ruled_out(accounts, a, b, parameters)
    pairs = list(zip(a[out].tolist(), b[out].tolist(), strict=True))
    return {*pairs, *((b, a) for a, b in pairs)}


def _repaired(members: list[int], links: Links, apart: set[tuple[int, int]], ids: Sequence[str]) -> list[int]:
    """Join members link by link, the most probable first, where that brings none together that are apart."""
    group = {row: [row] for row in members}
    ranked = sorted(
        zip(links.a.tolist(), links.b.tolist(), links.probability.tolist(), strict=True),
        key=lambda link: (-link[2], sorted((ids[link[0]], ids[link[1]]))),
    )
    for a, b, _ in ranked:
        if group[a] is not group[b] and apart.isdisjoint(product(group[a], group[b])):
            joined = group[a] + group[b]
            group |= dict.fromkeys(joined, joined)
    return [min(group[row]) for row in members]
