"""Which counts are compared, and what they come to."""

import math
from dataclasses import replace
from datetime import date

import pytest

from geodata.counts.coverage import (
    Basis,
    Boundary,
    CountCoverage,
    Disclosure,
    HouseholdSize,
    SizeBasis,
    Treatment,
    Universe,
)
from geodata.counts.growthrates import Rate
from matchers.base import Verdict
from matchers.counting.comparability import Comparable, Incomparable, comparable
from matchers.counting.definitions import Gap, definition_gap, official_sigma
from matchers.counting.frame import Frame
from matchers.counting.growth import Population
from matchers.counting.mechanisms import Published
from matchers.counting.posterior import Coverage
from matchers.counting.reading import Theirs
from matchers.judging.verdict import count_verdict
from matchers.parameters import DEFAULTS

CENSUS = date(2009, 8, 24)
COUNT = {"value": None, "low": None, "high": None, "unit": "persons", "group": None, "method": None, "date": None}


def count(**given):
    """Return a count as `geodata.places.COUNT` has it."""
    return {**COUNT, "status": "observed", **given}


def frame(days=(CENSUS, CENSUS), **known):
    """Return what decides, beside the counts, how they are compared."""
    known = {"gap": definition_gap(Boundary.NOT_IDENTICAL, None, DEFAULTS.counting), **known}
    return Frame(DEFAULTS.counting, date(2026, 1, 1), days, **known)


def compared(citizen, official, days=(CENSUS, CENSUS), **known):
    """Return whether two counts can be compared."""
    return comparable([citizen], [official], frame(days, **known))


def test_a_range_is_its_middle_and_never_too_precise():
    """A narrow stated range does not beat the floor of its method."""
    found = compared(count(low=199_959, high=205_108, method="satellite imagery"), count(value=170_070))
    assert isinstance(found, Comparable)
    assert found.citizen == pytest.approx(202_533.5)
    assert found.s == pytest.approx(0.2131, abs=1e-3)


def test_years_between_counts_add_error():
    """Five years without a growth rate widen the error by three hundredths each."""
    at_once = compared(count(value=500), count(value=490))
    later = compared(count(value=500, date=date(2014, 8, 24)), count(value=490))
    assert later.s**2 - at_once.s**2 == pytest.approx(0.15**2, rel=0.01)


@pytest.mark.parametrize(
    ("citizen", "official", "because"),
    [
        (count(), count(value=5), "the record gives no count"),
        (count(value=5), count(), "the list gives no count"),
        (count(value=5), count(status="suppressed"), "the official count is withheld"),
        (count(value=5, unit="beds"), count(value=5), "the record counts beds and the list persons"),
        (count(value=5, unit="pupils"), count(value=5, unit="pupils"), "pupils are not everybody who lives there"),
        (count(value=5, group="women"), count(value=5), "they speak of different groups"),
        (
            count(value=5, unit="households"),
            count(value=5),
            "the record counts households and the list persons, and nobody says how many persons a household has",
        ),
    ],
)
def test_what_cannot_be_compared_is_said(citizen, official, because):
    """Counts of other things, of other people or of nobody are never compared, and the reason says why."""
    assert compared(citizen, official) == Incomparable(because)


def test_counts_without_dates_are_not_compared():
    """Without a date nobody knows what changed in between."""
    found = compared(count(value=5), count(value=5), (None, CENSUS))
    assert found == Incomparable("one of them has no date")


def test_the_count_nearest_in_time_is_taken():
    """Of several counts the one nearest to the official date counts."""
    several = [count(value=900, date=date(2020, 1, 1)), count(value=500, date=date(2010, 1, 1))]
    found = comparable(several, [count(value=490)], frame((None, CENSUS)))
    assert found.citizen == 500
    assert found.notes == ("the record has counts of 2 dates: 500 (2010), 900 (2020)",)


@pytest.mark.parametrize(
    ("citizen", "told"),
    [
        ({"value": -5}, "the record's count of -5 is negative"),
        ({"value": float("nan")}, "the record's count is no number"),
        ({"value": float("inf")}, "the record's count is no number"),
        ({"value": 0}, "the record counts nobody"),
        ({"low": 500, "high": 300}, "the record's count has its range upside down, from 500 to 300"),
        ({"value": 900, "low": 300, "high": 500}, "the record's count of 900 lies outside its range from 300 to 500"),
        (
            {"low": 1, "high": 1e9},
            "the record gives its range from 1 to 1,000,000,000, which is too wide to say anything",
        ),
        ({"value": 5, "date": date(2031, 1, 1)}, "the record's count is of 2031-01-01, which has not come yet"),
        ({"low": 0, "high": 50, "status": "open_ended_bound"}, "the record only says how many there are at most"),
    ],
)
def test_nonsense_is_refused(citizen, told):
    """What cannot be a count gets a refusal that says why, and never a number."""
    assert compared(count(**citizen), count(value=490)) == Incomparable(told, Verdict.INSUFFICIENT_EVIDENCE)


