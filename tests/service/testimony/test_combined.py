"""The common count of a community: what several records count, and what that says about the official number."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import pytest

from matchers.parameters import DEFAULTS
from service.accounts.account import Account, Count, Name
from service.store.values import Finding, Record, RecordState
from service.testimony.combined import Company, combined

NOW = datetime(2010, 9, 5, tzinfo=UTC)
TODAY = date(2026, 3, 1)
CENSUS = 170_070.0


def counted(citizen, sigma, **parts):
    """Return what a test against the census came to, with the spread that such a count has there."""
    return {
        "citizen": citizen,
        "official_low": CENSUS,
        "official_high": CENSUS,
        "unit": "persons",
        "group": None,
        "method": None,
        "spread": math.sqrt(sigma**2 + 0.02**2 + 0.15**2),
        "years": 0.0,
        "growth": 0.0,
        "p_under": 0.5,
        "p_over": 0.1,
        "ratio": 0.9,
        "ratio_low": 0.7,
        "ratio_high": 1.1,
        "shortfall": 0.0,
        "detectable": None,
    } | parts


def finding(record_id, tested=None, *, source="ke-census", verdict="insufficient_evidence", attributes=("matched",)):
    """Return what one list said about a record that it names."""
    return Finding(
        id=f"f-{record_id}-{source}",
        record_id=record_id,
        revision=1,
        source=source,
        snapshot="a" * 64,
        model="m1",
        verdict=verdict,
        subtype=None,
        p_absent=0.01,
        p_match=0.99,
        official_id="V1",
        official_name="Kibera",
        needs_review=False,
        attributes=attributes,
        failed_preconditions=(),
        reason="Listed.",
        candidates=(),
        created_at=NOW,
        counted=tested,
    )


def record(organisation, *findings, counts=(), attributes=(), **parts):
    """Return a record of one organisation."""
    account = Account(
        names=(Name("Kibera"),), country="KEN", own_id=organisation, counts=tuple(counts), attributes=attributes
    )
    return Record(
        **{
            "id": f"r-{organisation}",
            "organisation": organisation,
            "revision": 1,
            "state": RecordState.VERIFIED,
            "account": account,
            "created_at": NOW,
            "updated_at": NOW,
            "verdict": findings[0].verdict if findings else None,
            "p_absent": 0.01,
            "findings": findings,
            "flag_id": None,
        }
        | parts
    )


def count(value=None, method="full enumeration", **parts):
    """Return a count of August 2009."""
    return Count(**{"value": value, "method": method, "date": date(2009, 8, 24)} | parts)


GROUND = record(
    "map-kibera",
    finding("r-map-kibera", counted(252_500.0, 0.20)),
    counts=[count(low=235_000.0, high=270_000.0, method="extrapolation")],
)
SATELLITE = record(
    "keyobs",
    finding("r-keyobs", counted(202_532.0, 0.15)),
    counts=[count(202_532.0, low=199_959.0, high=205_108.0, method="structures from imagery")],
)
QUOTED = record("press", finding("r-press"), counts=[count(1_000_000.0, method="widely quoted")])


def of(*records, speaker=None):
    """Return the common count of these records."""
    return combined(Company(records, speaker or records[0], TODAY), DEFAULTS.counting)


def test_kibera_is_told_in_one_sentence():
    """The acceptance story: two counts come to 217,663, the quoted million takes no part, and nothing is proven."""
    found = of(GROUND, SATELLITE, QUOTED)
    assert (found["value"], found["counts"], found["conflicting"]) == (217_663, 2, False)
    assert (found["sd"], found["spread"]) == pytest.approx((0.1308, 0.963), abs=2e-4)
    (test,) = found["tests"]
    assert test["spread"] == pytest.approx(0.2, abs=1e-3)
    assert test["p_under"] == pytest.approx(0.364, abs=5e-3)
    assert found["verdict"] == "insufficient_evidence"
    assert [(claim["organisation"], claim["part"]) for claim in found["claims"]] == [
        ("map-kibera", "combined"),
        ("keyobs", "combined"),
        ("press", "method_unknown"),
    ]
    assert found["sentence"].startswith(
        "Two organisations count 235,000 to 270,000 and 199,959 to 205,108; together 217,663 (168,"
    )
    assert "One number of unknown method is left out." in found["sentence"]
    assert "The 170,070 of ke-census cover an estimated 94% of them (69% to 110%)" in found["sentence"]


def test_a_list_is_called_by_its_title_and_vintage():
    """Nobody can look up an identifier of ours: the sentence says what the list is called, and as of when."""
    company = Company((GROUND, SATELLITE), GROUND, TODAY, {"a" * 64: "Census of Kenya (2009)"})
    found = combined(company, DEFAULTS.counting)
    assert "The 170,070 of Census of Kenya (2009) cover" in found["sentence"]
    assert found["lists"] == {"a" * 64: "Census of Kenya (2009)"}


def test_what_one_record_raised_is_not_laid_to_rest_by_counts_that_cannot_tell():
    """The quoted million calls for a person; two counts that prove nothing leave that as it is, and decide no more."""
    press = record("press", finding("r-press", verdict="needs_review"), counts=[count(1_000_000.0, "widely quoted")])
    found = of(GROUND, SATELLITE, press, speaker=press)
    assert (found["value"], found["verdict"]) == (217_663, "needs_review")


def test_one_count_is_no_common_count():
    """A single count, or one that can be weighed beside one that cannot, has nothing to be combined with."""
    assert of(GROUND) is None
    assert of(GROUND, QUOTED) is None
    assert of(QUOTED) is None


def test_several_weak_counts_decide_together():
    """What no count could show alone they show together: the verdict of the community is theirs."""
    records = [
        record(
            name,
            finding(f"r-{name}", counted(value, 0.15)),
            counts=[count(value, method="structures")],
        )
        for name, value in (("one", 380_000.0), ("two", 400_000.0), ("three", 390_000.0))
    ]
    found = of(*records)
    assert (found["verdict"], found["attributes"]) == ("undercount", [])
    assert found["tests"][0]["shortfall"] > 100_000


def test_a_collection_that_may_not_show_an_undercount_shows_none_in_company():
    """Where the quality of every count allows no undercount, a person looks; one that is allowed is enough."""

    def records(*limits):
        return [
            record(
                f"o{at}",
                finding(f"r-o{at}", counted(400_000.0, 0.05), attributes=("matched", *limit)),
                counts=[count(400_000.0 + at)],
            )
            for at, limit in enumerate(limits)
        ]

    both = of(*records(("quality_undeclared",), ("quality_undeclared",)))
    assert (both["verdict"], both["attributes"]) == ("needs_review", ["quality_undeclared"])
    assert of(*records(("quality_undeclared",), ()))["verdict"] == "undercount"


def test_counts_more_than_twofold_apart_call_for_a_person():
    """No number decides between 100,000 and 400,000."""
    low = record("one", finding("r-one", counted(100_000.0, 0.05)), counts=[count(100_000.0)])
    high = record("two", finding("r-two", counted(400_000.0, 0.05)), counts=[count(400_000.0)])
    found = of(low, high)
    assert (found["verdict"], found["conflicting"]) == ("needs_review", True)
    assert "conflicting_counts" in found["attributes"]
    assert "more than twice the smallest" in found["sentence"]


def test_a_number_told_twice_is_one_count():
    """Two organisations that pass on the very same number are no surer than one."""
    one = record("one", counts=[count(500.0, "structures")])
    two = record("two", counts=[count(500.0, "structures")])
    found = of(one, two)
    assert (found["value"], found["sd"]) == (500, pytest.approx(0.15))
    other = record("two", counts=[count(501.0, "structures")])
    assert of(one, other)["sd"] < 0.13


def test_shared_enumerators_share_their_errors():
    """Counts by the same enumerators are worth hardly more than one of them."""
    shared = (("Enumerators", "Kibera youth group"),)
    apart = of(record("one", counts=[count(500.0, "structures")]), record("two", counts=[count(510.0, "structures")]))
    same = of(
        record("one", counts=[count(500.0, "structures")], attributes=shared),
        record("two", counts=[count(510.0, "structures")], attributes=shared),
    )
    assert same["sd"] == pytest.approx(0.15 * math.sqrt(0.9), rel=1e-3)
    assert apart["sd"] == pytest.approx(0.15 * math.sqrt(0.6), rel=1e-3)


def test_members_and_pupils_only_raise_the_floor():
    """A list of members enters no mean; nothing that is concluded falls below it."""
    records = [record("one", counts=[count(500.0)]), record("two", counts=[count(510.0)])]
    pupils = record("school", counts=[count(495.0, "school census", unit="pupils")])
    found = of(*records, pupils)
    assert (found["value"], found["low"], found["counts"], found["floor"]) == (505, 495, 2, 495.0)
    assert found["claims"][2]["part"] == "lower_bound"
    assert "at least 495" in found["sentence"]


def test_households_become_persons_by_the_record_s_own_size():
    """A record that says how many live in a household joins those that count persons, with the error that brings."""
    own = (("household size", "4.8"),)
    found = of(
        record("one", counts=[count(576.0)]),
        record("two", counts=[count(120.0, "household listing", unit="households")], attributes=own),
        record("three", counts=[count(120.0, "household listing", unit="households")]),
    )
    assert (found["value"], found["counts"], len(found["claims"])) == (576, 2, 2)
    assert found["claims"][1]["high"] / found["claims"][1]["value"] == pytest.approx(math.exp(1.96 * 0.1414), rel=1e-2)


def test_a_copy_of_the_list_is_no_count():
    """A record that stands on the entry's very point, with its name and number, only says what the list says."""
    candidate = {"distance_m": 0, "similarity": 1, "official_id": "V1"}
    found = finding("r-copy", counted(CENSUS, 0.05))
    copied = record("copy", found.__class__(**{**vars_of(found), "candidates": (candidate,)}), counts=[count(CENSUS)])
    assert of(GROUND, SATELLITE, copied)["claims"][2]["part"] == "official_copy"
    assert of(GROUND, SATELLITE, copied)["value"] == 217_663


