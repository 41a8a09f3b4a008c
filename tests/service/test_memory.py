"""Memory: what a reviewer decided about a pair is not asked again, until what it rests on changes."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from sqlalchemy import text

from geodata.places import Places
from service import review, submit, verify
from service.accounts.account import Count
from service.callers.caller import Role
from service.errors import INVALID, Problem
from service.review import Decision
from service.ruling import Rulings
from service.store import events, flags, records
from service.store.values import FlagStatus
from service.verifying import judging

COUNTED = date(2019, 8, 24)
OTHER = "Zorokomu"  # what people call Bondeni


@pytest.fixture
def reviewer(context, scene):
    """Give a reviewer of a statistics office."""
    return scene.caller(context.store, "knbs", Role.REVIEWER)


@pytest.fixture
def sender(context, scene):
    """Give an organisation that sends records."""
    return scene.caller(context.store)


@pytest.fixture
def world(context, scene):
    """Publish a list that names every village."""
    scene.publish(context, scene.official(scene.villages))
    return context


def at(scene, village, name, **parts):
    """Return an account under some name, a hundred metres from a village of the list."""
    lat, lon = next((lat, lon) for known, lat, lon in scene.villages if known == village)
    return scene.account(name, own_id=parts.pop("own_id", name), **{"lat": lat, "lon": lon + 0.001} | parts)


def sent(context, caller, account):
    """Accept and verify one account, and return its record."""
    (receipt,) = submit.accept(context, [account], caller)
    (record,) = verify.verify(context, [receipt.record_id])
    return record


def entry(scene, village):
    """Return the identifier of a village on the list of all villages."""
    return f"V{[name for name, _, _ in scene.villages].index(village):03}"


def decided(context, record, caller, decision, **rulings):
    """Decide about the flag of a record, and return the record as it stands then."""
    review.decide(context, record.flag_id, Decision(decision, "field_visit", rulings=Rulings(**rulings)), caller)
    return read(context, record.id)


def read(context, record_id):
    """Return a record as it stands."""
    with context.store.read() as session:
        return records.get(session, record_id)


def status(context, record):
    """Return where people stand with the flag of a record."""
    with context.store.read() as session:
        return flags.get(session, record.flag_id).status


def counted(scene):
    """Return official lists that count a hundred people in every village."""

    class Counted(scene.official):
        def snapshot(self):
            plain = super().snapshot()
            people = [{"value": 100.0, "unit": "persons", "method": "census", "status": "observed", "date": COUNTED}]
            rows = [row | {"counts": people} for row in plain.places.table.to_pylist()]
            return dataclasses.replace(plain, places=Places.from_rows(rows))

    return Counted


def test_a_confirmed_entry_is_the_record_s_own_from_then_on(world, scene, sender, reviewer):
    """Once a reviewer said which entry it is, the record is found listed there, and the flag is settled."""
    record = sent(world, sender, at(scene, "Bondeni", OTHER))
    assert (record.verdict, record.findings[0].subtype) == ("needs_review", "possible_match")
    after = decided(world, record, reviewer, FlagStatus.MATCHED_EXISTING, same=entry(scene, "Bondeni"))
    (finding,) = after.findings
    assert (after.verdict, finding.official_name) == ("consistent", "Bondeni")
    assert {"matched", "name_variant", "remembered"} <= set(finding.attributes)
    assert f"A reviewer decided on {after.updated_at:%Y-%m-%d} that it is “Bondeni”." in finding.reason
    assert status(world, record) is FlagStatus.MATCHED_EXISTING


def test_another_organisation_s_record_under_that_name_is_found(world, scene, sender, reviewer):
    """A confirmed name is a name of the entry for whoever uses it, at the level `alias`."""
    record = sent(world, sender, at(scene, "Bondeni", OTHER))
    decided(world, record, reviewer, FlagStatus.MATCHED_EXISTING, same=entry(scene, "Bondeni"))
    found = sent(world, scene.caller(world.store, "others"), at(scene, "Bondeni", OTHER.upper(), r95_m=150.0))
    (finding,) = found.findings
    assert (found.verdict, finding.official_name) == ("consistent", "Bondeni")
    assert found.flag_id == record.flag_id  # it is the same community, about which people have decided
    assert finding.candidates[0]["evidence"][0]["level"] == "alias"
    assert "remembered" not in finding.attributes


def test_a_confirmed_name_survives_a_new_release(world, scene, sender, reviewer):
    """The next snapshot of the source still knows the name, while the entry is on it."""
    record = sent(world, sender, at(scene, "Bondeni", OTHER))
    decided(world, record, reviewer, FlagStatus.MATCHED_EXISTING, same=entry(scene, "Bondeni"))
    scene.publish(world, scene.official((*scene.villages, ("Kaplong", 0.9, 35.2)), vintage="2026"))
    verify.everything(world)
    assert read(world, record.id).findings[0].official_name == "Bondeni"
    assert read(world, record.id).verdict == "consistent"


def test_a_name_of_a_record_that_is_not_open_is_not_learned(world, scene, sender, reviewer):
    """What others find by a name could tell them about a community that must not be shown."""
    record = sent(world, sender, at(scene, "Bondeni", OTHER, sensitivity="restricted"))
    after = decided(world, record, reviewer, FlagStatus.MATCHED_EXISTING, same=entry(scene, "Bondeni"))
    assert after.verdict == "consistent"
    found = sent(world, scene.caller(world.store, "others"), at(scene, "Bondeni", OTHER))
    assert found.verdict == "needs_review"


def test_an_entry_ruled_out_is_left_out_and_said(world, scene, sender, reviewer):
    """The probability of absence follows from the other entries, and the reason says which is not meant since when."""
    record = sent(world, sender, at(scene, "Bondeni", OTHER))
    after = decided(world, record, reviewer, FlagStatus.IN_REVIEW, different=(entry(scene, "Bondeni"),))
    (finding,) = after.findings
    assert entry(scene, "Bondeni") not in {candidate["official_id"] for candidate in finding.candidates}
    assert after.p_absent > record.p_absent
    assert finding.attributes == ("remembered",)
    assert f"A reviewer decided on {after.updated_at:%Y-%m-%d} that “Bondeni” is another place." in finding.reason
    assert status(world, record) is FlagStatus.IN_REVIEW


def test_a_pair_ruled_out_and_sent_again_is_not_asked_again(world, scene, sender, reviewer):
    """The same account, sent again as it is, finds the same and stirs nothing."""
    account = at(scene, "Bondeni", OTHER)
    record = sent(world, sender, account)
    decided(world, record, reviewer, FlagStatus.REJECTED, different=(entry(scene, "Bondeni"),))
    before = read(world, record.id)
    assert sent(world, sender, account) == before
    assert verify.everything(world) == 1
    assert read(world, record.id) == before
    with world.store.read() as session:
        flag = flags.get(session, record.flag_id)
    assert (flag.status, len(flag.reviews)) == (FlagStatus.REJECTED, 1)


def test_the_same_account_under_another_record_has_the_same_answer(world, scene, sender, reviewer):
    """A record that says exactly what was decided on is the same question, whoever sent it under whatever number."""
    record = sent(world, sender, at(scene, "Bondeni", OTHER))
    decided(world, record, reviewer, FlagStatus.IN_REVIEW, different=(entry(scene, "Bondeni"),))
    again = sent(world, scene.caller(world.store, "others"), at(scene, "Bondeni", OTHER, own_id=None))
    assert again.id != record.id
    assert again.findings[0].attributes == ("remembered",)


def test_a_new_release_that_says_the_same_of_the_entry_changes_nothing(world, scene, sender, reviewer):
    """Decisions rest on what the entry says, not on the snapshot it stood in."""
    record = sent(world, sender, at(scene, "Bondeni", OTHER))
    after = decided(world, record, reviewer, FlagStatus.IN_REVIEW, different=(entry(scene, "Bondeni"),))
    newer = scene.publish(world, scene.official(scene.villages, vintage="2026"))
    verify.everything(world)
    now = read(world, record.id)
    assert now.findings[0].snapshot == newer != after.findings[0].snapshot
    assert (now.verdict, now.p_absent, now.findings[0].attributes) == (after.verdict, after.p_absent, ("remembered",))


@pytest.mark.parametrize(
    ("village", "moved", "changed"),
    [("Bondeni", 0.0003, "the record's location"), ("Bondeni Juu", 0.0, "the entry's names")],
)
def test_a_pair_comes_back_when_either_side_changes(world, scene, sender, reviewer, *, village, moved, changed):
    """The finding is marked `reopened` and says what changed."""
    account = at(scene, "Bondeni", OTHER)
    record = sent(world, sender, account)
    decided(world, record, reviewer, FlagStatus.IN_REVIEW, different=(entry(scene, "Bondeni"),))
    renamed = [(village if name == "Bondeni" else name, lat, lon) for name, lat, lon in scene.villages]
    scene.publish(world, scene.official(renamed, vintage="2026"))
    now = sent(world, sender, dataclasses.replace(account, lat=account.lat + moved))
    (finding,) = now.findings
    assert finding.official_id == entry(scene, "Bondeni")
    assert "reopened" in finding.attributes
    assert f"that “Bondeni” is another place; {changed} changed since, so it is asked again." in finding.reason


def test_none_of_these_covers_what_was_shown_and_nothing_else(world, scene, sender, reviewer):
    """An entry that appears later under the record's own name is found, whatever was said before."""
    account = at(scene, "Bondeni", OTHER)
    record = sent(world, sender, account)
    shown = {candidate["official_id"] for candidate in record.findings[0].candidates}
    after = decided(world, record, reviewer, FlagStatus.IN_REVIEW, none_of_these=True)
    assert after.verdict == "hidden_place"
    assert not shown & {candidate["official_id"] for candidate in after.findings[0].candidates}
    scene.publish(world, scene.official((*scene.villages, (OTHER, account.lat, account.lon)), vintage="2026"))
    verify.everything(world)
    now = read(world, record.id)
    assert (now.verdict, now.findings[0].official_name) == ("consistent", OTHER)


