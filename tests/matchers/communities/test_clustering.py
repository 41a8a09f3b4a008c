"""Clusters of accounts: chains that contradict themselves are parted, and order changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.places import Places
from matchers.communities.accounts import Accounts, Origin
from matchers.communities.clustering import Links, clustered, communities
from matchers.communities.proposals import proposals
from matchers.parameters import DEFAULTS

VILLAGE = {"country": "KEN", "lat": 0.51234, "lon": 35.01234, "r95_m": 100.0, "kind": "village"}


def table(rows):
    """Return accounts, each by an organisation of its own."""
    places = Places.from_rows([{**VILLAGE, **row} for row in rows])
    return Accounts.of(places, DEFAULTS, Origin(places.ids, [None] * len(places), places.ids))


def named(rows):
    """Return the communities as sets of identifiers."""
    found = communities(table(rows), DEFAULTS)
    ids = [row["id"] for row in rows]
    return {frozenset(ids[at] for at in np.flatnonzero(found == first)) for first in set(found.tolist())}


ROWS = [
    {"id": "a", "names": ["Bondeni"]},
    {"id": "b", "names": ["Bondeny"]},
    {"id": "c", "names": ["Gatwekera"]},
    {"id": "d", "names": ["Gatuikira", "Gatwekera"], "lat": 0.51284},
    {"id": "e", "names": ["Soi"], "lat": 0.61234},
]


def test_accounts_of_one_community_meet():
    """Two pairs of accounts are two communities, and one stays alone."""
    assert named(ROWS) == {frozenset("ab"), frozenset("cd"), frozenset("e")}


@given(st.permutations(ROWS))
@settings(max_examples=20, deadline=None)
def test_order_changes_nothing(rows):
    """Whatever the order of the accounts, the communities are the same."""
    assert named(rows) == named(ROWS)


def test_a_chain_does_not_join_its_ends():
    """Each step is within reach, the ends are not: the weaker link is cut, the same one in any order."""
    chain = [
        {"id": "1", "names": ["Mtakuja"], "lat": 0.51234},
        {"id": "2", "names": ["Mtakuja"], "lat": 0.51384},
        {"id": "3", "names": ["Mtakuja"], "lat": 0.51584},
    ]
    assert named(chain) == named(chain[::-1]) == {frozenset("12"), frozenset("3")}


def test_an_alias_does_not_bridge_two_camps():
    """Camp 4 and Camp 14 stay two, though somebody's account bears both names."""
    rows = [
        {"id": "4", "names": ["Camp 4"], "kind": "camp"},
        {"id": "14", "names": ["Camp 14"], "kind": "camp"},
        {"id": "both", "names": ["Camp 4", "Camp 14"], "kind": "camp"},
    ]
    assert frozenset({"4", "14"}) not in {group & {"4", "14"} for group in named(rows)}


def test_without_links_everybody_is_alone():
    """No link, no company."""
    nothing = np.zeros(0, np.int64)
    assert clustered(table(ROWS), Links(nothing, nothing, np.zeros(0)), DEFAULTS).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("one", "other"), [("bondeni", "bondeny"), ("village of kibera", "kibera"), ("sta cruz", "santa cruz")]
)
def test_alike_names_are_proposed(one, other):
    """The quick look at names leaves out no pair that counts as alike."""
    a, b = proposals([[one]], [["quite another"], [other]])
    assert (0, 1) in set(zip(a.tolist(), b.tolist(), strict=True))
