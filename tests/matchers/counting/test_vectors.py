"""The vectors of the methods as whole comparisons: the numbers, and what follows from them (C1 to C14)."""

from datetime import date

import pytest
import shapely

from geodata.counts.growthrates import Part, Rate
from geodata.coverage import from_dict
from geodata.places import Places
from matchers.circumstances import NOTHING_KNOWN, Circumstances
from matchers.compare import compare
from matchers.counting.growth import Growth

TODAY = date(2026, 1, 1)
DAY = date(2009, 8, 24)
PLACE = {"names": ["Gatwekera"], "country": "KEN", "lat": 0.5001, "lon": 34.5001, "r95_m": 300.0, "kind": "village"}
SAME = {"boundary": "same"}
UNDER_TEN = {"low": 0, "high": 9, "status": "open_ended_bound"}
TEN_YEARS = [{"from": "2009-08-24", "to": "2019-08-24", "percent_per_year": 2.2}]


def count(**given):
    """Return a count of persons on the day of the census."""
    empty = {"value": None, "low": None, "high": None, "group": None, "method": None}
    return {**empty, "unit": "persons", "date": DAY, "status": "observed", **given}


@pytest.fixture
def tested(listed):
    """Return the finding about one listed place that both sides count."""

    def find(mine, theirs, counts=SAME, *, place=PLACE, known=NOTHING_KNOWN, **manifest):
        declared = from_dict({"completeness": "exhaustive", "counts": counts, **manifest})
        theirs = theirs if isinstance(theirs, list) else [count(**theirs)]
        official = listed([{"id": "G", **PLACE, "counts": theirs}], declared)
        record = Places.from_rows([{"id": "r", **place, "counts": [count(**mine)]}])
        return compare(record, official, today=TODAY, known=known).findings.to_pylist()[0]

    return find


@pytest.mark.parametrize(
    ("mine", "theirs", "counts", "numbers", "verdict"),
    [
        pytest.param((500, "door to door"), 490, SAME, (0.062, 0.986), "consistent", id="C1"),
        pytest.param((500, "door to door"), 300, SAME, (1.000, 0.602), "undercount", id="C2"),
        pytest.param((40, "household listing"), 0, SAME, (1.000, 0.122), "undercount", id="C4"),
        pytest.param(
            (6, "household listing"),
            0,
            SAME | {"disclosure": {"treatment": "random_rounded", "base": 5}},
            (0.543, 0.877),
            "insufficient_evidence",
            id="C5",
        ),
        pytest.param(
            (40, "household listing"),
            UNDER_TEN,
            SAME | {"disclosure": {"treatment": "suppressed", "below": 10}},
            (1.000, 0.249),
            "undercount",
            id="C6",
        ),
        pytest.param(
            (8, "household listing"),
            {"status": "suppressed"},
            SAME | {"disclosure": {"treatment": "suppressed", "below": 10}},
            (0.336, 0.959),
            "insufficient_evidence",
            id="C7",
        ),
        pytest.param(
            (40, "household listing"),
            22,
            SAME | {"disclosure": {"treatment": "geometric", "epsilon": 0.2}},
            (0.627, 0.834),
            "insufficient_evidence",
            id="C8",
        ),
        pytest.param((1_000_000, "widely quoted"), 170_070, {}, (0.672, 0.633), "needs_review", id="C10"),
        pytest.param((252_500, "extrapolation"), 170_070, {}, (0.468, 0.911), "insufficient_evidence", id="C11"),
        pytest.param((202_532, "satellite"), 170_070, {}, (0.275, 0.959), "insufficient_evidence", id="C12"),
        pytest.param((7_681, "quadrat"), 9_479, SAME, (0.054, 1.053), "insufficient_evidence", id="C13"),
        pytest.param((9_523, "T-square"), 9_479, SAME, (0.124, 0.998), "consistent", id="C14"),
    ],
)
def test_vectors(tested, *, mine, theirs, counts, numbers, verdict):
    """Each vector has its probability, its median and its verdict."""
    value, method = mine
    theirs = theirs if isinstance(theirs, dict) else {"value": theirs, "status": "observed" if theirs else "true_zero"}
    found = tested({"value": value, "method": method}, theirs, counts)
    assert found["verdict"] == verdict, found["reason"]
    counted = found["counted"]
    assert (counted["p_under"], counted["ratio"]) == pytest.approx(numbers, abs=0.005)