def test_a_flag_that_was_confirmed_with_none_of_these_stays_confirmed(world, scene, sender, reviewer):
    """What the machine finds once the entries are ruled out follows from the decision; it takes nothing back."""
    record = sent(world, sender, at(scene, "Bondeni", OTHER))
    after = decided(world, record, reviewer, FlagStatus.CONFIRMED, none_of_these=True)
    assert (after.verdict, status(world, record)) == ("hidden_place", FlagStatus.CONFIRMED)


def test_a_listed_community_with_another_gap_is_open_again(context, scene, sender, reviewer):
    """Saying which entry it is settles who it is, not what the list says about it."""
    scene.publish(context, counted(scene)(scene.villages))
    counts = (Count(value=900.0, method="census", date=COUNTED),)
    record = sent(context, sender, at(scene, "Bondeni", OTHER, counts=counts))
    after = decided(context, record, reviewer, FlagStatus.MATCHED_EXISTING, same=entry(scene, "Bondeni"))
    assert (after.verdict, status(context, record)) == ("needs_review", FlagStatus.OPEN)
    assert "possible_undercount" in after.findings[0].attributes  # nothing is declared of its collection


def test_taking_a_match_back_forgets_it(world, scene, sender, reviewer):
    """A flag that leaves `matched_existing` by a person's hand takes the confirmed name back, for everybody."""
    record = sent(world, sender, at(scene, "Bondeni", OTHER))
    decided(world, record, reviewer, FlagStatus.MATCHED_EXISTING, same=entry(scene, "Bondeni"))
    after = decided(world, record, reviewer, FlagStatus.IN_REVIEW)
    assert (after.verdict, after.p_absent, after.findings[0].attributes) == ("needs_review", record.p_absent, ())
    found = sent(world, scene.caller(world.store, "others"), at(scene, "Bondeni", OTHER, r95_m=150.0))
    assert found.verdict == "needs_review"


