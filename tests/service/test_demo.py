"""The demo: real samples through the same verbs as anybody's data, and nothing new the second time."""

from __future__ import annotations

from geodata.samples import maine
from service import collections, demo
from service.callers.caller import ANONYMOUS, Role
from service.changes.showing import Showing
from service.context import Context
from service.store import events, flags, keys
from service.store.filters import FlagFilter
from service.verify import silent


def everything_told(context: Context, loaded: demo.Loaded) -> list[events.Event]:
    """Return every event about the records of a sample and about its sources."""
    subjects = [("record", record.id) for record in loaded.records]
    subjects += [("source", source) for source, _ in loaded.sample.official]
    with context.store.read() as session:
        return [event for noun, subject in subjects for event in events.about(session, noun, subject)]


def test_loading_a_sample_twice_changes_nothing(sqlite_context: Context) -> None:
    """Idempotent: the same records, findings and flags, and no new event."""
    sample, _ = demo.samples(sqlite_context)
    first = demo.load(sqlite_context, sample, silent)
    told = everything_told(sqlite_context, first)
    second = demo.load(sqlite_context, sample, silent)
    assert everything_told(sqlite_context, second) == told
    assert (first.changed, second.changed) == (True, False)
    assert first.records == second.records


def test_the_demo_keys_are_one_per_role_of_an_organisation_and_stay_the_same(sqlite_context: Context) -> None:
    """A second run prints the keys of the first, and they open what their role may; a steward has no organisation."""
    made = demo.role_keys(sqlite_context)
    assert demo.role_keys(sqlite_context) == made
    with sqlite_context.store.read() as session:
        callers = {role: keys.find(session, secret) for role, secret in made.items()}
    assert {role: caller.role for role, caller in callers.items() if caller} == {
        role: role for role in Role if role is not Role.STEWARD
    }


def test_the_keys_are_readable_by_their_owner_only(sqlite_context: Context) -> None:
    """What opens the demo is nobody else's business."""
    demo.role_keys(sqlite_context)
    path = sqlite_context.settings.data_dir / "demo-keys.json"
    assert path.stat().st_mode & 0o077 == 0


def test_maine_is_measured_against_truth_that_its_own_facts_give(sqlite_context: Context) -> None:
    """A place is listed exactly when its county subdivision holds no other; the sample has 922 places and 528 units."""
    sample = maine.sample(sqlite_context.settings.data_dir / "maine")
    listed = [one.official_id for one in sample.truth if one.official_id]
    assert (len(sample.truth), len(listed), len(set(listed))) == (922, 505, 505)
    measured = demo.measure(demo.load(sqlite_context, sample, silent))
    assert measured.records == 922
    assert measured.hidden == 417
    assert measured.linked / measured.listed >= 0.95
    assert measured.precision is None or measured.precision >= 0.95


def test_the_demo_shows_what_it_published_on_the_map(sqlite_context: Context) -> None:
    """Maine's records say no more than their county: each is shown in its middle, with a radius that holds it."""
    _, sample = demo.samples(sqlite_context)
    assert demo.publish_known(sqlite_context, demo.load(sqlite_context, sample, silent)) > 400
    with sqlite_context.store.read() as session:
        ids = [flag.id for flag in flags.iterate(session, FlagFilter(published_only=True))]
        shown = Showing(session, ANONYMOUS).of(ids)
    places = [one["community"]["location"] for one in shown.values()]
    assert len(places) > 400
    assert {place["precision"] for place in places} == {"admin"}
    somerset = next(place for place in places if place["unit"] == "Somerset")
    assert (somerset["lat"], somerset["lon"], somerset["uncertainty_m"]) == (45.51, -69.96, 120_000)


def test_what_was_published_about_how_kibera_was_counted_is_declared(sqlite_context: Context) -> None:
    """Two of its collections have a passport of published facts; the number that everybody quotes has none."""
    sample, _ = demo.samples(sqlite_context)
    loaded = demo.load(sqlite_context, sample, silent)
    declared = {
        one.collection: collections.described(sqlite_context, (one.organisation, one.collection))
        for one in sample.passports
    }
    assert {name: found.grade.grade for name, found in declared.items() if found.grade} == {
        "open-schools-kenya": "C",
        "kianda-survey": "C",
    }
    quoted = next(record for record in loaded.records if record.account.own_id == "QUOTED-KIBERA")
    assert (quoted.verdict, "quality_undeclared" in quoted.findings[0].attributes) == ("needs_review", True)
