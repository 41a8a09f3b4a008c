"""A release of a list too long for memory is compared with the one before piece by piece, about the records."""

from __future__ import annotations

import pytest

FIRST, SECOND = "2007-01-01", "2007-06-01"


@pytest.fixture
def few(monkeypatch):
    """Give a function that lets a list of so few places be a long one."""

    def let(places=3):
        for name in ("service.official.longlists", "service.official.lists"):
            monkeypatch.setattr(f"{name}.LONG", places)

    return let


def test_a_release_of_a_long_list_concerns_what_lies_about_what_changed(register, without, few):
    """Who came and who went is verified again; of one far away the finding stands."""
    few()
    register.publish(without("V00"), FIRST)
    sent = {village: register.send(village) for village in ("V00", "V05", "V40")}
    effect = register.released(without("V05"), SECOND).effect
    assert (effect.verified, effect.resolved, effect.regressed) == (2, 1, 1)
    verdicts = {village: register.record(record_id).verdict for village, record_id in sent.items()}
    assert verdicts == {"V00": "consistent", "V05": "hidden_place", "V40": "consistent"}
    assert register.record(sent["V40"]).findings[0].holds_at is not None


def test_a_list_that_becomes_long_is_verified_anew(register, without, few):
    """What was compared with all of it is not told apart from what is compared with a piece."""
    register.publish(without("V00"), FIRST)
    register.send("V40")
    few(len(without()))
    assert register.released(without(), SECOND).effect.verified == 1
