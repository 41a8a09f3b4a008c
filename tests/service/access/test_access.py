"""Who is let in by whom, what organisations share, and what stewards may: the verbs, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service import review, submit, verify
from service.access import holding_keys, inviting, limiting, sharing
from service.access.limiting import Lowered
from service.accounts.account import Consent, Sensitivity
from service.aside.quarantine import release
from service.auditing.verifying import verify as audit
from service.callers.caller import ANONYMOUS, Caller, Charge, Right, Role
from service.callers.territory import Area
from service.disclosure.policy import View, view_of
from service.disclosure.unseen import worked_by
from service.errors import INVALID, KEY_UNKNOWN, NOT_FOUND, NOT_PERMITTED, STALE_STATE, Problem
from service.report import ReportScope, gap_report
from service.review import Decision
from service.rights.embargo import Ending, set_embargo
from service.rights.withdrawal import Outcome, Reason, admit, withdraw, withdraw_collection
from service.store import coalition, events, flags, keys, records, tombstones
from service.store.filters import FlagFilter, RecordFilter
from service.store.invitations import Offer
from service.store.keys import Wanted
from service.store.values import FlagStatus

DAY = timedelta(days=1)
ADMIN = Caller("desk", None, Role.ADMIN)


def key_of(context, wanted):
    """Return the caller of a new key."""
    with context.store.begin() as session:
        secret = keys.issue(session, wanted)
    with context.store.read() as session:
        found = keys.find(session, secret)
    assert found is not None
    return found


@pytest.fixture
def world(context, scene):
    """Give a context with a list that lacks Bondeni, and Bondeni sent with its units and with a collection."""
    scene.publish(context, scene.official(scene.without("Bondeni")))
    return context


@pytest.fixture
def hidden(world, scene):
    """Give the record of Bondeni, in a county, restricted, for partners."""
    return send(world, scene, sensitivity="restricted", consent="partners")


def send(context, scene, organisation="map-kibera", **parts):
    """Send Bondeni for an organisation, and return the record as it was verified."""
    sender = scene.caller(context.store, organisation)
    place = {"lat": 0.536, "lon": 35.0, "admin": (("county", "Kitui"),), "collection": "villages"}
    account = scene.account("Bondeni", **{"own_id": f"{organisation}-1", **place, **parts})
    (receipt,) = submit.accept(context, [account], sender)
    (found,) = verify.verify(context, [receipt.record_id])
    return found


def refused(kind, match, act, *args):
    """Require that something is refused so."""
    with pytest.raises(Problem, match=match) as raised:
        act(*args)
    assert raised.value.kind is kind


def kinds(context, noun, subject):
    """Return what happened to one thing."""
    with context.store.read() as session:
        return [event.kind for event in events.about(session, noun, subject)]


def listed(context, caller):
    """Return the records and flags that the store gives a caller to judge."""
    by = worked_by(caller)
    with context.store.read() as session:
        found = records.page(session, RecordFilter(worked=by)).items
        shown = flags.page(session, FlagFilter(published_or_of=by)).items
    return [one.id for one in found], [one.id for one in shown]


def verdicts(context, scope, caller):
    """Return the records per verdict that a report tells a caller of."""
    return gap_report(context, scope, caller, lambda _flags: None)["verdicts"]


# Territories


def test_a_reviewer_works_within_the_territory_of_the_key(world, hidden):
    """Outside it a flag is to them what it is to everybody, in lists, in numbers, and when they decide."""
    here = key_of(world, Wanted("office", Role.PUBLISHER, "", areas=(Area("KEN", "county=Kitui"),)))
    there = key_of(world, Wanted("office", Role.PUBLISHER, "", areas=(Area("TZA"), Area("KEN", "county=Siaya"))))
    assert view_of(hidden, here, published=False) is View.FULL
    assert view_of(hidden, there, published=False) is View.NOTHING
    assert listed(world, here) == ([hidden.id], [hidden.flag_id])
    assert listed(world, there) == ([], [])
    assert verdicts(world, ReportScope(country="KEN", admin="county=Kitui"), here) == {"hidden_place": 1}
    assert verdicts(world, ReportScope(country="KEN"), here) == {}
    decision = Decision(FlagStatus.CONFIRMED, "field_visit")
    refused(
        NOT_PERMITTED, "it works in TZA, county=Siaya in KEN", review.decide, world, hidden.flag_id, decision, there
    )
    assert review.decide(world, hidden.flag_id, decision, here).status is FlagStatus.CONFIRMED


def test_records_leave_quarantine_only_within_the_territory(world, scene):
    """Letting a record out is a decision like others."""
    sender = scene.caller(world.store)
    aside = scene.account("Bondeni", lat=0.536, lon=35.0, counts=())
    (receipt,) = submit.accept(world, [aside], sender)
    there = key_of(world, Wanted("office", Role.REVIEWER, "", areas=(Area("TZA"),)))
    refused(NOT_PERMITTED, "it works in TZA", release, world, receipt.record_id, "checked", there)


def test_a_reader_reads_what_reviewers_read_and_decides_nothing(world, hidden):
    """A reader sees the restricted flags of its territory, and writes nothing."""
    reader = key_of(world, Wanted("office", Role.READER, "", areas=(Area("KEN"),)))
    assert view_of(hidden, reader, published=False) is View.FULL
    decision = Decision(FlagStatus.CONFIRMED, "field_visit")
    refused(NOT_PERMITTED, "right to review", review.decide, world, hidden.flag_id, decision, reader)
    refused(NOT_PERMITTED, "another organisation", inviting.invite, world, offer("office", Role.CONTRIBUTOR), reader)


def test_a_reviewer_does_not_publish_and_an_exchanged_key_is_no_second_person(world, scene, hidden):
    """Publishing needs the right to it, and another hand than the one that confirmed."""
    first = scene.caller(world.store, "office", Role.PUBLISHER)
    review.decide(world, hidden.flag_id, Decision(FlagStatus.CONFIRMED, "field_visit"), first)
    publishing = Decision(FlagStatus.PUBLISHED, "agreed")
    reviewer = scene.caller(world.store, "office", Role.REVIEWER)
    refused(NOT_PERMITTED, "right to publish", review.decide, world, hidden.flag_id, publishing, reviewer)
    entry, _ = holding_keys.exchange(world, DAY, first)
    again, _ = holding_keys.exchange(world, DAY, replace(first, key_id=entry.id))
    for key_id in (entry.id, again.id):
        mine = replace(first, key_id=key_id)
        refused(NOT_PERMITTED, "another publisher", review.decide, world, hidden.flag_id, publishing, mine)
    other = scene.caller(world.store, "office", Role.PUBLISHER)
    assert review.decide(world, hidden.flag_id, publishing, other).status is FlagStatus.PUBLISHED


# Keys and invitations


def test_a_key_is_exchanged_once_and_keeps_what_it_is_for(context):
    """The new key has the role, the territory and the length of life of the old one, which opens a while yet."""
    areas = (Area("KEN", "county=Kitui"),)
    ends_at = datetime.now(UTC) + 90 * DAY
    old = key_of(context, Wanted("office", Role.REVIEWER, "desk 3", ends_at, areas))
    entry, secret = holding_keys.exchange(context, DAY, old)
    with context.store.read() as session:
        fresh = keys.find(session, secret)
        before = keys.entry(session, old.key_id)
    assert fresh == replace(old, key_id=entry.id)
    assert entry.expires_at > ends_at - timedelta(seconds=5)
    assert before.expires_at < ends_at - 80 * DAY
    refused(STALE_STATE, "exchanged for another one", holding_keys.exchange, context, DAY, old)
    assert kinds(context, "key", old.key_id) == ["key.created", "key.rotated"]


def test_keys_of_an_organisation_are_seen_and_revoked_by_it_but_none_that_may_more(context, scene):
    """A key that was found opens no door to locking an office out."""
    small, large = (scene.caller(context.store, "office", role) for role in (Role.CONTRIBUTOR, Role.REVIEWER))
    stranger = scene.caller(context.store, "another", Role.REVIEWER)
    assert {one.id for one in holding_keys.of_organisation(context, small)} == {small.key_id, large.key_id}
    assert len(holding_keys.of_organisation(context, ADMIN)) == 3
    refused(NOT_PERMITTED, "may more than yours", holding_keys.revoke, context, large.key_id, small)
    refused(NOT_FOUND, "no key", holding_keys.revoke, context, small.key_id, stranger)
    refused(NOT_FOUND, "no key", holding_keys.revoke, context, "nobody", ADMIN)
    assert holding_keys.revoke(context, small.key_id, large).revoked_at is not None
    with context.store.read() as session:
        (told,) = [one for one in events.about(session, "key", small.key_id) if one.kind == "key.revoked"]
    assert told.by.key_id == large.key_id


def offer(organisation, role, **parts):
    """Return an invitation to be made."""
    return Offer(Wanted(organisation, role, "desk", **parts), 90 * DAY, datetime.now(UTC) + DAY)


def test_an_invitation_makes_one_key_once(context):
    """Its token is kept as a hash; who accepts it gets what was meant, and nobody gets it twice."""
    invitation_id, token = inviting.invite(context, offer("office", Role.REVIEWER, areas=(Area("KEN"),)), ADMIN)
    key_id, secret = inviting.accept(context, token)
    with context.store.read() as session:
        found = keys.find(session, secret)
    assert found == Caller("office", key_id, Role.REVIEWER, (Area("KEN"),))
    for spent in (token, "inv_nothing", ""):
        refused(KEY_UNKNOWN, "Ask for another", inviting.accept, context, spent)
    assert kinds(context, "invitation", invitation_id) == ["invitation.made", "invitation.accepted"]
    refused(STALE_STATE, "was used", inviting.revoke, context, invitation_id, ADMIN)


def test_an_invitation_that_was_revoked_or_expired_opens_nothing(context, monkeypatch):
    """A token that went astray is worth nothing once it is taken back, or late."""
    invitation_id, token = inviting.invite(context, offer("office", Role.CONTRIBUTOR), ADMIN)
    stranger = Caller("another", None, Role.CONTRIBUTOR)
    refused(NOT_FOUND, "no invitation", inviting.revoke, context, invitation_id, stranger)
    inviting.revoke(context, invitation_id, Caller("office", None, Role.CONTRIBUTOR))
    refused(KEY_UNKNOWN, "revoked", inviting.accept, context, token)
    late = replace(offer("office", Role.CONTRIBUTOR), expires_at=datetime.now(UTC) - DAY)
    refused(INVALID, "30 days", inviting.invite, context, late, ADMIN)
    _, token = inviting.invite(context, offer("office", Role.CONTRIBUTOR), ADMIN)
    monkeypatch.setattr(inviting, "datetime", Later)
    refused(KEY_UNKNOWN, "expired", inviting.accept, context, token)


class Later(datetime):
    """A clock two days ahead."""

    @classmethod
    def now(cls, tz=None):
        """Return the day after tomorrow."""
        return datetime.now(tz) + 2 * DAY


@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER, Role.PUBLISHER, Role.ADMIN])
def test_an_organisation_lets_nobody_in_who_judges_what_others_sent(context, role):
    """Whoever could make such keys could confirm with one and publish with another."""
    publisher = Caller("office", "k", Role.PUBLISHER)
    refused(NOT_PERMITTED, "ask an admin", inviting.invite, context, offer("office", role), publisher)


def test_an_organisation_names_stewards_of_its_own_collections_only(world, hidden):
    """A steward of what another organisation sent is an admin's to name, and of a record only by its sender."""
    mine = Caller("map-kibera", None, Role.CONTRIBUTOR)
    theirs = offer("map-kibera", Role.STEWARD, charges=(Charge("office", "villages"),))
    refused(NOT_PERMITTED, "ask an admin", inviting.invite, world, theirs, mine)
    for wrong in ("nobody", hidden.id):
        named = offer("office", Role.STEWARD, charges=(Charge("office", record=wrong),))
        refused(INVALID, "of that organisation", inviting.invite, world, named, ADMIN)
    own = offer("map-kibera", Role.STEWARD, charges=(Charge("map-kibera", record=hidden.id),))
    assert inviting.invite(world, own, mine)[1].startswith("inv_")


