"""A case: both sides beside one another, what happened, what else waits there; and what judging blind leaves out."""

from __future__ import annotations

import pytest

from service import review
from service.accounts.account import Count, Name
from service.callers.caller import Role
from service.desk.case import case
from service.desk.differences import differences
from service.desk.words import count_words, distance_words, happened, joined
from service.errors import NOT_FOUND, Problem
from service.review import Decision
from service.store.values import FlagStatus


@pytest.fixture
def flag(desk) -> str:
    """Give the flag of a village that two groups report, one of them with a count."""
    given = desk.account("Bondeni", 420.0)
    other = desk.account("Bondeni", lat=0.5361)
    (record,) = desk.send([given])
    desk.send([other], "other-group")
    return record.flag_id


def test_a_case_shows_both_sides_with_what_differs(desk, flag):
    """Every account, the candidates with names, point, distance and differences in words, and what happened."""
    shown = case(desk.context, flag, desk.reviewer())
    assert {one["organisation"] for one in shown["accounts"]} == {"map-kibera", "other-group"}
    assert shown["accounts"][0]["speaks"]
    assert shown["people"]["estimate"] == 420
    best = shown["candidates"][0]
    assert best["entry"]["lat"] is not None
    assert best["evidence"][0]["sentence"]
    assert [row["field"] for row in best["differences"]] == ["name", "other names", "place", "units", "kind", "people"]
    assert "apart" in best["differences"][2]["words"]
    assert shown["history"][0]["words"] == "raised: the comparison found a gap"
    assert shown["probability"] is not None


def test_blind_shows_the_facts_and_not_what_was_made_of_them(desk, flag):
    """No probability, verdict, weight, code or decision is left, also not of what waits beside; distances are."""
    desk.send([desk.account("Mtaa", lat=0.5402)])
    office = desk.reviewer()
    review.decide(desk.context, flag, Decision(FlagStatus.IN_REVIEW, "field_visit", "looks right to me"), office)
    plain, blind = (case(desk.context, flag, office, blind=one) for one in (False, True))
    assert blind["accounts"] == plain["accounts"]
    assert (blind["history"], blind["took_part"]) == ([], [])
    for name in ("verdict", "machine_verdict", "subtype", "probability", "expected_loss", "reason", "code"):
        assert blind[name] is None
    assert {one["official_id"] for one in blind["candidates"]} == {one["official_id"] for one in plain["candidates"]}
    distances = [one["distance_m"] for one in blind["candidates"]]
    assert distances == sorted(distances)
    for candidate in blind["candidates"]:
        assert (candidate["probability"], candidate["similarity"], candidate["rank"]) == (None, None, None)
        assert all(part["bits"] is None and part["level"] is None for part in candidate["evidence"])
    assert all(one["verdict"] is None and one["probability"] is None for one in blind["pending"])
    assert "looks right" not in str(blind)


def test_what_else_waits_at_the_place_is_shown(desk, flag):
    """Another flag within a kilometre stands beside it with its distance; one that lies farther does not."""
    near, far = desk.send([desk.account("Mtaa", lat=0.5402), desk.account("Mbali", lat=2.0)])
    pending = case(desk.context, flag, desk.reviewer())["pending"]
    found = {one["flag_id"]: one["distance_m"] for one in pending}
    assert near.flag_id in found
    assert far.flag_id not in found
    assert 0 < found[near.flag_id] < 1_000


def test_who_took_part_is_told(desk, flag):
    """Each organisation that had a part in it is named once, with what it decided and why."""
    for organisation in ("statistics-office", "second-office"):
        decision = FlagStatus.IN_REVIEW if organisation == "statistics-office" else FlagStatus.UNVERIFIABLE
        review.decide(desk.context, flag, Decision(decision, "field_visit", "note"), desk.reviewer(organisation))
    shown = case(desk.context, flag, desk.reviewer())
    assert shown["took_part"] == ["second-office", "statistics-office"]
    last = shown["history"][-1]
    assert (last["words"], last["reason_code"], last["note"]) == ("in review → unverifiable", "field_visit", "note")


def test_a_case_of_a_closed_record_does_not_exist_for_other_reviewers(desk):
    """It answers as one that is not there, and is shown to an admin."""
    (record,) = desk.send([desk.account("Siri", lat=1.0, sensitivity="closed")])
    with pytest.raises(Problem) as raised:
        case(desk.context, record.flag_id, desk.reviewer())
    assert raised.value.kind is NOT_FOUND
    assert case(desk.context, record.flag_id, desk.reviewer("desk", Role.ADMIN))["accounts"]


def test_a_member_that_a_reviewer_may_not_see_is_no_part_of_the_case(desk, flag):
    """Of a closed record of a third organisation neither its account nor its name is told."""
    desk.send([desk.account("Bondeni", 77.0, lat=0.5362, sensitivity="closed")], "third-group")
    shown = case(desk.context, flag, desk.reviewer())
    assert {one["organisation"] for one in shown["accounts"]} == {"map-kibera", "other-group"}
    assert "third-group" not in str(shown)