def test_growth_explains_a_difference(tested):
    """C3: ten years at 2.2 % leave no undercount, and an official count too old for more."""
    mine = {"value": 500, "method": "full enumeration", "date": date(2019, 8, 24)}
    found = tested(mine, {"value": 400}, SAME | {"growth": TEN_YEARS})
    assert (found["verdict"], "stale" in found["attributes"]) == ("stale_official", True)
    counted = found["counted"]
    assert (counted["p_under"], counted["ratio"]) == pytest.approx((0.132, 0.998), abs=0.005)
    assert (counted["growth"], counted["spread"]) == pytest.approx((0.22, 0.1594), abs=5e-4)
    assert "growing by 2.2 % a year over 10 years" in found["reason"]
    assert "10 years lie between them" in found["reason"]


def test_more_than_all_others_is_an_undercount_under_any_mapping(tested):
    """C3b: nine hundred of a group without a category, where "other" holds four hundred."""
    groups = {"variables": [{"dimension": "ethnic", "categories": ["Kikuyu", "Other"]}]}
    mine = {"value": 900, "group": "Nubian", "method": "household listing"}
    theirs = [count(value=3_000, group="Kikuyu"), count(value=400, group="Other")]
    found = tested(mine, theirs, SAME, groups=groups)
    assert (found["verdict"], found["subtype"]) == ("hidden_group", "no_category")
    assert "undercount_proven" in found["attributes"]
    counted = found["counted"]
    assert (counted["p_under"], counted["ratio"]) == pytest.approx((1.0, 0.452), abs=0.005)
    assert (counted["group"], counted["official_high"]) == ("Nubian", 400)


def test_where_the_mapping_decides_a_person_does(tested):
    """C3c: an undercount against the 120 that are surely theirs, none against the 480 they may be among."""
    concordance = [
        {"group": "Nubian", "category": "Sudanese", "relation": "narrower"},
        {"group": "Nubian", "category": "Moslem trader", "relation": "overlap"},
    ]
    variables = [{"dimension": "ethnic", "categories": ["Sudanese", "Moslem trader", "Kikuyu"]}]
    mine = {"value": 500, "group": "Nubian", "method": "household listing"}
    theirs = [count(value=120, group="Sudanese"), count(value=360, group="Moslem trader")]
    found = tested(mine, theirs, SAME, groups={"variables": variables, "concordance": concordance})
    assert (found["verdict"], "mapping_decides" in found["attributes"]) == ("needs_review", True)
    counted = found["counted"]
    assert counted["p_under"] == pytest.approx(0.139, abs=0.005)
    assert (counted["official_low"], counted["official_high"]) == (120, 480)


def test_households_are_counted_as_persons(tested):
    """C9: 120 households of 4.8 persons, a size known of the area, against 450 persons."""
    mine = {"value": 120, "unit": "households", "method": "household listing"}
    found = tested(mine, {"value": 450}, SAME | {"household_size": {"persons": 4.8, "from": "area"}})
    assert found["verdict"] == "insufficient_evidence"
    counted = found["counted"]
    assert (counted["citizen"], counted["unit"]) == (pytest.approx(576), "persons")
    assert (counted["p_under"], counted["ratio"]) == pytest.approx((0.467, 0.908), abs=0.005)
    assert "120 households are taken at 4.8 persons per household" in found["reason"]


def test_too_little_power_is_said(tested):
    """Where nothing could have been shown, the reason says what could."""
    found = tested({"value": 200, "method": "household listing"}, {"value": 170})
    assert found["verdict"] == "insufficient_evidence"
    assert found["counted"]["detectable"] == pytest.approx(0.63, abs=0.005)
    assert "could only have shown a list that covers less than 63 %" in found["reason"]


