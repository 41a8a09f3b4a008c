"""Collections: what is declared of them decides what their records may say, then and whenever it is declared anew."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest

from geodata.places import Places
from service import collections, submit, verify
from service.accounts.account import Count
from service.api.passports import WHOLE
from service.context import open_context
from service.errors import Problem
from service.replay import replay
from service.store import passports, records
from service.verifying import grading

COUNTED = datetime.now(UTC).date() - timedelta(days=60)
ROSTER = ("map-kibera", "roster")
DECLARED = {**WHOLE, "reference": {"start": COUNTED.isoformat()}}


@pytest.fixture
def sender(context, scene):
    """Give a caller who sends records."""
    return scene.caller(context.store)


@pytest.fixture
def world(context, scene):
    """Publish a list that counts a hundred people in every village but Bondeni, which it does not name."""

    class Counted(scene.official):
        def snapshot(self):
            plain = super().snapshot()
            people = [{"value": 100.0, "unit": "persons", "method": "census", "status": "observed", "date": COUNTED}]
            rows = [row | {"counts": people} for row in plain.places.table.to_pylist()]
            return dataclasses.replace(plain, places=Places.from_rows(rows))

    scene.publish(context, Counted(scene.without("Bondeni"), reference_date=COUNTED))
    return context


def village(scene, name, **parts):
    """Return an account of a village of the roster, which counts five hundred people there."""
    lat, lon = next((lat, lon) for known, lat, lon in scene.villages if known == name)
    count = Count(value=500.0, method="enumeration", date=COUNTED)
    given = {"own_id": name, "lat": lat, "lon": lon + 0.0005, "collection": "roster", "counts": (count,)}
    return scene.account(name, **given | parts)


def sent(context, sender, *accounts):
    """Accept accounts, verify them, and return their records."""
    receipts = submit.accept(context, accounts, sender)
    return verify.verify(context, [receipt.record_id for receipt in receipts])


def now(context, record):
    """Return a record as it stands."""
    with context.store.read() as session:
        return records.get(session, record.id)


def test_declaring_how_it_was_made_lets_counts_speak(world, scene, sender):
    """Without a passport an undercount is left to people; with one it is said at once, of records sent before too."""
    (record,) = sent(world, sender, village(scene, "Lindi"))
    assert record.verdict == "needs_review"
    assert {"possible_undercount", "quality_undeclared"} <= set(record.findings[0].attributes)
    assert "has no quality passport" in record.findings[0].reason
    declared = collections.declare(world, "roster", DECLARED, sender)
    assert (declared.version, declared.anew, declared.waiting) == (1, True, 0)
    after = now(world, record)
    assert after.verdict == "undercount"
    assert not any(attribute.startswith("quality_") for attribute in after.findings[0].attributes)
    (later,) = sent(world, sender, village(scene, "Soi"))
    assert later.verdict == "undercount"


@pytest.mark.parametrize("name", ["Lindi", "Bondeni"])
def test_what_must_not_be_missing_leaves_every_record_without_a_say(world, scene, sender, name):
    """Without a basis of consent neither an undercount nor an absence is said, and the reason says what to declare."""
    collections.declare(world, "roster", {"title": "Roster"}, sender)
    (record,) = sent(world, sender, village(scene, name))
    assert (record.verdict, record.flag_id) == ("insufficient_evidence", None)
    assert "quality_too_low" in record.findings[0].attributes
    assert "declare ethics.consent_basis" in record.findings[0].reason


def test_an_absence_stands_at_c(world, scene, sender):
    """Whether a place is listed does not rest on numbers; what people make of it is theirs."""
    old = (Count(value=500.0, method="enumeration", date=COUNTED - timedelta(days=6 * 366)),)
    collections.declare(world, "roster", DECLARED, sender)
    hidden, short = sent(world, sender, *(village(scene, name, counts=old) for name in ("Bondeni", "Lindi")))
    grades = [one.findings[0].certificate["search"]["known"]["quality"]["grade"] for one in (hidden, short)]
    assert grades == ["C", "C"]  # as old as that, whatever else is declared
    assert (hidden.verdict, short.verdict) == ("hidden_place", "needs_review")
    assert "quality_existence_only" in short.findings[0].attributes


def test_without_a_passport_an_absence_stands(world, scene, sender):
    """Existence may be shown by anybody."""
    (record,) = sent(world, sender, village(scene, "Bondeni"))
    assert record.verdict == "hidden_place"


def test_records_inherit_the_method_and_the_day_of_their_collection(world, scene, sender):
    """A count without a word about how it was made is the collection's; a record's own word stands."""
    collections.declare(world, "roster", DECLARED, sender)
    bare = village(scene, "Lindi", counts=(Count(value=500.0),))
    quoted = village(scene, "Soi", counts=(Count(value=500.0, method="widely quoted", date=COUNTED),))
    short, unknown = sent(world, sender, bare, quoted)
    assert (short.verdict, short.findings[0].counted["method"]) == ("undercount", "full_enumeration")
    assert short.findings[0].counted["years"] == pytest.approx(0, abs=0.01)
    assert unknown.verdict == "needs_review"


def test_a_year_alone_makes_the_day_uncertain(world, scene, sender):
    """Half a year to either side is kept with the record's quality, and widens the count's error."""
    (record,) = sent(world, sender, village(scene, "Lindi", counts=(Count(value=500.0),)))
    spreads = []
    for start in (COUNTED.isoformat(), f"{COUNTED.year}"):
        collections.declare(world, "roster", {**DECLARED, "reference": {"start": start}}, sender)
        finding = now(world, record).findings[0]
        spreads.append((finding.certificate["search"]["known"]["quality"]["spread_years"], finding.counted["spread"]))
    assert [spread for spread, _ in spreads] == [0.0, 0.5]
    assert spreads[1][1] > spreads[0][1]


def test_a_finding_replays_by_the_quality_it_was_found_with(world, scene, sender):
    """What the collection declared later changes no certificate of before."""
    (record,) = sent(world, sender, village(scene, "Lindi", counts=(Count(value=500.0),)))
    before = record.findings[0]
    collections.declare(world, "roster", DECLARED, sender)
    after = now(world, record).findings[0]
    assert after.id != before.id
    for finding in (before, after):
        again = replay(world, finding.id)
        assert again.reproduced, again.differences


def test_grades_are_kept_with_the_policy_they_were_given_by(world, sender, tmp_path):
    """Another policy grades anew, and takes nothing back that was said before."""
    collections.declare(world, "roster", DECLARED, sender)
    collections.described(world, ROSTER)
    own, shipped = tmp_path / "policy.toml", resources.files("matchers.quality").joinpath("policy.toml")
    own.write_text(shipped.read_text("utf-8").replace("quality-1", "ours-1"), "utf-8")
    strict = dataclasses.replace(world, settings=world.settings.model_copy(update={"quality_policy": own}))
    found = collections.described(strict, ROSTER)
    assert [(one.policy, one.passport) for one in found.history] == [("quality-1", 1), ("ours-1", 1)]
    assert found.grade.policy == "ours-1"


def test_a_policy_that_cannot_be_used_stops_the_service_from_opening(world, tmp_path):
    """Nobody is graded by rules that were not understood."""
    broken = tmp_path / "policy.toml"
    broken.write_text("weights = 3", "utf-8")
    with pytest.raises(Problem, match="UNCOUNTED_QUALITY_POLICY"):
        open_context(world.settings.model_copy(update={"quality_policy": broken}))


def test_a_passport_declared_while_records_are_compared_is_heeded(world, scene, sender, monkeypatch):
    """The comparison is made anew, so that no verdict rests on what no longer holds."""
    judged = verify.judge

    def late(*given, **named):
        monkeypatch.setattr(verify, "judge", judged)
        collections.declare(world, "roster", DECLARED, sender)
        return judged(*given, **named)

    monkeypatch.setattr(verify, "judge", late)
    (record,) = sent(world, sender, village(scene, "Lindi"))
    assert record.verdict == "undercount"


def test_the_database_refuses_to_change_what_was_declared(world, sender):
    """Passports and grades are only ever added."""
    collections.declare(world, "roster", DECLARED, sender)
    collections.described(world, ROSTER)
    for table in ("passports", "quality_grades"):
        with pytest.raises(Exception, match="only ever added"), world.store.begin() as session:
            session.exec_driver_sql(f"UPDATE {table} SET collection = 'other'")  # noqa: S608 - our own two names


def test_a_large_collection_is_graded_anew_as_it_grows(world, scene, sender, monkeypatch):
    """Not with every record, but when it has grown by a tenth."""
    monkeypatch.setattr(grading, "_SMALL", 0)
    names = [name for name, *_ in scene.villages]
    collections.declare(world, "roster", DECLARED, sender)
    sent(world, sender, *(village(scene, name) for name in names))
    sent(world, sender, village(scene, "Lindi", own_id="again"))
    with world.store.read() as session:
        sizes = [one.records for one in passports.grades(session, ROSTER)]
    assert sizes[-1] == len(names)
    sent(world, sender, village(scene, "Soi", own_id="another"))
    with world.store.read() as session:
        assert passports.grades(session, ROSTER)[-1].records == len(names) + 2
