"""Disclosure: who sees how much of a record, in every combination, and never more by accident."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.accounts.account import Count
from service.callers.caller import ANONYMOUS, Caller, Role
from service.disclosure import Consent, Sensitivity, View, redact_record, view_of
from service.disclosure.policy import consent_of
from service.store.values import Finding, Record, RecordState

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
OWN = Caller("map-kibera", "k1", Role.CONTRIBUTOR)
OTHER = Caller("another-group", "k2", Role.CONTRIBUTOR)
REVIEWER = Caller("statistics-office", "k3", Role.REVIEWER)
ADMIN = Caller("desk", "k4", Role.ADMIN)


NEIGHBOUR = {"rank": 1, "official_id": "V1", "distance_m": 350.0, "evidence": [{"sentence": "0.35 km apart"}]}


@pytest.fixture
def record(scene):
    """Give a verified record with a finding that tells distances."""

    def make(**parts):
        finding = Finding(
            id="f1",
            record_id="r1",
            revision=1,
            source="ke-villages",
            snapshot="a" * 64,
            model="m1",
            verdict="hidden_place",
            subtype="not_listed_area_enumerated",
            p_absent=0.97,
            p_match=0.02,
            official_id="V1",
            official_name="Lindi",
            needs_review=False,
            attributes=(),
            failed_preconditions=(),
            reason="The entry most like it is 0.35 km away.",
            candidates=(NEIGHBOUR,),
            created_at=NOW,
        )
        account = scene.account(evidence=("https://example.org/",), **parts)
        return Record(
            id="r1",
            organisation="map-kibera",
            revision=1,
            state=RecordState.VERIFIED,
            account=account,
            created_at=NOW,
            updated_at=NOW,
            verdict="hidden_place",
            p_absent=0.97,
            findings=(finding,),
            flag_id="g1",
        )

    return make


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize("sensitivity", list(Sensitivity))
@pytest.mark.parametrize("consent", list(Consent))
def test_the_table_of_the_policy_holds(record, consent, sensitivity, published):
    """Every consent, class and audience gets the view the policy's table gives it."""
    one = record(consent=consent.value, sensitivity=sensitivity.value)
    views = {caller: view_of(one, caller, published=published) for caller in (OWN, ADMIN, REVIEWER, OTHER, ANONYMOUS)}
    assert views[OWN] is views[ADMIN] is View.FULL
    inside = View.WITHOUT_EVIDENCE if consent is Consent.INTERNAL else View.FULL
    assert views[REVIEWER] is (View.NOTHING if sensitivity is Sensitivity.CLOSED else inside)
    outside = {Consent.PUBLIC_EXACT: View.EXACT, Consent.PUBLIC_MASKED: View.MASKED}.get(consent, View.NOTHING)
    shown = published and sensitivity in {Sensitivity.OPEN, Sensitivity.CAUTION}
    assert views[OTHER] is views[ANONYMOUS] is (outside if shown else View.NOTHING)


@pytest.mark.parametrize("taken", [{"held": True}, {"state": RecordState.WITHDRAWN}], ids=["held", "withdrawn"])
def test_what_is_held_or_withdrawn_is_for_those_inside(record, taken):
    """Whatever was agreed and decided, its organisation and admins alone see it, and it is part of no total."""
    one = replace(record(consent="public_exact"), **taken)
    views = {caller: view_of(one, caller, published=True) for caller in (OWN, ADMIN, REVIEWER, OTHER, ANONYMOUS)}
    assert views[OWN] is views[ADMIN] is View.FULL
    assert {views[REVIEWER], views[OTHER], views[ANONYMOUS]} == {View.NOTHING}
    assert consent_of(one) is Consent.INTERNAL


@pytest.mark.parametrize("part", ["consent", "sensitivity"])
def test_a_word_nobody_knows_shows_nothing(record, part):
    """A consent or class we do not know is read as the narrowest one."""
    one = record(**{"consent": "public_exact", "sensitivity": "open", part: "everything"})
    assert view_of(one, ANONYMOUS, published=True) is View.NOTHING
    assert redact_record(one, ANONYMOUS, {}, published=True) is None


def test_nothing_of_a_masked_record_gives_the_place_away(record):
    """No name of a neighbour, distance, evidence, organisation or own identifier is left in what the public reads."""
    one = record(consent="public_masked", own_id="MK-1", admin=(("ward", "Lindi"),), groups=("tenants",))
    told = str(redact_record(one, ANONYMOUS, {}, published=True))
    for secret in ("Lindi", "0.35", "350", "example.org", "map-kibera", "MK-1", "-1.3151", "36.7826"):
        assert secret not in told