# Coalitions


def test_organisations_share_once_both_agreed_and_until_one_leaves(world, scene, hidden):
    """What partners see is what communities agreed to show partners; the other side ends it at once."""
    ours, theirs = (scene.caller(world.store, name) for name in ("map-kibera", "shelter-forum"))
    assert not sharing.agree(world, "shelter-forum", ours).shared
    assert view_of(hidden, again(world, theirs), published=False) is View.NOTHING
    assert sharing.agree(world, "map-kibera", theirs).shared
    partner = again(world, theirs)
    assert view_of(hidden, partner, published=False) is View.FULL
    assert listed(world, partner) == ([hidden.id], [hidden.flag_id])
    assert verdicts(world, ReportScope(country="KEN"), partner) == {}
    sharing.leave(world, "shelter-forum", ours)
    assert view_of(hidden, again(world, theirs), published=False) is View.NOTHING
    assert kinds(world, "coalition", "shelter-forum") == ["coalition.agreed", "coalition.left"]


def again(context, caller):
    """Return the caller as their next call finds them."""
    with context.store.read() as session:
        return replace(caller, partners=coalition.partners(session, caller.organisation))


@pytest.mark.parametrize(
    ("parts", "seen"),
    [
        ({"consent": "internal"}, False),
        ({"consent": "reviewers"}, False),
        ({"consent": "partners"}, True),
        ({"consent": "public_aggregate"}, True),
        ({"consent": "partners", "sensitivity": "closed"}, False),
    ],
)
def test_partners_see_no_further_than_communities_agreed(world, scene, parts, seen):
    """An agreement between organisations is none of the community's."""
    record = send(world, scene, **parts)
    partner = Caller("shelter-forum", "k", Role.CONTRIBUTOR, partners=frozenset({"map-kibera"}))
    assert (view_of(record, partner, published=False) is View.FULL) is seen