@pytest.mark.parametrize(
    ("official", "told"),
    [
        ({"value": -5}, "the official count of -5 is negative"),
        ({"low": 9, "high": 1}, "the official count has its range upside down, from 9 to 1"),
        ({"value": 5, "date": date(2031, 1, 1)}, "the official count is of 2031-01-01, which has not come yet"),
    ],
)
def test_nonsense_of_a_list_is_refused(official, told):
    """The same holds for the list's numbers."""
    assert compared(count(value=500), count(**official)) == Incomparable(told, Verdict.INSUFFICIENT_EVIDENCE)


def test_a_good_count_stands_beside_nonsense():
    """One impossible count takes no other down; the reason says that it was set aside."""
    found = comparable([count(value=-5), count(value=500)], [count(value=490)], frame())
    assert found.citizen == 500
    assert found.notes == ("set aside: the record's count of -5 is negative",)


def test_noise_may_make_a_number_negative():
    """Where the publisher adds noise, less than nobody is a number like others."""
    noisy = CountCoverage(disclosure=Disclosure(Treatment.GEOMETRIC, epsilon=0.2))
    assert isinstance(compared(count(value=5), count(value=-3), declared=noisy), Comparable)


def test_a_wide_range_raises_the_error():
    """A door-to-door count given as 300 to 700 is as uncertain as that."""
    found = compared(count(low=300, high=700, method="full enumeration"), count(value=490), gap=Gap(0, ""))
    assert found.s == pytest.approx(math.hypot(math.log(7 / 3) / 3.92, 0.02), rel=1e-3)


def test_what_is_known_of_a_collection_raises_the_error():
    """Heaped digits make an enumeration no better than they are."""
    found = compared(count(value=500, method="full enumeration"), count(value=490), gap=Gap(0, ""), floor=0.25)
    assert found.s == pytest.approx(math.hypot(0.25, 0.02))


@pytest.mark.parametrize("unit", ["pupils", "members", "voters"])
def test_some_of_the_people_are_at_least_so_many_persons(unit):
    """Pupils and members are persons, and not all of them."""
    found = compared(count(value=500, unit=unit, method="full enumeration"), count(value=490))
    assert (found.unit, found.method.lower_bound) == ("persons", True)
    assert found.method.sigma >= 0.4
    agreeing = verdict(500, 490, "full enumeration", unit=unit)
    assert (agreeing.verdict, agreeing.attributes) == (Verdict.CONSISTENT, ("presence_only", "lower_bound"))
    assert verdict(500, 60, "full enumeration", unit=unit).verdict == Verdict.UNDERCOUNT


def test_more_than_so_many_is_a_least_number():
    """A count of more than 500 bounds from below."""
    found = compared(count(low=500, method="full enumeration", status="open_ended_bound"), count(value=490))
    assert (found.citizen, found.method.lower_bound) == (500, True)


SIZE = HouseholdSize(4.8, SizeBasis.AREA)


def test_households_become_persons():
    """120 households of 4.8 persons, known from the area, are 576 persons with the error of both (methods C9)."""
    found = compared(
        count(value=120, unit="households", method="household listing"), count(value=450), size=SIZE, gap=Gap(0, "")
    )
    assert (found.citizen, found.unit) == (576, "persons")
    assert found.s == pytest.approx(0.1428, abs=1e-4)
    assert found.notes == ("the record's 120 households are taken at 4.8 persons per household",)
    back = compared(count(value=576, method="household listing"), count(value=100, unit="households"), size=SIZE)
    assert (back.citizen, back.unit) == (pytest.approx(120), "households")


def test_the_same_unit_beats_a_conversion():
    """Where both sides count households, households are compared; a least number comes last."""
    mine = [count(value=120, unit="households"), count(value=300, unit="pupils"), count(value=70, unit="dwellings")]
    theirs = [count(value=450), count(value=100, unit="households")]
    found = comparable(mine, theirs, frame(size=SIZE))
    assert (found.citizen, found.unit) == (120, "households")
    assert comparable(mine[1:], theirs[:1], frame(size=SIZE)).citizen == pytest.approx(70 * 4.8)