def test_caution_withholds_names_and_groups_and_rounds(record):
    """In the class caution names, groups and drivers are left out and counts rounded, unless the consent is exact."""
    parts = {"sensitivity": "caution", "groups": ("a minority",), "drivers": ("no road",)}
    counts = (Count(value=1203.0, group="a minority"), Count(value=8.0))
    masked = redact_record(record(consent="public_masked", counts=counts, **parts), ANONYMOUS, {}, published=True)
    exact = redact_record(record(consent="public_exact", counts=counts, **parts), ANONYMOUS, {}, published=True)
    assert (masked["name"], masked["groups"], masked["drivers"]) == ("A settlement in Kenya", [], [])
    assert [(count["value"], count["group"], count["status"]) for count in masked["counts"]] == [
        (1205.0, None, "observed"),
        (None, None, "suppressed"),
    ]
    assert {"names", "groups", "location", "counts"} <= set(masked["withheld"])
    assert (exact["name"], exact["groups"]) == ("Gatwekera", ["a minority"])


def test_a_reviewer_sees_no_evidence_of_internal_records(record):
    """Evidence links of an internal record stay with the organisation; the reviewer is told that there are some."""
    told = redact_record(record(consent="internal"), REVIEWER, {}, published=False)
    assert told["evidence"] == []
    assert "evidence" in told["withheld"]
    assert told["candidates"][0]["distance_m"] == 350.0
    assert redact_record(record(consent="reviewers"), REVIEWER, {}, published=False)["evidence"]


def test_a_record_that_waits_says_so(record):
    """A pending record has no verdict and says that it waits."""
    waiting = replace(record(), state=RecordState.PENDING, verdict=None, p_absent=None, findings=())
    told = redact_record(waiting, OWN, {}, published=False)
    assert (told["verdict"], told["probability"]) == (None, None)
    assert "waits" in told["reason"]


ORDER = {
    view: place for place, view in enumerate((View.NOTHING, View.MASKED, View.EXACT, View.WITHOUT_EVIDENCE, View.FULL))
}


@pytest.mark.parametrize("caller", [OWN, ADMIN, REVIEWER, OTHER, ANONYMOUS])
def test_the_view_is_monotone_in_consent_and_class(record, caller):
    """Nobody sees more of a record because its community agreed to less, or because its class is higher."""
    seen = {
        (consent, sensitivity): ORDER[
            view_of(record(consent=consent.value, sensitivity=sensitivity.value), caller, published=True)
        ]
        for consent in Consent
        for sensitivity in Sensitivity
    }
    for sensitivity in Sensitivity:
        by_consent = [seen[consent, sensitivity] for consent in Consent]
        assert by_consent == sorted(by_consent)
    for consent in Consent:
        by_class = [seen[consent, sensitivity] for sensitivity in Sensitivity]
        assert by_class == sorted(by_class, reverse=True)


def test_nobody_sees_more_where_a_driver_or_kind_raises_the_class(record):
    """What a rule of the policy raises hides a record from the public whatever its sender said."""
    for parts in ({"drivers": ("eviction",)}, {"kind": "women's shelter"}, {"kind": "IDP site"}):
        one = record(consent="public_exact", sensitivity="open", **parts)
        assert view_of(one, ANONYMOUS, published=True) is View.NOTHING
    shelter = record(consent="public_exact", kind="women's shelter")
    assert view_of(shelter, REVIEWER, published=True) is View.NOTHING


def test_a_name_that_tells_who_lives_there_raises_the_class(record, scene):
    """A village named after a people is as sensitive as the people; a short or foreign word is just a word."""
    names = {"Gatwekera": "open", "Turkana Centre": "caution", "Bod": "open", "Rohingya Para": "open"}
    assert {
        name: redact_record(named(record, scene, name), OWN, {}, published=False)["sensitivity"] for name in names
    } == names
    at_home = named(record, scene, "Rohingya Para", country="BGD")
    assert view_of(at_home, ANONYMOUS, published=True) is View.NOTHING


def named(record, scene, name, **parts):
    """Return a record that may be shown exactly, under a name."""
    return record(consent="public_exact", names=scene.account(name).names, **parts)


def test_a_verdict_never_tells_a_number_to_outsiders(record):
    """Whatever the reason inside says, the sentence for outsiders holds no count that is withheld."""
    told = record(consent="public_exact", counts=(Count(value=7.0),))
    finding = replace(told.findings[0], verdict="undercount", reason="The list says 0 persons, citizens counted 7.")
    shown = redact_record(replace(told, findings=(finding,), verdict="undercount"), ANONYMOUS, {}, published=True)
    assert shown["counts"][0]["value"] is None
    assert "7" not in shown["reason"].split(" Checked on ")[0]
    assert "citizens counted" not in str(shown)


def test_a_place_is_said_to_be_held_back_only_where_there_is_one(record):
    """A published community that never said where it is has nothing withheld; one that did is not placed by itself."""
    parts = {"consent": "public_masked"}
    for one, withheld in ((record(**parts), True), (record(lat=None, lon=None, **parts), False)):
        told = redact_record(one, ANONYMOUS, {}, published=True)
        assert told["location"] is None
        assert ("location" in told["withheld"]) is withheld
