"""Which counts are compared, and what they come to."""

from datetime import date

import pytest

from matchers.base import Verdict
from matchers.counting.comparability import Comparable, Incomparable, comparable
from matchers.counting.mechanisms import Published
from matchers.counting.methods import UNKNOWN, method_of
from matchers.counting.posterior import coverage
from matchers.judging.verdict import count_verdict
from matchers.parameters import DEFAULTS

CENSUS = date(2009, 8, 24)
COUNT = {"value": None, "low": None, "high": None, "unit": "persons", "group": None, "method": None, "date": None}


def count(**given):
    """Return a count as `geodata.places.COUNT` has it."""
    return {**COUNT, "status": "observed", **given}


def compared(citizen, official, days=(CENSUS, CENSUS)):
    """Return whether two counts can be compared."""
    return comparable([citizen], [official], days, DEFAULTS.counting)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("unknown (widely quoted)", "unknown"),
        ("extrapolation from a door-to-door survey of Kianda", "extrapolation"),
        ("structures from imagery, sampled occupancy", "structures"),
        ("door-to-door", "full_enumeration"),
        ("full_enumeration", "full_enumeration"),
        ("household listing", "household_listing"),
        ("key informants", "key_informant"),
        ("membership list", "membership"),
        ("T-square", "t_square"),
        ("something else", "unknown"),
        (None, "unknown"),
    ],
)
def test_methods_are_recognised(text, code):
    """A description of a method is brought to its code; what is not known stays unknown."""
    assert method_of(text).code == code


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
        (count(value=5, unit="pupils"), count(value=5), "the record counts pupils and the list persons"),
        (count(value=5, unit="pupils"), count(value=5, unit="pupils"), "pupils are not everybody who lives there"),
        (count(value=5, group="women"), count(value=5), "they speak of different groups"),
        (count(value=0), count(value=5), "the record counts nobody"),
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
    found = comparable(several, [count(value=490)], (None, CENSUS), DEFAULTS.counting)
    assert found.citizen == 500


def verdict(citizen, official, method, years=0.0):
    """Return what two counts come to."""
    day = date(2009, 8, 24) if not years else date(2009 + int(years), 8, 24)
    pair = compared(count(value=citizen, method=method, date=day), count(value=official))
    return count_verdict(coverage(pair.citizen, Published(pair.official), pair.s), pair, DEFAULTS.counting)


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


def test_the_unknown_method_is_the_default():
    """A count that does not say how it was made is taken for hearsay."""
    assert method_of("") is UNKNOWN