ACCOUNT = {
    "name": "Mji Mpya",
    "other_names": ["New Town"],
    "location": {"lat": 0.5, "lon": 35.0, "uncertainty_m": 50.0},
    "admin": {"county": "Uasin Gishu", "ward": "Soy"},
    "kind": "village",
    "counts": [],
}
ENTRY = {
    "name": "MJI MPYA",
    "other_names": [],
    "lat": 0.501,
    "lon": 35.0,
    "uncertainty_m": 100.0,
    "admin": {"county": "Uasin Gishu", "ward": "Moiben"},
    "kind": "town",
    "counts": [],
}


def words(account=None, entry=None, distance=111.0):
    """Return what is said of each field."""
    candidate = {"official_name": "MJI MPYA", "distance_m": distance, "entry": {**ENTRY, **(entry or {})}}
    return {row["field"]: row["words"] for row in differences({**ACCOUNT, **(account or {})}, candidate)}


def test_differences_are_told_in_words():
    """The same name in other capitals, a distance within the errors, another ward, another kind."""
    assert words() == {
        "name": "the same but for signs and capitals",
        "other names": "",
        "place": "111 m apart, within what both points may be off together (150 m)",
        "units": "other ward",
        "kind": "not the same kind",
        "people": "",
    }
    assert words({"name": "Mji Mpya"}, {"name": "Mji Mpya"})["name"] == "the same"
    assert words({"name": "Soko"}, {"other_names": ["new town"]})["name"] == "both know New Town"
    assert words({"name": "Soko", "other_names": []})["name"] == "no name in common"
    assert words({"name": None, "other_names": []})["name"] == "one side gives no name"
    assert "more than what both points may be off" in words(distance=151.0)["place"]
    assert words(distance=None)["place"] == "no distance: one side gives no point"
    assert words({"admin": {"county": "Uasin Gishu"}})["units"] == "the same county"
    assert words({"admin": {"province": "Rift"}})["units"] == "no level in common"


@pytest.mark.parametrize(
    ("there", "told"),
    [
        (250.0, "the list has 50 % of the account's number"),
        (3_500.0, "the list has 7.0 times the account's number"),
        (None, ""),
    ],
)
def test_head_counts_are_set_beside_one_another(there, told):
    """As a share, or as so many times; nothing where one side has none."""
    count = {"unit": "persons", "group": None, "low": None, "high": None, "method": None, "date": None, "status": ""}
    counted = {"counts": [{**count, "value": 500.0}]}
    assert words(counted, {"counts": [{**count, "value": there}]})["people"] == told


def test_an_entry_that_is_gone_from_the_archive_is_told_by_its_name():
    """What is left of it is compared, and nothing is made up."""
    candidate = {"official_name": "Soy", "distance_m": None, "entry": None}
    told = {row["field"]: (row["there"], row["words"]) for row in differences(ACCOUNT, candidate)}
    assert told["name"] == ("Soy", "no name in common")
    assert told["place"][0] == "not said"


def test_words_for_numbers_and_happenings():
    """As they are read aloud."""
    assert [distance_words(metres) for metres in (0, 999, 1_000, 12_345, 1_234_567)] == [
        "0 m",
        "999 m",
        "1.0 km",
        "12 km",
        "1,235 km",
    ]
    count = {
        "value": 1200.0,
        "low": None,
        "high": None,
        "unit": "persons",
        "group": None,
        "method": "enumeration",
        "date": None,
        "status": "observed",
    }
    assert count_words(count) == "1,200 persons, enumeration"
    assert (
        count_words({**count, "value": None, "low": 50.0, "high": 60.0, "group": "deaf people"})
        == "50 to 60 persons (deaf people), enumeration"
    )
    assert count_words({**count, "value": None, "status": "suppressed"}) == "suppressed"
    assert count_words({**count, "value": None}) == ""
    assert happened("flag.closed", {"why": "a newer list names it"}) == "closed: a newer list names it"
    assert happened("flag.reviewed", {}) == "decided"
    assert happened("flag.embargo_set", {}) == "embargo set"
    assert joined(["a", "b", "c"]) == "a, b and c"


def test_counts_and_groups_of_an_account_come_through(sqlite_desk):
    """What was counted stands on the account as it was sent."""
    account = sqlite_desk.scene.account(names=(Name("Kando"),), lat=3.0, lon=35.0, counts=(Count(low=50, high=60),))
    (record,) = sqlite_desk.send([account])
    shown = case(sqlite_desk.context, record.flag_id, sqlite_desk.reviewer())
    assert [(count["low"], count["high"]) for count in shown["accounts"][0]["counts"]] == [(50, 60)]