def test_nobody_shares_with_themselves_or_for_nobody(context):
    """What makes no sense is refused, and whether there is another organisation is not told."""
    mine = Caller("map-kibera", None, Role.CONTRIBUTOR)
    refused(INVALID, "your own", sharing.agree, context, "map-kibera", mine)
    refused(NOT_PERMITTED, "right to send", sharing.agree, context, "office", ANONYMOUS)
    refused(NOT_PERMITTED, "right to send", sharing.leave, context, "office", Caller("office", "k", Role.READER))
    with context.store.begin() as session:
        keys.add_organisation(session, "map-kibera", datetime.now(UTC))
    assert sharing.agree(context, "is there any?", mine).received_at is None


# Stewards


@pytest.fixture
def steward(world):
    """Give the steward of the collection in which Bondeni was sent."""
    return key_of(world, Wanted("map-kibera", Role.STEWARD, "elders", charges=(Charge("map-kibera", "villages"),)))


def test_a_steward_sees_what_is_said_of_its_communities_and_nothing_else(world, scene, hidden, steward):
    """Neither other collections of the organisation that named it, nor what others sent."""
    apart = send(world, scene, own_id="MK-2", lat=0.509, collection="others")
    other = send(world, scene, "office", consent="partners")
    assert [view_of(one, steward, published=False) for one in (hidden, apart, other)] == [
        View.FULL,
        View.NOTHING,
        View.NOTHING,
    ]
    assert listed(world, steward) == ([hidden.id], [hidden.flag_id])
    assert not any(steward.holds(right) for right in (Right.SEND, Right.READ, Right.REVIEW, Right.PUBLISH))