def test_the_latest_decision_about_a_pair_holds(world, scene, sender, reviewer):
    """Ruled out, considered again, confirmed: every answer is kept, and the last one counts."""
    record, bondeni = sent(world, sender, at(scene, "Bondeni", OTHER)), entry(scene, "Bondeni")
    decided(world, record, reviewer, FlagStatus.IN_REVIEW, different=(bondeni,))
    again = decided(world, record, reviewer, FlagStatus.IN_REVIEW, unsure=(bondeni,))
    assert (again.p_absent, again.findings[0].attributes) == (record.p_absent, ())
    decided(world, record, reviewer, FlagStatus.IN_REVIEW, different=(bondeni,))
    last = decided(world, record, reviewer, FlagStatus.MATCHED_EXISTING, same=bondeni)
    assert last.verdict == "consistent"
    with world.store.read() as session:
        answers = session.execute(text("SELECT answer FROM decisions ORDER BY seq")).scalars().all()
        told = [event.data for event in events.about(session, "flag", record.flag_id) if event.kind == "flag.reviewed"]
    assert answers == ["different", "unsure", "different", "same"]
    assert [set(data) & {"entries_same", "entries_different", "entries_unsure"} for data in told] == [
        {"entries_different"},
        {"entries_unsure"},
        {"entries_different"},
        {"entries_same"},
    ]


@pytest.mark.parametrize("change", ["UPDATE decisions SET answer = 'same'", "DELETE FROM decisions"])
def test_a_decision_cannot_be_changed_or_deleted(world, scene, sender, reviewer, *, change):
    """The database itself refuses to edit what a person decided."""
    record = sent(world, sender, at(scene, "Bondeni", OTHER))
    decided(world, record, reviewer, FlagStatus.IN_REVIEW, different=(entry(scene, "Bondeni"),))
    with pytest.raises(Problem, match="decisions are only ever added"), world.store.begin() as session:
        session.execute(text(change))


