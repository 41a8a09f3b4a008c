"""What the machine leaves to people is said as they concluded it, and only as long as they stand by it."""

from __future__ import annotations

import re

import pytest

from geodata.coverage import Completeness
from service import report, review, submit, verify
from service.callers.caller import ANONYMOUS, Role
from service.disclosure import redact_flag
from service.review import Decision
from service.store import flags
from service.store.filters import FlagFilter
from service.store.values import FlagStatus

HIDDEN = FlagFilter(verdicts=("hidden_place",))
LEFT = FlagFilter(verdicts=("needs_review",))


@pytest.fixture
def left_open(context, scene):
    """Give a flag that the machine leaves to people: the list that lacks the place calls itself partial."""
    scene.publish(context, scene.official(scene.without("Bondeni"), completeness=Completeness.PARTIAL))
    lat, lon = next((lat, lon) for name, lat, lon in scene.villages if name == "Bondeni")
    account = scene.account("Bondeni", lat=lat, lon=lon + 0.0005, consent="public_masked")
    (receipt,) = submit.accept(context, [account], scene.caller(context.store))
    (record,) = verify.verify(context, [receipt.record_id])
    assert (record.verdict, record.findings[0].subtype) == ("needs_review", "possibly_absent")
    return record.flag_id


@pytest.fixture
def decide(context, scene, left_open):
    """Give a function that lets a new reviewer decide about the flag."""

    def decided(status):
        reviewer = scene.caller(context.store, "knbs", Role.PUBLISHER)
        return review.decide(context, left_open, Decision(status, "field_visit"), reviewer)

    return decided


def found(context, wanted):
    """Return the ids of the flags a filter finds."""
    with context.store.read() as session:
        return [flag.id for flag in flags.page(session, wanted).items]


def test_a_confirmed_absence_says_hidden_place_and_is_found_as_that(context, left_open, decide):
    """Before, the flag needs review; afterwards it is a hidden place, and the machine's verdict stays told."""
    assert (found(context, HIDDEN), found(context, LEFT)) == ([], [left_open])
    after = decide(FlagStatus.CONFIRMED)
    assert (after.verdict, after.machine_verdict) == ("hidden_place", "needs_review")
    assert after.record.verdict == "needs_review"
    assert (found(context, HIDDEN), found(context, LEFT)) == ([left_open], [])


def test_a_confirmed_absence_has_a_provisional_code(context, left_open, decide):
    """Nobody calls a place unlisted before people say so; then it has a code, which it keeps when they take it back."""
    with context.store.read() as session:
        assert flags.get(session, left_open).code is None
    code = decide(FlagStatus.CONFIRMED).code
    assert re.fullmatch(r"X-KEN-\d{4}", code)
    assert decide(FlagStatus.REJECTED).code == code


def test_who_takes_a_confirmation_back_takes_the_conclusion_back(context, left_open, decide):
    """A conclusion holds as long as people stand by it."""
    decide(FlagStatus.CONFIRMED)
    after = decide(FlagStatus.REJECTED)
    assert after.verdict == "needs_review"
    assert found(context, LEFT) == [left_open]


def test_a_rejection_concludes_nothing(context, decide):
    """Only people who confirm say that a place is hidden."""
    assert decide(FlagStatus.MATCHED_EXISTING).verdict == "needs_review"
    assert found(context, HIDDEN) == []


def test_the_public_is_told_the_conclusion_and_that_people_came_to_it(decide):
    """A published flag does not say that a person still has to look."""
    decide(FlagStatus.CONFIRMED)
    shown = redact_flag(decide(FlagStatus.PUBLISHED), ANONYMOUS, {})
    assert shown["verdict"] == "hidden_place"
    assert shown["reason"].startswith("Not found in")
    assert "Confirmed by people" in shown["reason"]


@pytest.mark.parametrize("source", [None, "ke-villages"])
def test_a_report_counts_what_people_concluded(context, scene, decide, source):
    """In the totals the community is a hidden place, also against that one list."""
    decide(FlagStatus.CONFIRMED)
    reviewer = scene.caller(context.store, "knbs", Role.PUBLISHER)
    told = report.gap_report(context, report.ReportScope(source=source), reviewer, lambda _flags: None)
    assert told["verdicts"] == {"hidden_place": 1}
    assert told["people"]["without_count"] == 1


def test_a_closed_flag_counts_no_longer(context, scene, left_open, decide):
    """When a release names the place, the record counts as it is verified now, whatever was concluded before."""
    decide(FlagStatus.CONFIRMED)
    scene.publish(context, scene.official(scene.villages, vintage="2024"))
    with context.store.read() as session:
        record_id = flags.get(session, left_open).record.id
    verify.verify(context, [record_id])
    reviewer = scene.caller(context.store, "knbs", Role.PUBLISHER)
    told = report.gap_report(context, report.ReportScope(), reviewer, lambda _flags: None)
    assert told["verdicts"] == {"consistent": 1}
