"""Which keys there may be: what nobody could use as it is meant is not made."""

from __future__ import annotations

import pytest

from service.access import granting
from service.callers.caller import Charge, Role
from service.callers.territory import Area
from service.errors import Problem
from service.store.keys import Wanted


@pytest.mark.parametrize(
    ("wanted", "match"),
    [
        (Wanted("o", Role.ADMIN, "", areas=(Area("KEN"),)), "goes with no territory"),
        (Wanted("o", Role.CONTRIBUTOR, "", areas=(Area("KEN"),)), "goes with no territory"),
        (Wanted("o", Role.REVIEWER, "", areas=()), "This is empty"),
        (Wanted("o", Role.STEWARD, ""), "something to speak for"),
        (Wanted("o", Role.READER, "", charges=(Charge("o", "c"),)), "goes with no collection"),
        (Wanted("o", Role.STEWARD, "", charges=(Charge("o"),)), "a collection or a record"),
    ],
)
def test_a_key_that_nobody_could_use_as_meant_is_not_made(wanted, match):
    """What is wrong is said where it stands."""
    with pytest.raises(Problem) as raised:
        granting.check(wanted)
    assert match in raised.value.extra["errors"][0]["message"]