@pytest.mark.parametrize(
    ("decision", "rulings", "pointer"),
    [
        (FlagStatus.MATCHED_EXISTING, {"same": "V999"}, "/official_id"),
        (FlagStatus.CONFIRMED, {"same": "V004"}, "/official_id"),
        (FlagStatus.IN_REVIEW, {"different": ("V999",)}, "/not_official_ids"),
        (FlagStatus.MATCHED_EXISTING, {"same": "V004", "different": ("V004",)}, "/not_official_ids"),
        (FlagStatus.MATCHED_EXISTING, {"none_of_these": True}, "/none_of_these"),
        (FlagStatus.IN_REVIEW, {"unsure": ("V004",)}, "/reconsider_official_ids"),
        (FlagStatus.IN_REVIEW, {"different": ("V004",), "source": "nowhere"}, "/source"),
    ],
)
def test_what_cannot_be_said_about_entries_is_refused(world, scene, sender, reviewer, *, decision, rulings, pointer):
    """An entry that is not there, or two things about one entry: nothing is kept, and the field is named."""
    record = sent(world, sender, at(scene, "Bondeni", OTHER))
    with pytest.raises(Problem) as raised:
        decided(world, record, reviewer, decision, **rulings)
    assert (raised.value.kind, raised.value.extra["errors"][0]["pointer"]) == (INVALID, pointer)
    assert read(world, record.id) == record
    assert status(world, record) is FlagStatus.OPEN


def test_a_decision_taken_while_a_record_is_compared_is_heeded(world, scene, sender, reviewer, *, monkeypatch):
    """A comparison that began before a decision is done again; it never overwrites what follows from it."""
    record = sent(world, sender, at(scene, "Bondeni", OTHER))
    working, taken = judging.compare, []

    def slow(citizen, official, **options):
        found = working(citizen, official, **options)
        if not taken:
            taken.append(True)
            decided(world, record, reviewer, FlagStatus.IN_REVIEW, different=(entry(scene, "Bondeni"),))
        return found

    monkeypatch.setattr(judging, "compare", slow)
    (after,) = verify.verify(world, [record.id])
    assert after.findings[0].attributes == ("remembered",)


def test_memory_speaks_of_nobody_else(world, scene, sender, reviewer):
    """By their own evidence, records under other names are what they were, whatever was decided about a neighbour."""
    spots = [name for name, _, _ in scene.villages]
    named = zip([*spots, "Soi", "Lindi"], [*spots, "Chepkorio", "Sacho"], strict=True)
    others = [sent(world, sender, at(scene, spot, name)).id for spot, name in named]
    record = sent(world, sender, at(scene, "Bondeni", OTHER))

    def alone():
        verify.everything(world)
        return [
            (finding.official_id, finding.p_absent_alone) for one in others for finding in read(world, one).findings
        ]

    before = alone()
    decided(world, record, reviewer, FlagStatus.MATCHED_EXISTING, same=entry(scene, "Bondeni"))
    assert alone() == before


def test_two_names_of_one_entry_do_not_compete(world, scene, sender, reviewer):
    """A record under the entry's own name stays listed when another one is confirmed to be the same community."""
    plain = sent(world, sender, at(scene, "Bondeni", "Bondeni"))
    record = sent(world, sender, at(scene, "Bondeni", OTHER))
    decided(world, record, reviewer, FlagStatus.MATCHED_EXISTING, same=entry(scene, "Bondeni"))
    verify.everything(world)
    assert [read(world, one.id).verdict for one in (plain, record)] == ["consistent", "consistent"]
    assert all(read(world, one.id).findings[0].competitor is None for one in (plain, record))


def test_what_is_said_of_a_community_is_said_of_each_of_its_records(world, scene, sender, reviewer):
    """Two organisations told of one community: one decision settles both records, under one flag."""
    first = sent(world, sender, at(scene, "Bondeni", OTHER))
    second = sent(world, scene.caller(world.store, "others"), at(scene, "Bondeni", OTHER, r95_m=120.0))
    assert first.flag_id == second.flag_id
    decided(world, first, reviewer, FlagStatus.MATCHED_EXISTING, same=entry(scene, "Bondeni"))
    for record in (first, second):
        assert "remembered" in read(world, record.id).findings[0].attributes
    decided(world, first, reviewer, FlagStatus.IN_REVIEW, different=(entry(scene, "Bondeni"),))
    for record in (first, second):
        assert "is another place." in read(world, record.id).findings[0].reason
    with world.store.read() as session:
        answers = session.execute(text("SELECT answer FROM decisions ORDER BY seq")).scalars().all()
        reviewed = [one.data for one in events.about(session, "flag", first.flag_id) if one.kind == "flag.reviewed"]
    assert answers == ["same"] * 2 + ["unsure"] * 2 + ["different"] * 2
    assert (reviewed[1]["entries_unsure"], reviewed[1]["entries_different"]) == ("1", "1")
