"""A sample of decisions is judged again by somebody who does not know that; where two differ, a third settles it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from service.auditing.verifying import verify as audit
from service.disclosure import redact_flag
from service.errors import INVALID, STALE_STATE, Problem
from service.importing.description import describe
from service.importing.plan import Usual
from service.review import blind
from service.review.agreement import agreement
from service.ruling import Rulings
from service.store import opinions
from service.store.migrate import downgrade, upgrade
from service.store.opinions import Pair
from service.store.values import FlagStatus


def everybody(session, flag_id):  # noqa: ARG001 - the form of what says who may see
    """Let them see everything."""
    return True


@pytest.fixture
def drawing(desk):
    """Let every decision be judged a second time."""
    settings = desk.context.settings.model_copy(update={"second_review_share": 1.0})
    context = type(desk.context)(settings, desk.context.store, desk.context.archive, desk.context.lists)
    return type(desk)(context, desk.scene, desk.sender, desk.reviewers)


def hand(desk, by):
    """Hand one of the reviewers a matter."""
    return blind.hand_out(desk.context, desk.reviewers[by], everybody)


def shown(desk, flag_id, by):
    """Return a flag as one of the reviewers sees it."""
    return redact_flag(desk.flag(flag_id), desk.reviewers[by], {})


def test_the_share_is_drawn_and_nobody_can_choose():
    """Of many versions about as many are drawn as were asked for: the same each time, others by another secret."""
    drawn = [blind.sampled(b"secret", f"flag{n}", 1, 0.1) for n in range(5_000)]
    assert 0.08 < sum(drawn) / len(drawn) < 0.12
    assert drawn == [blind.sampled(b"secret", f"flag{n}", 1, 0.1) for n in range(5_000)]
    assert drawn != [blind.sampled(b"another", f"flag{n}", 1, 0.1) for n in range(5_000)]
    assert drawn != [blind.sampled(b"secret", f"flag{n}", 2, 0.1) for n in range(5_000)]
    assert not any(blind.sampled(b"secret", f"flag{n}", 1, 0.0) for n in range(100))


def test_until_they_judge_it_they_see_nothing_of_the_first_decision(drawing):
    """Neither status, decision, note nor score; and the second opinion leaves the flag as it stands."""
    flag_id = drawing.sent("Bondeni", "B").flag_id
    before = shown(drawing, flag_id, 1)
    drawing.decide(flag_id, "rejected", note="Only a market")
    assert shown(drawing, flag_id, 1)["status"] == "rejected"
    assert hand(drawing, 1) == flag_id
    seen = shown(drawing, flag_id, 1)
    assert (seen["status"], seen["reviews"], seen["probability"], seen["deferred_until"]) == ("open", [], None, None)
    assert seen["verdict"] == before["verdict"]
    assert seen["candidates"]
    assert {candidate["probability"] for candidate in seen["candidates"]} == {None}
    assert "Only a market" not in str(seen)
    assert "rejected" not in str(seen)
    assert shown(drawing, flag_id, 2)["status"] == "rejected"
    after = drawing.decide(flag_id, "rejected", 1)
    assert (after.status, len(after.reviews)) == (FlagStatus.REJECTED, 1)
    assert shown(drawing, flag_id, 1)["status"] == "rejected"
    assert audit(drawing.context.store, lambda _done, _of: None).sound


def test_what_the_first_decision_taught_does_not_show_either(drawing):
    """Where an entry was remembered, the second person is shown what was found before."""
    record = drawing.sent("Bondeni", "B")
    best = record.findings[0].candidates[0]["official_id"]
    drawing.decide(record.flag_id, "matched_existing", rulings=Rulings(same=best))
    assert shown(drawing, record.flag_id, 2)["candidates"][0]["official_id"] == best
    assert hand(drawing, 1) == record.flag_id
    seen = shown(drawing, record.flag_id, 1)
    assert [one["official_id"] for one in seen["candidates"]] == [
        candidate["official_id"] for candidate in record.findings[0].candidates
    ]
    assert "remembered" not in str(seen["findings"])
    assert seen["findings"][0]["verdict"] == record.findings[0].verdict


def test_a_matter_that_nobody_judged_is_decided_by_whoever_is_handed_it(drawing):
    """The first judgement counts as any decision, and is drawn for a second itself."""
    flag_id = drawing.sent("Bondeni", "B").flag_id
    assert hand(drawing, 0) == flag_id
    assert shown(drawing, flag_id, 0)["probability"] is None
    assert drawing.decide(flag_id, "confirmed").status is FlagStatus.CONFIRMED
    assert hand(drawing, 0) is None
    assert hand(drawing, 1) == flag_id


def test_nobody_is_handed_what_they_took_part_in_or_may_not_see(drawing):
    """The first reviewer is not, and whoever may not see the flag is not."""
    flag_id = drawing.sent("Bondeni", "B").flag_id
    drawing.decide(flag_id, "rejected")
    assert hand(drawing, 0) is None
    assert blind.hand_out(drawing.context, drawing.reviewers[1], lambda _session, _flag: False) is None
    assert hand(drawing, 1) == flag_id
    assert hand(drawing, 1) == flag_id
    assert hand(drawing, 2) is None


def test_where_two_differ_a_third_settles_it(drawing):
    """Nothing is published meanwhile; what the third says, the flag becomes."""
    flag_id = drawing.sent("Bondeni", "B").flag_id
    drawing.decide(flag_id, "confirmed")
    hand(drawing, 1)
    drawing.decide(flag_id, "rejected", 1, reason_code="not_a_community")
    with pytest.raises(Problem, match="judged this flag differently") as raised:
        drawing.decide(flag_id, "published", 3, reason_code="four_eyes")
    assert raised.value.kind is INVALID
    assert hand(drawing, 1) is None
    assert hand(drawing, 2) == flag_id
    after = drawing.decide(flag_id, "rejected", 2, reason_code="not_a_community")
    assert (after.status, after.reviews[-1].key_id) == (FlagStatus.REJECTED, drawing.reviewers[2].key_id)
    assert hand(drawing, 3) is None
    assert audit(drawing.context.store, lambda _done, _of: None).sound


def test_a_third_who_agrees_with_the_first_leaves_the_flag(drawing):
    """Two of three stand behind it, and it can be published."""
    flag_id = drawing.sent("Bondeni", "B").flag_id
    drawing.decide(flag_id, "confirmed")
    hand(drawing, 1)
    drawing.decide(flag_id, "rejected", 1)
    hand(drawing, 2)
    version = drawing.flag(flag_id).version
    after = drawing.decide(flag_id, "confirmed", 2)
    assert (after.status, after.version) == (FlagStatus.CONFIRMED, version)
    assert drawing.decide(flag_id, "published", 3, reason_code="four_eyes").status is FlagStatus.PUBLISHED


def test_what_is_to_be_judged_is_judged(drawing):
    """To put a second judgement off would tell that somebody had judged before; the matter stays handed."""
    flag_id = drawing.sent("Bondeni", "B").flag_id
    drawing.decide(flag_id, "confirmed")
    hand(drawing, 1)
    with pytest.raises(Problem, match="there to be judged") as raised:
        drawing.decide(flag_id, "in_review", 1)
    assert raised.value.kind is INVALID
    version = drawing.flag(flag_id).version
    with pytest.raises(Problem, match="Somebody else judged it meanwhile, or") as raised:
        drawing.decide(flag_id, "rejected", 1, expected_version=version - 1)
    assert raised.value.kind is STALE_STATE


def test_agreement_counts_pairs_that_were_judged_apart(drawing):
    """Of two matters judged twice, one alike, half agree; the sentence says that two are few."""
    for number, (name, second) in enumerate((("Bondeni", "confirmed"), ("Kware", "rejected"))):
        flag_id = drawing.sent(name, name, at="Bondeni", east=0.02 * number).flag_id
        drawing.decide(flag_id, "confirmed")
        assert hand(drawing, 1) == flag_id
        drawing.decide(flag_id, second, 1)
    told = agreement(drawing.context)
    assert (told.overall.matters, told.overall.agreed, told.overall.share) == (2, 1, 0.5)
    assert set(told.by_decision) == {"confirmed", "rejected"}
    assert told.waiting == 1
    assert "agreed on 1 of 2 matters" in told.sentence
    assert "say little" in told.sentence


def test_whether_the_first_judged_blind_is_kept_and_told_apart(drawing):
    """What was handed out is blind whatever is said; else it is as whoever decides says, and nothing where nobody does.

    The digest of the decision vouches for it.
    """
    flag_ids = [drawing.sent("Bondeni", f"B{number}", east=0.02 * number).flag_id for number in range(3)]
    first = hand(drawing, 0)
    drawing.decide(first, "confirmed", blind=False)
    said = {first: True}
    for flag_id, given in zip([one for one in flag_ids if one != first], (True, None), strict=True):
        drawing.decide(flag_id, "confirmed", blind=given)
        said[flag_id] = given
    for second in ("confirmed", "rejected", "confirmed"):
        drawing.decide(hand(drawing, 1), second, 1)
    assert {flag_id: drawing.flag(flag_id).reviews[0].blind for flag_id in flag_ids} == said
    seen = {flag_id: shown(drawing, flag_id, 0)["reviews"][0]["blind"] for flag_id in flag_ids}
    assert seen == said
    told = agreement(drawing.context)
    assert (told.overall.matters, told.both_blind.matters, told.second_blind.matters) == (3, 2, 1)
    assert told.both_blind.agreed + told.second_blind.agreed == told.overall.agreed == 2
    assert f"both judged blind they agreed on {told.both_blind.agreed} of 2" in told.sentence
    assert audit(drawing.context.store, lambda _done, _of: None).sound


def test_a_version_that_cannot_keep_it_forgets_it_and_decisions_stay_guarded(desk, flag_id):
    """Down and up again nobody knows any more how it was looked at, and neither version lets a decision be changed."""
    desk.decide(flag_id, "confirmed", blind=True)
    store = desk.context.store
    url = store.url.render_as_string(hide_password=False)

    def refused(change):
        with pytest.raises(Problem, match="reviews are only ever added"), store.begin() as session:
            session.execute(text(f"UPDATE reviews SET {change}"))  # noqa: S608 - our own words

    downgrade(url, "0028")
    refused("decision = 'rejected'")
    upgrade(url)
    refused("decision = 'rejected'")
    refused("blind = TRUE")
    assert [(one.decision, one.blind) for one in desk.flag(flag_id).reviews] == [("confirmed", None)]


def test_what_is_taken_back_was_not_judged_anew(desk, flag_id):
    """To take a decision back judges nothing, blind or not."""
    decided = desk.decide(flag_id, "confirmed", blind=True).reviews[0]
    after = desk.decide(flag_id, None, supersedes=decided.id, reason_code="entered_in_error", blind=True)
    assert [one.blind for one in after.reviews] == [True, None]


def test_what_is_closed_later_is_in_no_figure(drawing):
    """A collection that is closed after its communities were judged leaves the agreement at once, and what waits."""
    for number in range(2):
        collection = "roster" if number else "other"
        flag_id = drawing.sent("Bondeni", f"B{number}", east=0.02 * number, collection=collection).flag_id
        drawing.decide(flag_id, "confirmed")
        drawing.decide(hand(drawing, 1), "rejected", 1)
    told = agreement(drawing.context)
    assert (told.overall.matters, told.waiting) == (2, 2)
    describe(drawing.context, "roster", Usual(consent="public_exact", sensitivity="closed"), drawing.sender)
    told = agreement(drawing.context)
    assert (told.overall.matters, told.waiting) == (1, 1)


def test_before_anything_was_judged_twice_it_says_so(desk):
    """No figure is better than one made of nothing."""
    assert "Nothing has been judged twice" in agreement(desk.context).sentence


def test_decisions_are_not_drawn_where_none_are_to_be(desk, flag_id):
    """A share of nothing draws nothing."""
    settings = desk.context.settings.model_copy(update={"second_review_share": 0.0})
    context = type(desk.context)(settings, desk.context.store, desk.context.archive, desk.context.lists)
    without = type(desk)(context, desk.scene, desk.sender, desk.reviewers)
    without.decide(flag_id, "rejected")
    assert hand(without, 1) is None


@pytest.mark.parametrize("change", ["UPDATE opinions SET decision = 'confirmed'", "DELETE FROM opinions"])
def test_the_database_refuses_to_change_an_opinion_that_was_given(drawing, change):
    """What somebody judged stays; a changed row would show in the audit as well."""
    flag_id = drawing.sent("Bondeni", "B").flag_id
    drawing.decide(flag_id, "rejected")
    hand(drawing, 1)
    drawing.decide(flag_id, "rejected", 1)
    with pytest.raises(Problem, match="opinions are never changed"), drawing.context.store.begin() as session:
        session.execute(text(change))
    with drawing.context.store.read() as session:
        assert opinions.pairs(session) == (Pair(flag_id, "rejected", "rejected", blind=False),)