def test_a_method_nobody_knows_gives_way():
    """Beside a number that is only quoted, one whose method is known is taken, though its date is farther."""
    mine = [count(value=900, method="quoted"), count(value=500, method="listing", date=date(2012, 1, 1))]
    assert comparable(mine, [count(value=490)], frame()).citizen == 500


@pytest.mark.parametrize(
    ("known", "days", "told"),
    [
        ({"founded": date(2014, 5, 1)}, (date(2019, 8, 24), CENSUS), "the place was founded on 2014-05-01"),
        ({"driven_out": "eviction"}, (date(2012, 8, 24), CENSUS), "the record tells of eviction"),
        ({}, (date(2025, 8, 24), date(1950, 1, 1)), "76 years lie between them"),
    ],
)
def test_what_happened_in_between_forbids_a_projection(known, days, told):
    """A founding, a flight or a lifetime between the dates makes the official count a thing of the past."""
    found = compared(count(value=500), count(value=100), days, **known)
    assert found.verdict == Verdict.STALE_OFFICIAL
    assert found.because.startswith(told)


def test_what_happened_before_or_is_only_feared_does_not():
    """A place older than both counts is compared, and so is one whose counts are of one time."""
    assert isinstance(compared(count(value=5), count(value=5), founded=date(2001, 1, 1)), Comparable)
    assert isinstance(compared(count(value=5), count(value=5), driven_out="eviction"), Comparable)


def test_growth_is_applied_with_what_remains_uncertain():
    """Ten years at 2.2 % a year: growth 0.22, and a total error of 0.1594 (methods C3)."""
    rates = (Rate(CENSUS, date(2019, 8, 24), 0.022, "KEN"),)
    found = compared(
        count(value=500, method="full enumeration"),
        count(value=400),
        (date(2019, 8, 24), CENSUS),
        rates=rates,
        population=Population("KEN"),
        gap=Gap(0, ""),
    )
    assert (found.growth.log, found.s) == pytest.approx((0.22, 0.1594), abs=5e-4)
    decided = count_verdict(found.coverage(DEFAULTS.counting), found, DEFAULTS.counting)
    assert (decided.verdict, decided.attributes) == (Verdict.STALE_OFFICIAL, ("stale",))


def test_a_year_alone_is_half_a_year_uncertain():
    """Where only a year was stated, half a year of growth more is uncertain."""
    found = compared(count(value=500), count(value=490), spread_years=0.5, gap=Gap(0, ""))
    assert found.growth.sigma == pytest.approx(0.015)


@pytest.mark.parametrize(
    ("boundary", "universe", "sigma"),
    [
        (Boundary.SAME, None, 0.0),
        (Boundary.SAME, Universe.USUAL_RESIDENTS, 0.0),
        (Boundary.SAME, Universe.DE_FACTO, 0.05),
        (Boundary.MINOR, None, 0.05),
        (Boundary.NOT_IDENTICAL, Universe.DE_FACTO, 0.15),
        (Boundary.SAME, Universe.CITIZENS, 0.20),
    ],
)
def test_the_larger_gap_of_definitions_decides(boundary, universe, sigma):
    """Boundaries and universes that differ add what the wider of the two does."""
    assert definition_gap(boundary, universe, DEFAULTS.counting).sigma == pytest.approx(sigma)


def test_unrelated_boundaries_are_not_compared():
    """Where the units have little to do with the communities nothing follows from their numbers."""
    gap = definition_gap(Boundary.UNRELATED, None, DEFAULTS.counting)
    found = compared(count(value=500), count(value=100), gap=gap)
    assert found == Incomparable("their boundaries have little to do with one another", Verdict.INSUFFICIENT_EVIDENCE)


def test_definitions_that_differ_widely_are_for_a_person():
    """A count of citizens only is no undercount of all who live there, however short it is."""
    gap = definition_gap(Boundary.SAME, Universe.CITIZENS, DEFAULTS.counting)
    found = verdict(500, 100, "full enumeration", gap=gap)
    assert (found.verdict, found.attributes) == (Verdict.NEEDS_REVIEW, ("definitions_differ",))


def test_parts_that_do_not_add_up_are_for_a_person():
    """Where the list contradicts itself, it is looked at before coverage is blamed."""
    found = verdict(500, 100, "full enumeration", incoherent="the parts of “Busia” add up to 900 where it counts 700")
    assert (found.verdict, found.attributes) == (Verdict.NEEDS_REVIEW, ("not_additive",))


