"""Report: numbers that agree with one another, that a caller may see, and that count nobody twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from service import review, submit, verify
from service.accounts.account import Count
from service.callers.caller import ANONYMOUS, Caller, Role
from service.figures.people import people, usable
from service.report import LIMITS, ReportScope, gap_report, reading
from service.review import Decision
from service.store import records
from service.store.values import FlagStatus

HEADS = Count(value=400.0, unit="persons", method="full enumeration", date=date(2026, 1, 1))
OPERATOR = Caller(None, None, Role.ADMIN)


@pytest.fixture
def world(context, scene):
    """Publish a list without Bondeni and Ziwa, and verify all villages, sent by two organisations."""
    listed = tuple(village for village in scene.without("Bondeni") if village[0] != "Ziwa")
    scene.publish(context, scene.official(listed))
    for organisation, names in (("map-kibera", ("Bondeni", "Lindi", "Turbo")), ("shelter-forum", ("Ziwa", "Soi"))):
        accounts = [
            scene.account(name, own_id=name, lat=lat, lon=lon + 0.0005, counts=(HEADS,), admin=(("county", "Nandi"),))
            for name, lat, lon in scene.villages
            if name in names
        ]
        receipts = submit.accept(context, accounts, scene.caller(context.store, organisation))
        verify.verify(context, [receipt.record_id for receipt in receipts])
    return context


def publish_flag(context, scene, flag):
    """Let two reviewers bring a flag out."""
    for decision in (FlagStatus.CONFIRMED, FlagStatus.PUBLISHED):
        reviewer = scene.caller(context.store, "knbs", Role.PUBLISHER)
        review.decide(context, flag.id, Decision(decision, "field_visit"), reviewer)


@dataclass(frozen=True)
class Read:
    """A report as it is kept, with all its flags."""

    report: object
    flags: tuple

    def __getattr__(self, name):
        """Return what the report itself knows."""
        return getattr(self.report, name)


def read(context, scope, caller):
    """Return a report before it is redacted."""
    with reading(context, scope, caller) as (report, chunks):
        return Read(report, tuple(flag for chunk in chunks for flag in chunk))


def people_in(context, scope, caller):
    """Return the people a report tells its caller of."""
    return gap_report(context, scope, caller, lambda _flags: None)["people"]


def names(report):
    """Return the names of the communities a report lists."""
    return [flag.record.account.names[0].text for flag in report.flags]


def test_a_report_says_what_was_found_and_what_it_rests_on(world):
    """Counts per verdict and status, the flags, the snapshots and models, and what it does not say."""
    report = read(world, ReportScope(country="KEN"), OPERATOR)
    (official,) = world.lists.current()
    assert report.verdicts == {"consistent": 3, "hidden_place": 2}
    assert report.statuses == {"open": 2}
    assert names(report) == ["Bondeni", "Ziwa"]
    assert [snapshot.sha256 for snapshot in report.snapshots] == [official.snapshot]
    assert report.models == (report.flags[0].record.findings[0].model,)
    assert [one.version for one in report.measured] == [report.models[0].rpartition("/")[2]]
    assert report.limits is LIMITS
    assert "Absence of data is not absence of people" in report.limits[0]


def test_everybody_gets_the_report_they_may_see(world, scene):
    """Anybody: what is published. A contributor: also its own. A reviewer: all. The numbers keep to that too."""
    whole = read(world, ReportScope(), OPERATOR)
    public = read(world, ReportScope(), ANONYMOUS)
    assert (public.verdicts, public.statuses, public.flags, public.snapshots) == ({}, {}, (), ())
    publish_flag(world, scene, whole.flags[0])
    public = read(world, ReportScope(), ANONYMOUS)
    assert (public.verdicts, public.statuses, names(public)) == ({"hidden_place": 1}, {"published": 1}, ["Bondeni"])
    theirs = read(world, ReportScope(), scene.caller(world.store, "shelter-forum"))
    assert theirs.verdicts == {"consistent": 1, "hidden_place": 2}
    assert names(theirs) == ["Bondeni", "Ziwa"]
    reviewers = read(world, ReportScope(), scene.caller(world.store, "knbs", Role.PUBLISHER))
    assert reviewers.verdicts == whole.verdicts


@pytest.mark.parametrize(
    ("scope", "flagged", "counted"),
    [
        (ReportScope(country="UGA"), 0, 0),
        (ReportScope(admin="nandi"), 2, 5),
        (ReportScope(admin="County=NANDI"), 2, 5),
        (ReportScope(admin="ward=Nandi"), 0, 0),
        (ReportScope(admin="Nand"), 0, 0),
        (ReportScope(source="ke-villages"), 2, 5),
        (ReportScope(source="other"), 0, 0),
        (ReportScope(organisation="shelter-forum"), 1, 2),
    ],
)
def test_a_scope_narrows_list_and_numbers_alike(world, scope, flagged, counted):
    """Country, administrative unit, source and organisation narrow flags and counts in the same way."""
    report = read(world, scope, OPERATOR)
    assert (len(report.flags), sum(report.verdicts.values()), sum(report.statuses.values())) == (
        flagged,
        counted,
        flagged,
    )


def test_with_a_source_the_verdicts_are_that_sources_own(world, scene):
    """A community listed elsewhere still counts as hidden in a report about the list that leaves it out."""
    scene.publish(world, scene.official(scene.villages, source="ke-register"))
    verify.everything(world)
    assert read(world, ReportScope(), OPERATOR).verdicts == {"consistent": 5}
    report = read(world, ReportScope(source="ke-villages"), OPERATOR)
    assert report.verdicts == {"consistent": 3, "hidden_place": 2}


def test_records_not_verified_yet_are_counted_as_pending(world, scene):
    """What waits is said, not left out."""
    submit.accept(world, [scene.account("Olare")], scene.caller(world.store))
    assert read(world, ReportScope(), OPERATOR).verdicts["pending"] == 1


def test_people_are_those_of_hidden_places_that_nobody_dismissed(world, scene):
    """The people of a rejected flag are not counted; those of listed villages never were."""
    whole = read(world, ReportScope(), OPERATOR)
    told = people_in(world, ReportScope(), OPERATOR)
    assert (told["estimate"], told["communities"]) == (800, 2)
    assert told["low"] < 800 < told["high"]
    reviewer = scene.caller(world.store, "knbs", Role.PUBLISHER)
    review.decide(world, whole.flags[0].id, Decision(FlagStatus.REJECTED, "field_visit"), reviewer)
    assert people_in(world, ReportScope(), OPERATOR)["estimate"] == 400


@pytest.fixture
def kept(sqlite_context, scene):
    """Give a function that keeps accounts of one organisation and returns their records."""

    def keep(accounts, organisation="map-kibera"):
        receipts = submit.accept(sqlite_context, accounts, scene.caller(sqlite_context.store, organisation))
        with sqlite_context.store.read() as session:
            return list(records.many(session, [receipt.record_id for receipt in receipts]))

    return keep


@pytest.mark.parametrize(
    "counts",
    [
        (),
        (replace(HEADS, method="widely quoted"),),
        (replace(HEADS, method=None),),
        (replace(HEADS, method="membership list"),),
        (replace(HEADS, unit="households"),),
        (replace(HEADS, unit="pupils"),),
        (replace(HEADS, group="children"),),
        (replace(HEADS, value=None, status="suppressed"),),
    ],
)
def test_a_number_that_says_too_little_is_left_out(counts):
    """No method, only members, another unit, one group of all, or no number: nothing is added up from it."""
    assert usable(counts) is None


def test_the_latest_count_holds_and_then_the_surest_method():
    """Of several counts one is taken: never their sum."""
    older = replace(HEADS, value=900.0, date=date(2020, 1, 1))
    guess = replace(HEADS, value=700.0, method="key informant")
    assert usable((older, guess, HEADS)).estimate == 400.0
    assert usable((older,)).estimate == 900.0


def test_a_stated_range_is_kept_and_a_bare_number_gets_one():
    """A range of its own holds; otherwise it follows from the method: ±5 % on the log scale for an enumeration."""
    stated = usable((replace(HEADS, value=None, low=300.0, high=500.0),))
    assert (stated.estimate, stated.low, stated.high) == (400.0, 300.0, 500.0)
    bare = usable((HEADS,))
    assert (round(bare.low), round(bare.high)) == (363, 441)


def test_two_organisations_in_one_place_are_counted_once(kept, scene):
    """Accounts of different organisations whose places overlap may be one community: the larger count is taken."""
    ours = kept([scene.account("Bondeni", counts=(HEADS,))])
    theirs = kept([scene.account("Bondeni Village", counts=(replace(HEADS, value=450.0),))], "shelter-forum")
    found = people(ours + theirs)
    assert (found.estimate, found.communities, found.overlapping, found.without_count) == (450, 1, 1, 0)


def test_one_organisation_tells_its_own_communities_apart(kept, scene):
    """Neighbouring villages of one list are added up; the same name twice is not."""
    lindi, soi = scene.account("Lindi", counts=(HEADS,)), scene.account("Soi", counts=(HEADS,))
    assert people(kept([lindi, soi])).estimate == 800
    assert people(kept([lindi, lindi])).estimate == 400


def test_a_village_inside_a_counted_area_is_not_added(kept, scene):
    """A stated area may include any community whose place it touches."""
    ring = [[36.77, -1.33], [36.80, -1.33], [36.80, -1.30], [36.77, -1.30], [36.77, -1.33]]
    area = {"type": "Polygon", "coordinates": [ring]}
    whole = scene.account("Kibera", area=area, counts=(replace(HEADS, value=9_000.0),))
    outside = scene.account("Ziwa", lat=-1.50, counts=(HEADS,))
    found = people(kept([whole, scene.account("Lindi", counts=(HEADS,)), outside]))
    assert (found.estimate, found.overlapping) == (9_400, 1)


def test_without_a_place_the_name_tells_communities_apart(kept, scene):
    """Accounts without a point are one community when they bear one name in one country."""
    unplaced = {"lat": None, "lon": None, "admin": (("county", "Nandi"),), "counts": (HEADS,)}
    accounts = [
        scene.account("Lindi", **unplaced),
        scene.account("Soi", **unplaced),
        scene.account("lindi", **unplaced),
    ]
    assert people(kept(accounts)).estimate == 800


def test_nobody_counted_is_not_nobody(kept, scene):
    """Without a usable count there is no estimate, not an estimate of zero."""
    found = people(kept([scene.account("Lindi")]))
    assert (found.estimate, found.low, found.high, found.without_count) == (None, None, None, 1)
    assert people([]).estimate is None


def test_flags_come_some_at_a_time_and_only_once(world, monkeypatch):
    """A report over several chunks gives every flag once, in order, and the numbers of all of them."""
    whole = gap_report(world, ReportScope(), OPERATOR, lambda _flags: None)
    monkeypatch.setattr("service.store.flags.CHUNK", 1)
    taken = []
    told = gap_report(world, ReportScope(), OPERATOR, lambda shown: taken.append([flag["id"] for flag in shown]))
    assert [len(part) for part in taken] == [1, 1]
    assert sorted(taken, key=str) == taken
    assert told | {"generated_at": None} == whole | {"generated_at": None}