def vars_of(found):
    """Return the fields of a value with slots."""
    return {name: getattr(found, name) for name in found.__slots__}


def test_official_lists_that_contradict_one_another_are_both_shown():
    """A census that is short and a register that is not are two tests, never one number between them."""

    def named(name, value):
        return record(
            name,
            finding(f"r-{name}", counted(value, 0.05, official_low=300.0, official_high=300.0, spread=0.07)),
            finding(
                f"r-{name}",
                counted(value, 0.05, official_low=495.0, official_high=495.0, spread=0.07),
                source="register",
            ),
            counts=[count(value)],
        )

    found = of(named("one", 500.0), named("two", 505.0))
    assert [(test["source"], test["official_low"]) for test in found["tests"]] == [
        ("ke-census", 300),
        ("register", 495),
    ]
    assert found["verdict"] == "undercount"
    assert found["attributes"] == ["conflicting_sources"]
    assert "The official lists contradict one another" in found["sentence"]


def test_what_the_groups_of_a_record_decided_stands():
    """Where a group is what the finding is about, counts of everybody change nothing."""
    about = finding("r-one", counted(500.0, 0.05), verdict="needs_review", attributes=("matched", "group_counted"))
    found = of(record("one", about, counts=[count(500.0)]), record("two", counts=[count(505.0)]))
    assert (found["verdict"], found["tests"]) == (None, [])


def test_a_known_rate_brings_counts_to_one_date():
    """With growth in the test, an older count is grown; without, what is older than two years is left out."""
    then = [count(450.0, date=date(2005, 8, 24))]
    now = counted(500.0, 0.05, official_low=480.0, official_high=480.0, years=10.0, growth=0.22)
    grown = of(record("one", finding("r-one", now), counts=[count(500.0)]), record("two", counts=then))
    assert [claim["part"] for claim in grown["claims"]] == ["combined", "combined"]
    assert 480 < grown["value"] < 500
    still = {**now, "growth": 0.0}
    assert of(record("one", finding("r-one", still), counts=[count(500.0)]), record("two", counts=then)) is None
