"""One matter from end to end: sent, judged blind, appealed, published, and resolved by a new official list."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from service import verify
from service.auditing.verifying import verify as audit
from service.review import blind
from service.review.agreement import agreement
from service.review.appealing import Grounds, appeal
from service.store import outcomes
from service.store.filters import Worked
from service.store.outcomes import Asked
from service.store.values import FlagStatus


def walked(desk):
    """Walk a matter through all that can become of it, and return its flag."""
    settings = desk.context.settings.model_copy(update={"second_review_share": 1.0})
    context = type(desk.context)(settings, desk.context.store, desk.context.archive, desk.context.lists)
    desk = type(desk)(context, desk.scene, desk.sender, desk.reviewers)
    flag_id = desk.sent("Bondeni", "B").flag_id
    for by in (0, 1):  # the second does not know of the first
        assert blind.hand_out(context, desk.reviewers[by], lambda _session, _flag: True) == flag_id
        desk.decide(flag_id, "rejected", by, reason_code="not_a_community", message="A market.")
    appeal(context, flag_id, Grounds("People sleep there.", {"counts": [{"value": 90.0}]}), desk.sender)
    assert desk.decide(flag_id, "confirmed", 2, reason_code="new_evidence").status is FlagStatus.CONFIRMED
    desk.decide(flag_id, "published", 3, reason_code="four_eyes")
    desk.scene.publish(context, desk.scene.official(desk.scene.villages, vintage="2026"))
    verify.everything(context)
    return desk, flag_id


def test_it_is_resolved_and_every_step_is_in_the_audit(desk):
    """Both sides were heard, the list names it now, and the chain of events vouches for all of it."""
    desk, flag_id = walked(desk)
    assert desk.flag(flag_id).status is FlagStatus.RESOLVED_BY_RELEASE
    assert agreement(desk.context).overall.share == 1.0
    with desk.context.store.read() as session:
        told = outcomes.stretch(session, Worked("map-kibera"), Asked()).items
    assert [one.review.decision for one in told] == ["rejected", "confirmed", "published"]
    assert told[0].appeal.answered_by == told[1].review.id
    kinds = [one.kind for one in desk.told("flag", flag_id)]
    assert kinds == [
        "flag.raised",
        "flag.reviewed",
        "flag.appealed",
        "flag.reviewed",
        "flag.reviewed",
        "flag.placed",
        "flag.closed",
    ]
    assert audit(desk.context.store, lambda _done, _of: None).sound


@pytest.mark.parametrize(
    ("table", "change", "told"),
    [
        ("reviews", "UPDATE reviews SET decision = 'confirmed' WHERE decision = 'rejected'", "decision"),
        ("reviews", "UPDATE reviews SET blind = NULL WHERE blind", "decision"),
        ("reviews", "UPDATE reviews SET message = 'Another' WHERE message IS NOT NULL", "decision"),
        ("opinions", "UPDATE opinions SET decision = 'confirmed' WHERE decision IS NOT NULL", "opinion"),
        ("appeals", "UPDATE appeals SET grounds = 'Nothing'", "appeal"),
        ("appeals", "DELETE FROM appeals", "appeal"),
        ("events", "UPDATE events SET kind = 'flag.closed' WHERE kind = 'flag.appealed'", "event"),
    ],
)
def test_what_is_altered_beside_the_service_is_found(desk, table, change, told):
    """Whoever owns the database can take its guards away, and the audit tells what was changed."""
    desk, _ = walked(desk)
    store = desk.context.store
    with store.begin() as session:
        if store.embedded:
            named = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
            for name in session.execute(named, {"table": table}).scalars().all():
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        session.execute(text(change))
    audited = audit(store, lambda _done, _of: None)
    assert not audited.sound
    assert audited.broken[0].what.startswith(told)
