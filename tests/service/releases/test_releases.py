"""A release concerns the records near what it changed, resolves, regresses or leaves their flags, and says so."""

from __future__ import annotations

import re

import pytest

from service import report, review, verify
from service.callers.caller import Role
from service.releases.comparing import compared
from service.review import Decision
from service.ruling import Rulings
from service.store import records
from service.store.filters import RecordFilter
from service.store.values import FlagStatus, RecordState

FIRST, SECOND, THIRD = "2007-01-01", "2007-06-01", "2008-01-01"


def test_only_what_a_release_concerns_is_verified_again(register, without):
    """The village that came is found on the new list; of one far away the finding stands, and says up to when."""
    first = register.publish(without("V00"), FIRST)
    near, far = register.send("V00"), register.send("V40")
    before = register.record(far)
    second = register.publish(without(), SECOND)
    assert (register.record(near).verdict, register.record(near).findings[0].snapshot) == ("consistent", second)
    (finding,) = register.record(far).findings
    assert (finding.id, finding.snapshot, finding.holds_at) == (before.findings[0].id, first, second)
    with register.context.store.read() as session:
        assert records.count(session, RecordFilter(state=RecordState.PENDING)) == 0


def test_verifying_everything_again_says_the_same(register, without):
    """After several releases, verifying every record anew changes no verdict, entry or flag."""
    register.publish(without("V00", "V07"), FIRST)
    sent = [register.send(f"V{at:02}") for at in (0, 1, 7, 8, 20, 33)]
    changed = without("V20")
    changed["V33"]["name"] = "Kwa Njenga"
    register.publish(changed, SECOND)
    register.publish(changed | {"V50": {"id": "V50", "name": "Rondo", "lat": 0.1, "lon": 34.001}}, THIRD)

    def said():
        found = [register.record(record_id) for record_id in sent]
        return [(one.verdict, one.findings[0].official_id, one.flag_id) for one in found]

    partly = said()
    verify.everything(register.context)
    assert said() == partly
    assert [verdict for verdict, _, _ in partly] == [
        "consistent",
        "consistent",
        "consistent",
        "consistent",
        "hidden_place",
        "needs_review",
    ]


def test_a_flag_is_resolved_regresses_and_is_resolved_again(register, without):
    """A list that names a community and then drops it went back: that is told apart from a gap nobody closed yet."""
    register.publish(without("V05"), FIRST)
    record_id = register.send("V05")
    assert register.flag(record_id).status is FlagStatus.OPEN
    second = register.publish(without(), SECOND)
    assert register.flag(record_id).status is FlagStatus.RESOLVED_BY_RELEASE
    register.publish(without("V05"), THIRD)
    assert register.flag(record_id).status is FlagStatus.REGRESSED
    register.publish(without(), SECOND)
    assert register.flag(record_id).status is FlagStatus.RESOLVED_BY_RELEASE
    assert second == register.record(record_id).findings[0].snapshot


def test_a_listed_community_whose_entry_vanishes_regresses(register, without):
    """Nobody had a reason to flag it before; that it was listed once is why somebody should look now."""
    register.publish(without(), FIRST)
    record_id = register.send("V11")
    assert register.record(record_id).flag_id is None
    register.publish(without("V11"), SECOND)
    assert (register.flag(record_id).status, register.flag(record_id).verdict) == (FlagStatus.REGRESSED, "hidden_place")


def test_people_may_take_up_a_regressed_flag(register, without, scene):
    """It is decided about like an open one, but nobody decides that a flag regressed."""
    register.publish(without(), FIRST)
    record_id = register.send("V11")
    register.publish(without("V11"), SECOND)
    reviewer = scene.caller(register.context.store, "statistics-office", Role.REVIEWER)
    flag = register.flag(record_id)
    with pytest.raises(Exception, match="cannot become regressed"):
        review.decide(register.context, flag.id, Decision(FlagStatus.REGRESSED, "x"), reviewer)
    confirmed = review.decide(register.context, flag.id, Decision(FlagStatus.CONFIRMED, "field_visit"), reviewer)
    assert confirmed.status is FlagStatus.CONFIRMED


def test_decisions_follow_an_entry_to_its_new_code(register, without, scene):
    """What people decided about an entry holds under the code that a release gave it; nobody is asked twice."""
    register.publish(without(), FIRST)
    record_id = register.send("V12", name="Kwa Odhiambo Corner")
    flag_id = register.record(record_id).flag_id
    assert flag_id is not None
    reviewer = scene.caller(register.context.store, "statistics-office", Role.REVIEWER)
    same = Decision(FlagStatus.MATCHED_EXISTING, "alias", rulings=Rulings(same="V12"))
    review.decide(register.context, flag_id, same, reviewer)
    assert register.record(record_id).findings[0].official_id == "V12"
    recoded = without()
    recoded["V12"]["id"] = "W12"
    register.publish(recoded, SECOND)
    found = register.record(record_id)
    assert (found.verdict, found.findings[0].official_id) == ("consistent", "W12")
    assert "remembered" in found.findings[0].attributes


def test_a_release_counts_whom_it_made_visible(register, without, scene):
    """The comparison of two snapshots and the gap report name the communities that the second one resolved."""
    first = register.publish(without("V00", "V05"), FIRST)
    for village in ("V00", "V05", "V30"):
        register.send(village)
    second = register.publish(without(), SECOND)
    found = compared(register.context, first, second)
    assert [one.record.account.names[0].text for one in found.resolved] == ["Nambale", "Marachi"]
    assert compared(register.context, second, first).resolved == ()
    reviewer = scene.caller(register.context.store, "statistics-office", Role.REVIEWER)
    with report.reading(register.context, report.ReportScope(country="KEN"), reviewer) as (told, _flags):
        assert [(release.sha256, len(resolved)) for release, resolved in told.releases] == [(second, 2)]


def test_an_unlisted_place_has_a_code_that_stays(register, without):
    """The code names country and unit, follows the flag through releases, and no other community gets it."""
    register.publish(without("V00", "V05"), FIRST)
    units = {"admin": (("county", "Busia"),)}
    one, other = register.send("V00", **units), register.send("V05", sensitivity="caution", **units)
    code = register.flag(one).code
    assert re.fullmatch(r"X-KEN-BUSIA-\d{4}", code)
    assert re.fullmatch(r"X-KEN-\d{4}", register.flag(other).code)
    register.publish(without("V05"), SECOND)
    assert (register.flag(one).status, register.flag(one).code) == (FlagStatus.RESOLVED_BY_RELEASE, code)
    register.publish(without("V00", "V05"), THIRD)
    assert register.flag(one).code == code
