"""Those who sent a record can have a decision looked at again, by somebody who took no part in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from service.auditing.verifying import verify as audit
from service.callers.caller import ANONYMOUS, Role
from service.errors import CONFLICT, INVALID, NOT_FOUND, NOT_PERMITTED, STALE_STATE, Problem
from service.review.appealing import Grounds, appeal
from service.review.putting_off import bring_back
from service.ruling import Rulings
from service.store import appeals
from service.store.values import FlagStatus

GROUNDS = Grounds("People live there all year.", {"documents": ["https://example.org/minutes"]})


@pytest.fixture
def rejected(desk, flag_id):
    """Give a flag that the first reviewer rejected."""
    desk.decide(flag_id, "rejected", reason_code="not_a_community")
    return flag_id


def appealed(desk, flag_id, grounds=GROUNDS, by=None):
    """Have the senders appeal."""
    return appeal(desk.context, flag_id, grounds, by or desk.sender)


def test_the_flag_is_appealed_and_says_against_what(desk, rejected):
    """The status tells that an answer is owed; the appeal names the decision and keeps what is new."""
    decided = desk.flag(rejected).reviews[-1]
    made = appealed(desk, rejected)
    after = desk.flag(rejected)
    assert (after.status, after.version) == (FlagStatus.APPEALED, 3)
    assert (made.review_id, made.organisation, made.answered_by) == (decided.id, "map-kibera", None)
    assert [one.kind for one in desk.told("flag", rejected)][-1] == "flag.appealed"
    (event,) = desk.told("appeal", made.id)
    assert GROUNDS.text not in str(event.data)
    with desk.context.store.read() as session:
        assert appeals.of(session, rejected) == (made,)


def test_whoever_took_part_does_not_answer(desk, rejected):
    """The first reviewer is refused with words; another one answers, and the appeal says so."""
    made = appealed(desk, rejected)
    with pytest.raises(Problem, match="You took part in what is appealed against") as raised:
        desk.decide(rejected, "rejected")
    assert raised.value.kind is NOT_PERMITTED
    after = desk.decide(rejected, "confirmed", 1, reason_code="new_evidence")
    assert after.status is FlagStatus.CONFIRMED
    with desk.context.store.read() as session:
        (told,) = appeals.of(session, rejected)
    assert (told.answered_by, told.answered_at) == (after.reviews[-1].id, after.reviews[-1].created_at)
    assert desk.told("appeal", made.id)[-1].kind == "appeal.answered"
    assert desk.decide(rejected, "published", 0, reason_code="four_eyes").status is FlagStatus.PUBLISHED
    assert audit(desk.context.store, lambda _done, _of: None).sound


def test_to_take_it_up_or_put_it_off_is_no_answer(desk, rejected):
    """An appeal waits through both, and its first reviewer stays away from it."""
    appealed(desk, rejected)
    desk.decide(rejected, "in_review", 1)
    ahead = datetime.now(UTC).date() + timedelta(days=9)
    desk.decide(rejected, "deferred", 1, until=ahead)
    with desk.context.store.begin() as session:
        session.execute(text("UPDATE flags SET deferred_until = :day"), {"day": datetime.now(UTC).date()})
    bring_back(desk.context)
    assert desk.flag(rejected).status is FlagStatus.APPEALED
    with pytest.raises(Problem, match="You took part"):
        desk.decide(rejected, "confirmed")
    desk.decide(rejected, "rejected", 1)
    with desk.context.store.read() as session:
        assert appeals.waiting(session, rejected) is None


def test_taking_the_answer_back_leaves_the_appeal_open(desk, rejected):
    """An appeal is answered only by what holds."""
    appealed(desk, rejected)
    wrong = desk.decide(rejected, "rejected", 1).reviews[-1]
    after = desk.decide(rejected, None, 1, reason_code="entered_in_error", supersedes=wrong.id)
    assert after.status is FlagStatus.APPEALED
    with desk.context.store.read() as session:
        assert appeals.waiting(session, rejected) is not None


def test_a_reviewer_overtaken_by_an_appeal_is_told(desk, rejected):
    """The version moved because of those who sent the record."""
    version = desk.flag(rejected).version
    appealed(desk, rejected)
    with pytest.raises(Problem, match="an appeal of map-kibera brought the flag to version 3") as raised:
        desk.decide(rejected, "confirmed", 1, expected_version=version)
    assert raised.value.kind is STALE_STATE


def test_only_those_who_sent_a_record_appeal(desk, rejected):
    """Neither a stranger nor an office nor nobody does."""
    stranger = desk.scene.caller(desk.context.store, "strangers", Role.CONTRIBUTOR)
    for by in (stranger, desk.reviewers[1], ANONYMOUS):
        with pytest.raises(Problem, match="Only an organisation that sent") as raised:
            appealed(desk, rejected, by=by)
        assert raised.value.kind is NOT_PERMITTED


def test_nobody_appeals_twice_at_once(desk, rejected):
    """The second is told since when the first waits."""
    made = appealed(desk, rejected)
    with pytest.raises(Problem, match="waits for another reviewer") as raised:
        appealed(desk, rejected)
    assert (raised.value.kind, raised.value.extra["conflicting_id"]) == (CONFLICT, made.id)


def test_a_second_appeal_needs_something_new(desk, rejected):
    """Once a second person has judged, words alone do not open it again; evidence does, for a third person."""
    appealed(desk, rejected)
    desk.decide(rejected, "rejected", 1)
    with pytest.raises(Problem, match="needs new evidence") as raised:
        appealed(desk, rejected, Grounds("Still wrong."))
    assert raised.value.kind is INVALID
    appealed(desk, rejected, Grounds("Counted since.", {"counts": [{"value": 90.0}]}))
    for by in (0, 1):
        with pytest.raises(Problem, match="You took part"):
            desk.decide(rejected, "confirmed", by)
    assert desk.decide(rejected, "confirmed", 2).status is FlagStatus.CONFIRMED


@pytest.mark.parametrize("decision", [None, "in_review", "confirmed", "needs_field_check"])
def test_what_is_not_against_them_is_not_appealed_against(desk, flag_id, decision):
    """What nobody decided, or what was decided as they say, leaves nothing to appeal against."""
    if decision is not None:
        desk.decide(flag_id, decision)
    with pytest.raises(Problem, match="no decision to appeal against") as raised:
        appealed(desk, flag_id)
    assert raised.value.kind is INVALID


def test_it_can_be_too_late(desk, rejected):
    """After the days that the installation gives, the record is to be sent again instead."""
    settings = desk.context.settings.model_copy(update={"appeal_days": 1})
    context = type(desk.context)(settings, desk.context.store, desk.context.archive, desk.context.lists)
    appeal_late = Grounds("Late.")
    with context.store.begin() as session:
        if not context.store.embedded:
            session.execute(text("ALTER TABLE reviews DISABLE TRIGGER ALL"))
        else:
            session.execute(text("DROP TRIGGER reviews_refuse_update"))
        told = {"at": datetime.now(UTC) - timedelta(days=2)}
        session.execute(text("UPDATE reviews SET created_at = :at"), told)
    with pytest.raises(Problem, match="could be appealed against until"):
        appeal(context, rejected, appeal_late, desk.sender)


def test_records_that_are_named_have_to_be_their_own(desk, rejected):
    """To find out which records there are, an appeal is no way."""
    with pytest.raises(Problem, match="There is no record") as raised:
        appealed(desk, rejected, Grounds("See there.", {"records": ["x"]}, ("x",)))
    assert raised.value.kind is NOT_FOUND
    own = desk.flag(rejected).record.id
    assert appealed(desk, rejected, Grounds("See there.", {"records": [own]}, (own,))).evidence == {"records": [own]}


def test_a_new_comparison_closes_no_appeal(desk):
    """People owe an answer, even where the machine would agree with the first decision."""
    record = desk.sent("Bondeni", "B")
    best = record.findings[0].candidates[0]["official_id"]
    desk.decide(record.flag_id, "matched_existing", rulings=Rulings(same=best))
    appealed(desk, record.flag_id)
    desk.sent("Bondeni", "B")
    assert desk.flag(record.flag_id).status is FlagStatus.APPEALED
    after = desk.decide(record.flag_id, "confirmed", 1, reason_code="new_evidence")
    assert after.status is FlagStatus.CONFIRMED
    assert after.record.findings[0].official_id != best or after.record.verdict != "consistent"


@pytest.mark.parametrize(
    "change", ["UPDATE appeals SET grounds = 'x'", "UPDATE appeals SET organisation = 'knbs'", "DELETE FROM appeals"]
)
def test_the_database_refuses_to_change_an_appeal(desk, rejected, change):
    """What they said stays as they said it."""
    appealed(desk, rejected)
    with pytest.raises(Problem, match="appeals are only ever added"), desk.context.store.begin() as session:
        session.execute(text(change))
