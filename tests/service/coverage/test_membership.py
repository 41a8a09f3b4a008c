"""Which communities stand on which lists, from findings and from what people decided."""

from __future__ import annotations

import pytest

from service.accounts.account import Account, Name
from service.coverage.membership import Members, State, members
from service.store.captures import Capture
from service.store.values import FlagStatus


def capture(verdict: str | None, *, community: str = "c1", organisation: str = "a", **parts: object) -> Capture:
    """Return a record with one finding about the list."""
    account = Account((Name("Lodwar"),), "KEN", kind="village", admin=(("county", "Turkana"),))
    given = {"status": None, "matched": False, "official_id": None, **parts}
    return Capture(community, organisation, account, verdict=verdict, **given)


def state(found: Members) -> State | None:
    """Return the state of the only community, None where it was left out."""
    return found.communities[0].state if found.communities else None


@pytest.mark.parametrize(
    ("captured", "expected"),
    [
        ([capture("consistent", matched=True, official_id="V1")], State.ON),
        ([capture("needs_review", matched=True, official_id="V1")], State.ON),
        ([capture("hidden_place")], State.OFF),
        ([capture("stale_official")], State.OFF),
        ([capture("hidden_place", status=FlagStatus.MATCHED_EXISTING)], State.ON),
        ([capture("needs_review", status=FlagStatus.CONFIRMED)], State.OFF),
        ([capture("needs_review", status=FlagStatus.PUBLISHED)], State.OFF),
        ([capture("hidden_place"), capture("consistent", matched=True, official_id="V1")], State.ON),
        ([capture("needs_review")], None),
        ([capture(None)], None),
        ([capture("not_assessable")], None),
        ([capture("hidden_group")], None),
        ([capture("hidden_place", status=FlagStatus.REJECTED)], None),
        ([capture("hidden_place", status=FlagStatus.WITHDRAWN)], None),
    ],
)
def test_a_community_is_on_the_list_off_it_or_left_out(captured: list[Capture], expected: State | None) -> None:
    """What people decided goes before what was found; a match of any record before the others."""
    assert state(members(captured, ["a"], (), official=True)) is expected


def test_what_is_left_out_is_counted_by_its_reason() -> None:
    """Open questions by stratum, and what the list would not name."""
    captured = [
        capture("needs_review"),
        capture("not_assessable", community="c2"),
        capture("hidden_place", community="c3"),
    ]
    found = members(captured, ["a"], ("county",), official=True)
    assert found.unknown == {"turkana": 1}
    assert found.outside == 1
    assert len(found.communities) == 1


def test_without_an_official_list_every_community_counts() -> None:
    """Nobody asked the list."""
    assert len(members([capture(None)], ["a"], (), official=False).communities) == 1


def test_communities_that_are_one_entry_are_one() -> None:
    """Two organisations' accounts that were not gathered, but matched to one entry."""
    captured = [
        capture("consistent", matched=True, official_id="V1"),
        capture("consistent", community="c2", organisation="b", matched=True, official_id="V1"),
    ]
    found = members(captured, ["a", "b"], (), official=True)
    (one,) = found.communities
    assert one.lists == {"a", "b"}
    assert found.entries == {"V1"}


def test_records_of_organisations_that_were_not_asked_about_name_nothing() -> None:
    """A list is of its own organisation, and of its collection where that is named."""
    assert not members([capture("hidden_place")], ["b", "a/health"], (), official=True).communities
