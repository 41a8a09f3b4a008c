"""How good links with an official list are, from reviews: each share carried to the sort of pairs it was found on."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from service.coverage.links import quality
from service.coverage.membership import Community, Members, State
from service.store.captures import Judged


def members(on: int, off: int, *, missed: int = 0, absent: int = 0) -> Members:
    """Return communities on and off a list, of which people found some listed and confirmed some absent."""

    def one(number: int, state: State, *, decided: bool) -> Community:
        return Community(
            f"{state}{number}", frozenset("A"), state, "", decided and state is State.ON, decided and state is State.OFF
        )

    found: Iterable[Community] = (
        *(one(at, State.ON, decided=at < missed) for at in range(on)),
        *(one(at, State.OFF, decided=at < absent) for at in range(off)),
    )
    return Members(tuple(found), frozenset(), {}, 0)


def test_shares_are_carried_to_what_nobody_looked_at() -> None:
    """Of 600 links 100 were judged and 4 were wrong; of 200 absent 100 were judged, of which 10 were listed."""
    found = quality(members(610, 190, missed=10, absent=90), Judged(right=96, wrong=4))
    assert found is not None
    right = 610 - (610 - 96 - 10) * 0.04
    assert found.precision == pytest.approx(right / 610)
    assert found.recall == pytest.approx(right / (right + 100 * 0.1))
    assert (found.of_links, found.of_pairs) == (100, 100)


def test_where_all_was_looked_at_links_stand_as_decided() -> None:
    """Nothing is left to correct."""
    found = quality(members(110, 90, missed=10, absent=90), Judged(right=100, wrong=0))
    assert found is not None
    assert (found.precision, found.recall) == (1, 1)


@pytest.mark.parametrize(
    ("present", "judged"),
    [
        (members(100, 100), Judged(50, 50)),
        (members(100, 100, absent=50), Judged(0, 0)),
        (members(0, 100, absent=50), Judged(5, 5)),
        (members(100, 100, absent=50), Judged(0, 50)),
    ],
)
def test_reviews_that_tell_too_little_tell_nothing(present: Members, judged: Judged) -> None:
    """No absent judged, no link judged, no link at all, no link right."""
    assert quality(present, judged) is None