def test_a_steward_withdraws_what_it_speaks_for_and_no_more(world, scene, hidden, steward):
    """At any time, a record or all of its collection; what was withdrawn it does not let back in."""
    other = send(world, scene, "office")
    done = withdraw(world, [hidden.id, other.id], Reason("no_longer_agreed"), steward)
    assert list(done.outcomes.values()) == [Outcome.WITHDRAWN, Outcome.NOT_FOUND]
    refused(NOT_PERMITTED, "right to send", admit, world, hidden.id, steward)
    refused(NOT_FOUND, "no collection", withdraw_collection, world, ("office", "villages"), Reason("x"), steward)
    assert withdraw_collection(world, ("map-kibera", "villages"), Reason("x", erase=True), steward).withdrawn == 1
    with world.store.read() as session:
        told = [one for one in events.about(session, "record", hidden.id) if one.kind == "record.withdrawn"]
    assert {(one.by.organisation, one.by.key_id) for one in told} == {("map-kibera", steward.key_id)}


def test_a_steward_makes_an_embargo_longer_and_never_shorter(world, hidden, steward):
    """Ending it sooner is for the organisation, or an admin."""
    far = datetime.now(UTC) + 300 * DAY
    set_embargo(world, hidden.flag_id, Ending("later", far), steward)
    with world.store.read() as session:
        assert flags.get(session, hidden.flag_id).embargo_until == far
    soon = Ending("sooner", datetime.now(UTC) + 200 * DAY)
    for sooner in (soon, Ending("now")):
        refused(NOT_PERMITTED, "never shorter", set_embargo, world, hidden.flag_id, sooner, steward)


