"""Review: people decide, in turn, on what they have seen, and nothing they decided is edited."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from service import review, submit, verify
from service.callers.caller import ANONYMOUS, Role
from service.errors import INVALID, NOT_FOUND, NOT_PERMITTED, STALE_STATE, Problem
from service.review import Decision
from service.store import events, flags
from service.store.values import FlagStatus


@pytest.fixture
def flag(context, scene):
    """Give an open flag about Bondeni, which the list leaves out."""
    scene.publish(context, scene.official(scene.without("Bondeni")))
    lat, lon = next((lat, lon) for name, lat, lon in scene.villages if name == "Bondeni")
    account = scene.account("Bondeni", own_id="B", lat=lat, lon=lon + 0.0005)
    receipts = submit.accept(context, [account], scene.caller(context.store))
    (record,) = verify.verify(context, [receipts[0].record_id])
    with context.store.read() as session:
        return flags.get(session, record.flag_id)


@pytest.fixture
def reviewers(context, scene):
    """Give two reviewers of a statistics office."""
    return [scene.caller(context.store, "knbs", Role.PUBLISHER) for _ in range(2)]


def test_a_decision_is_kept_with_who_why_and_on_what(context, flag, reviewers):
    """The flag gets the new status and version, the review and an event; the evidence hash stands beside it."""
    decision = Decision(FlagStatus.CONFIRMED, " field_visit ", "Seen on 3 March", expected_version=1)
    after = review.decide(context, flag.id, decision, reviewers[0])
    (kept,) = after.reviews
    assert (after.status, after.version) == (FlagStatus.CONFIRMED, 2)
    assert (kept.decision, kept.reason_code, kept.note) == (FlagStatus.CONFIRMED, "field_visit", "Seen on 3 March")
    assert (kept.organisation, kept.key_id) == ("knbs", reviewers[0].key_id)
    with context.store.read() as session:
        event = events.about(session, "flag", flag.id)[-1]
        basis = session.execute(text("SELECT flag_version, evidence_hash FROM reviews")).one()
        grounds = flags.matters(session, [flag.record.community_id])[flag.record.community_id].grounds
    assert (event.kind, event.by.key_id, event.data["to"]) == ("flag.reviewed", reviewers[0].key_id, "confirmed")
    assert tuple(basis) == (1, grounds.evidence_hash())


def test_publishing_takes_two_people(context, flag, reviewers):
    """Whoever confirmed cannot publish; another publisher can."""
    first, second = reviewers
    review.decide(context, flag.id, Decision(FlagStatus.CONFIRMED, "field_visit"), first)
    with pytest.raises(Problem, match="another publisher") as raised:
        review.decide(context, flag.id, Decision(FlagStatus.PUBLISHED, "release"), first)
    assert raised.value.kind is NOT_PERMITTED
    published = review.decide(context, flag.id, Decision(FlagStatus.PUBLISHED, "release"), second)
    assert (published.status, published.version, len(published.reviews)) == (FlagStatus.PUBLISHED, 3, 2)


@pytest.mark.parametrize(
    "decision",
    [FlagStatus.PUBLISHED, FlagStatus.RESOLVED_BY_RELEASE, FlagStatus.REGRESSED, FlagStatus.APPEALED, FlagStatus.OPEN],
)
def test_a_decision_must_follow_from_the_status(context, flag, reviewers, decision):
    """An open flag cannot be published unconfirmed, resolved, regressed or appealed by opinion, or opened."""
    with pytest.raises(Problem, match="cannot become") as raised:
        review.decide(context, flag.id, Decision(decision, "field_visit"), reviewers[0])
    assert raised.value.kind is INVALID
    assert raised.value.extra["errors"][0]["pointer"] == "/decision"


def test_only_reviewers_decide(context, scene, flag):
    """Neither nobody nor a contributor, not even the one who sent the record, decides."""
    for caller in (ANONYMOUS, scene.caller(context.store, "map-kibera", Role.CONTRIBUTOR)):
        with pytest.raises(Problem) as raised:
            review.decide(context, flag.id, Decision(FlagStatus.CONFIRMED, "field_visit"), caller)
        assert raised.value.kind is NOT_PERMITTED


def test_a_decision_on_an_old_version_says_who_was_quicker(context, flag, reviewers):
    """The second of two reviewers who looked at the same version is told who changed it, when, and to what."""
    first, second = reviewers
    review.decide(context, flag.id, Decision(FlagStatus.REJECTED, "not_a_community", expected_version=1), first)
    with pytest.raises(Problem, match=r"knbs brought the flag to version 2 \(rejected\) at 20") as raised:
        review.decide(context, flag.id, Decision(FlagStatus.CONFIRMED, "field_visit", expected_version=1), second)
    assert (raised.value.kind, raised.value.extra["version"]) == (STALE_STATE, 2)


def test_a_decision_overtaken_by_a_new_verification_says_so(context, scene, flag, reviewers):
    """When the machine changed the flag meanwhile, the reviewer is not told that a person did."""
    scene.publish(context, scene.official(scene.villages, vintage="2026"))
    verify.verify(context, [flag.record.id])
    with pytest.raises(Problem, match="a new verification brought the flag to version 2") as raised:
        review.decide(context, flag.id, Decision(FlagStatus.CONFIRMED, "field_visit", expected_version=1), reviewers[0])
    assert raised.value.kind is STALE_STATE


def test_a_decision_needs_a_reason(context, flag, reviewers):
    """A reason code of only spaces is refused, pointing at the field."""
    with pytest.raises(Problem) as raised:
        review.decide(context, flag.id, Decision(FlagStatus.CONFIRMED, "  "), reviewers[0])
    assert (raised.value.kind, raised.value.extra["errors"][0]["pointer"]) == (INVALID, "/reason_code")


def test_an_unknown_flag_is_not_found(context, reviewers):
    """There is nothing to decide about a flag that is not there."""
    with pytest.raises(Problem) as raised:
        review.decide(context, "none", Decision(FlagStatus.CONFIRMED, "field_visit"), reviewers[0])
    assert raised.value.kind is NOT_FOUND


@pytest.mark.parametrize("change", ["UPDATE reviews SET note = 'x'", "DELETE FROM reviews"])
def test_a_review_cannot_be_changed_or_deleted(context, flag, reviewers, change):
    """The database itself refuses to edit what a person decided."""
    review.decide(context, flag.id, Decision(FlagStatus.REJECTED, "duplicate"), reviewers[0])
    with pytest.raises(Problem, match="reviews are only ever added"), context.store.begin() as session:
        session.execute(text(change))


def test_a_rejected_flag_is_not_raised_again_until_the_evidence_changes(context, scene, flag, reviewers):
    """A new vintage and a resent list change nothing; a corrected account opens the matter again."""
    review.decide(context, flag.id, Decision(FlagStatus.REJECTED, "not_a_community"), reviewers[0])
    sender = scene.caller(context.store)
    statuses = []
    scene.publish(context, scene.official(scene.without("Bondeni"), vintage="2026"))
    verify.everything(context)
    account = flag.record.account
    for sent in (account, dataclasses.replace(account, lat=account.lat + 0.001)):
        (receipt,) = submit.accept(context, [sent], sender)
        verify.verify(context, [receipt.record_id])
        with context.store.read() as session:
            statuses.append(flags.get(session, flag.id).status)
    assert statuses == [FlagStatus.REJECTED, FlagStatus.OPEN]
    with context.store.read() as session:
        assert [one.decision for one in flags.get(session, flag.id).reviews] == [FlagStatus.REJECTED]


def test_every_decision_a_rule_allows_can_be_taken(context, flag, reviewers):
    """Walking through all states one can walk through, the database takes each of them."""
    first, second = reviewers
    walk = ["in_review", "needs_field_check", "deferred", "unverifiable", "matched_existing", "rejected", "confirmed"]
    ahead = datetime.now(UTC).date() + timedelta(days=30)
    for step in walk:
        said = Decision(FlagStatus(step), "field_visit", until=ahead if step == "deferred" else None)
        assert review.decide(context, flag.id, said, first).status == step
    assert review.decide(context, flag.id, Decision(FlagStatus.PUBLISHED, "field_visit"), second).status == "published"
    assert review.decide(context, flag.id, Decision(FlagStatus.WITHDRAWN, "field_visit"), first).status == "withdrawn"
    after = review.decide(context, flag.id, Decision(FlagStatus.OPEN, "field_visit"), second)
    assert (after.status, after.version, len(after.reviews)) == ("open", len(walk) + 4, len(walk) + 3)