def test_a_shortfall_within_the_publishers_noise_is_no_undercount():
    """What is short has to exceed three standard deviations of what the publisher added."""
    noisy = CountCoverage(disclosure=Disclosure(Treatment.MARGIN, margin=100, level=90))
    pair = compared(count(value=300, method="full enumeration"), count(value=100), declared=noisy, gap=Gap(0, ""))
    sure = Coverage(0.99, 0.0, 0.5, 0.3, 0.7, 150.0, 100.0)
    assert count_verdict(sure, pair, DEFAULTS.counting).verdict == Verdict.NEEDS_REVIEW
    assert count_verdict(replace(sure, shortfall=200.0), pair, DEFAULTS.counting).verdict == Verdict.UNDERCOUNT


@pytest.mark.parametrize(
    ("declared", "method", "group", "sigma"),
    [
        (CountCoverage(), "census", "", 0.02),
        (CountCoverage(), None, "", 0.02),
        (CountCoverage(), "civil register", "", 0.05),
        (CountCoverage(), "mid-year projection", "", 0.10),
        (CountCoverage(Basis.CENSUS), "projection", "", 0.02),
        (CountCoverage(Basis.SURVEY), None, "", 0.10),
        (CountCoverage(Basis.SURVEY, 0.03), None, "", 0.03),
        (CountCoverage(disclosure=Disclosure(Treatment.CELL_KEY)), "census", "roma", 0.10),
    ],
)
def test_the_error_of_an_official_count(declared, method, group, sigma):
    """It is what the publisher states, else what its kind usually has."""
    counted = Theirs(Published(490), "persons", group, method, CENSUS)
    assert official_sigma(declared, counted, DEFAULTS.counting) == sigma


def verdict(citizen, official, method, years=0, **known):
    """Return what two counts come to."""
    given = count(value=citizen, method=method, date=date(2009 + years, 8, 24), unit=known.pop("unit", "persons"))
    pair = compared(given, count(value=official), **known)
    return count_verdict(pair.coverage(DEFAULTS.counting), pair, DEFAULTS.counting)


def test_a_clear_shortfall_is_an_undercount():
    """A door-to-door count of 500 against an official 200 shows an undercount."""
    assert verdict(500, 200, "full enumeration").verdict == Verdict.UNDERCOUNT


def test_a_quoted_number_never_is():
    """The famous million proves nothing, however large the gap (C10)."""
    found = verdict(1_000_000, 170_070, "widely quoted")
    assert found.verdict == Verdict.NEEDS_REVIEW
    assert "method_unknown" in found.attributes
    assert verdict(100_000_000, 170_070, "widely quoted").verdict == Verdict.NEEDS_REVIEW


@pytest.mark.parametrize(("citizen", "method"), [(252_500, "extrapolation"), (202_532, "satellite imagery")])
def test_kiberas_serious_estimates_prove_no_undercount(citizen, method):
    """Neither the part survey nor the satellite count contradicts the census (C11, C12)."""
    assert verdict(citizen, 170_070, method).verdict == Verdict.INSUFFICIENT_EVIDENCE


def test_agreeing_counts_are_consistent():
    """A T-square sample that meets the census is consistent with it (C14)."""
    assert verdict(9_523, 9_479, "full enumeration").verdict == Verdict.CONSISTENT


def test_a_membership_list_is_only_a_lower_bound():
    """Members can outnumber the official count and show an undercount; their agreement shows nothing."""
    assert verdict(500, 490, "membership list").verdict == Verdict.INSUFFICIENT_EVIDENCE
    assert verdict(500, 2, "membership list").verdict == Verdict.UNDERCOUNT


def test_an_old_count_is_stale_unless_it_still_shows_an_undercount():
    """Twelve years apart, agreement says nothing any more, but a gulf still does."""
    assert verdict(500, 490, "full enumeration", 12).verdict == Verdict.STALE_OFFICIAL
    gulf = verdict(5_000, 400, "full enumeration", 12)
    assert (gulf.verdict, gulf.attributes) == (Verdict.UNDERCOUNT, ("stale",))


def test_an_overcount_is_for_a_person():
    """Many more on the list than the citizens counted is looked at, not published."""
    found = verdict(500, 1_500, "full enumeration")
    assert (found.verdict, found.attributes) == (Verdict.NEEDS_REVIEW, ("overcount",))


def test_growth_beyond_all_measure_is_refused():
    """Ninety per cent a year for ten years is a slip of the pen: the counts are not compared, and why is said."""
    mine = count(value=500, method="full enumeration", date=date(2019, 8, 24))
    rates = (Rate(CENSUS, date(2019, 8, 24), 0.9, "KEN"),)
    found = compared(mine, count(value=400), rates=rates, population=Population("KEN"))
    assert found.because == "the log growth must lie within 5 of zero, not at 8.99877"
    assert found.verdict == Verdict.INSUFFICIENT_EVIDENCE