def test_a_limit_holds_whatever_is_said_later_until_an_admin_lifts_it(world, scene, steward):
    """The narrower consent and the higher class hold at once, for records sent after it too."""
    collection = ("map-kibera", "villages")
    lowered = Lowered(
        "community_asked", collection=collection, consent=Consent.INTERNAL, sensitivity=Sensitivity.CLOSED
    )
    limit_id = limiting.lower(world, lowered, steward)
    fresh = send(world, scene, own_id="MK-3", consent="public_exact")
    with world.store.read() as session:
        kept = records.get(session, fresh.id)
    assert (kept.account.consent, kept.account.sensitivity) == ("internal", "closed")
    refused(NOT_PERMITTED, "right to administer", limiting.lift, world, limit_id, steward)
    limiting.lift(world, limit_id, ADMIN)
    refused(STALE_STATE, "lifted before", limiting.lift, world, limit_id, ADMIN)
    with world.store.read() as session:
        assert records.get(session, fresh.id).account.consent == "public_exact"
    assert kinds(world, "limit", limit_id) == ["limit.laid", "limit.lifted"]


def test_a_limit_on_one_record_leaves_a_tombstone_for_those_who_saw_it(world, scene):
    """Reviewers who copied a flag that is closed now are told that it is gone."""
    record = send(world, scene, consent="partners")
    mine = key_of(world, Wanted("map-kibera", Role.STEWARD, "", charges=(Charge("map-kibera", record=record.id),)))
    limiting.lower(world, Lowered("threats", record_id=record.id, sensitivity=Sensitivity.CLOSED), mine)
    with world.store.read() as session:
        laid = tombstones.stretch(session, tombstones.Readers(None, reviewer=True), tombstones.Asked())
    assert {(one.noun, one.id) for one in laid.items} == {("flag", record.flag_id), ("record", record.id)}


def test_only_who_speaks_for_it_limits_it_and_only_to_less(world, hidden, steward):
    """A limit cannot widen anything, and others lay none."""
    wide = Lowered("why", record_id=hidden.id)
    refused(INVALID, "narrows nothing", limiting.lower, world, wide, steward)
    narrow = Lowered("why", record_id=hidden.id, consent=Consent.INTERNAL)
    other = Caller("office", "k", Role.CONTRIBUTOR)
    refused(NOT_PERMITTED, "at the word of", limiting.lower, world, narrow, other)
    reader = Caller("map-kibera", "k", Role.READER)
    refused(NOT_PERMITTED, "right to lower", limiting.lower, world, narrow, reader)
    nowhere = Lowered("why", collection=("nobody", "nothing"), consent=Consent.INTERNAL)
    refused(NOT_FOUND, "no collection", limiting.lower, world, nowhere, ADMIN)


def test_everything_that_was_done_stands_in_the_chain(world, hidden, steward):
    """The audit finds nothing wrong after all of it."""
    inviting.invite(world, offer("office", Role.REVIEWER), ADMIN)
    limiting.lower(world, Lowered("why", record_id=hidden.id, consent=Consent.INTERNAL), steward)
    assert audit(world.store, lambda _done, _all: None).sound
