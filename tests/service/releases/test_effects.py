"""What a sync says that its release did: records concerned and verified, flags resolved and regressed."""

from __future__ import annotations

from datetime import date

import pytest

from service.accounts.account import Count
from service.cli.effects import told
from service.releases.effects import NO_EFFECT, Effect

FIRST, SECOND, THIRD = "2007-01-01", "2007-06-01", "2008-01-01"


def test_a_sync_says_what_its_release_did(register, without):
    """One community comes and one goes: both are told, and nobody else is verified again."""
    assert register.released(without("V00"), FIRST).effect == NO_EFFECT
    for village in ("V00", "V05", "V40"):
        register.send(village)
    assert register.released(without("V05"), SECOND).effect == Effect(2, 2, resolved=1, regressed=1, visible=1)
    assert register.released(without("V05"), SECOND).effect == NO_EFFECT


def test_what_an_earlier_release_did_is_not_told_again(register, without):
    """A release that is brought back resolves what it resolves then, not what it did the first time."""
    register.publish(without("V00"), FIRST)
    register.send("V00")
    assert register.released(without(), SECOND).effect.resolved == 1
    assert register.released(without("V00"), FIRST).effect == Effect(1, 1, regressed=1)
    assert register.released(without(), SECOND).effect == Effect(1, 1, resolved=1, visible=1)


def test_a_count_that_came_right_makes_nobody_visible(register, without):
    """Whoever was listed all along was visible; that the list now counts them is told as a flag resolved."""
    short = without()
    short["V03"]["persons"] = 120
    register.publish(short, FIRST)
    record_id = register.send("V03", counts=(Count(900.0, method="full enumeration", date=date(2007, 1, 1)),))
    assert register.record(record_id).findings[0].official_id == "V03"
    short["V03"]["persons"] = 900
    effect = register.released(short, SECOND).effect
    assert (effect.resolved, effect.visible) == (1, 0)


@pytest.mark.parametrize(
    ("effect", "sentence"),
    [
        (NO_EFFECT, "It concerns no record."),
        (Effect(1, 1), "It concerns 1 record; 1 verified again: no flag resolved or regressed."),
        (
            Effect(2_000, 9, resolved=6, visible=1),
            "It concerns 2,000 records; 9 verified again: 6 flags resolved, 1 community made visible.",
        ),
    ],
)
def test_a_release_is_told_in_one_sentence(effect, sentence):
    """People read what happened; of what did not happen only that no flag changed."""
    assert told(effect) == sentence