def test_a_famous_number_proves_nothing_however_large(tested):
    """Ten times the famous million is no better."""
    found = tested({"value": 10_000_000, "method": "widely quoted"}, {"value": 170_070}, {})
    assert (found["verdict"], "method_unknown" in found["attributes"]) == ("needs_review", True)


def test_nonsense_keeps_the_record_and_gives_no_number(tested):
    """A count of the future is refused in words; the place is still the listed one."""
    found = tested({"value": 500, "method": "listing", "date": date(2031, 1, 1)}, {"value": 300})
    assert (found["verdict"], found["counted"], found["official_id"]) == ("insufficient_evidence", None, "G")
    assert {"matched", "counts_refused"} <= set(found["attributes"])
    assert "which has not come yet" in found["reason"]


def test_rates_from_elsewhere_are_applied(tested):
    """Rates of a World Bank snapshot grow the count: those of the countryside for a village."""
    rates = [Rate(DAY, date(2014, 8, 24), 0.03, "KEN"), Rate(DAY, date(2014, 8, 24), 0.01, "KEN", part=Part.RURAL)]
    mine = {"value": 500, "method": "full enumeration", "date": date(2014, 8, 24)}
    known = Circumstances(Growth.of(rates, "digest"))
    grown, plain = tested(mine, {"value": 490}, known=known), tested(mine, {"value": 490})
    assert grown["counted"]["growth"] == pytest.approx(0.05, abs=1e-3)
    assert "growing by 1.0 % a year over 5 years (the countryside)" in grown["reason"]
    assert plain["counted"]["growth"] == 0
    assert "no growth rate being known for the 5 years between" in plain["reason"]


def test_people_who_were_driven_out_are_not_projected(tested):
    """An eviction between the two dates makes the official count a thing of the past, however large the gap."""
    place = PLACE | {"attributes": {"drivers": "eviction"}}
    mine = {"value": 500, "method": "full enumeration", "date": date(2014, 8, 24)}
    found = tested(mine, {"value": 50}, place=place)
    assert (found["verdict"], found["counted"]) == ("stale_official", None)
    assert "stale" in found["attributes"]
    feared = tested(mine, {"value": 50}, place=place | {"attributes": {"drivers": "risk of eviction"}})
    assert feared["verdict"] == "undercount"


@pytest.mark.parametrize("place", [PLACE | {"groups": ["migrant workers"]}, PLACE | {"kind": "camp"}])
def test_who_is_left_out_of_the_counts_is_not_undercounted(tested, place):
    """A list whose counts leave such people out cannot count them too low: they are missing by rule."""
    counts = SAME | {"leaves_out": ["camp", "Migrant workers"]}
    found = tested({"value": 500, "method": "full enumeration"}, {"value": 50}, counts, place=place)
    assert (found["verdict"], found["subtype"]) == ("hidden_group", "universe_excludes"), found["reason"]


@pytest.mark.parametrize(
    ("area", "own", "gap"),
    [
        (None, {}, 0.15),
        (None, {"pcode": "KE-7"}, 0.0),
        ("square", {}, 0.0),
        ("shifted", {}, 0.05),
        ("elsewhere", {}, 0.15),
    ],
)
def test_one_unit_is_known_by_its_code_or_polygon(listed, area, own, gap):
    """A code and a name in common, or one polygon, say that both count the same unit; a point says nothing."""
    squares = {"square": box(0.0), "shifted": box(0.15), "elsewhere": box(0.6), None: None}
    entry = {"id": "G", **PLACE, "admin": {"pcode": "KE-7"}, "counts": [count(value=300)]}
    entry |= {"area": box(0.0) if area else None}
    mine = {**PLACE, "admin": own, "area": squares[area], "counts": [count(value=500, method="full enumeration")]}
    found = compare(Places.from_rows([{"id": "r", **mine}]), listed([entry]), today=TODAY).findings.to_pylist()[0]
    assert found["counted"]["spread"] ** 2 == pytest.approx(0.05**2 + 0.02**2 + gap**2)


def box(shift):
    """Return a square of about a kilometre around the place, shifted east by a part of its side."""
    west = 34.4951 + 0.01 * shift
    return shapely.to_wkb(shapely.box(west, 0.4951, west + 0.01, 0.5051))
