"""Parts of a unit that do not add up to it keep their list from being blamed for coverage."""

from datetime import date

import pytest

from geodata.coverage import from_dict
from geodata.places import Places
from matchers.compare import compare
from matchers.counting.additivity import mismatches

DAY = date(2022, 8, 24)


def counted(value, **given):
    """Return one count of persons of the day of the list, or none."""
    empty = {"low": None, "high": None, "group": None, "method": "census"}
    return (
        []
        if value is None
        else [{**empty, "value": value, "unit": "persons", "date": DAY, "status": "observed"} | given]
    )


@pytest.fixture
def divided(listed):
    """Return a list of one district of three parts, with the numbers of each and of the whole."""

    def build(whole, *parts, **manifest):
        rows = [{"id": "D", "names": ["Samia"], "lat": 0.9, "lon": 34.9, "counts": counted(whole)}]
        for number, value in enumerate(parts):
            where = {"lat": 0.91 + 0.02 * number, "lon": 34.95, "parent": "Samia"}
            rows.append({"id": f"P{number}", "names": [f"Zarani {'abc'[number]}"], "counts": counted(value), **where})
        return listed(rows, from_dict({"completeness": "exhaustive", **manifest}))

    return build


def test_parts_that_add_up_say_nothing(divided):
    """A whole and its parts that agree to a hundredth are as they should be."""
    assert mismatches(divided(900, 300, 301, 301)) == {}


@pytest.mark.parametrize("parts", [(300, 300, 500), (300, 200, 100)])
def test_parts_that_do_not_add_up_are_told_of_all(divided, parts):
    """More than the whole, or less of a list that names all parts: the whole and each part are told of."""
    found = mismatches(divided(900, *parts))
    assert set(found) == {"D", "P0", "P1", "P2"}
    assert found["D"] == f"the parts of “Samia” add up to {sum(parts):,} where it counts 900 persons in this list"


def test_a_list_that_names_some_parts_only_may_fall_short(divided):
    """Of a partial list nothing follows from parts that are less than the whole."""
    assert mismatches(divided(900, 300, 100, completeness="partial")) == {}
    assert mismatches(divided(900, 800, 300, completeness="partial")) != {}


def test_noise_and_withheld_parts_are_no_contradiction(divided):
    """What the publisher adds may keep sums apart; where one part is withheld nothing adds up to anything."""
    rounded = {"counts": {"disclosure": {"treatment": "random_rounded", "base": 5}}}
    assert mismatches(divided(100, 30, 35, 47)) != {}
    assert mismatches(divided(100, 30, 35, 47, **rounded)) == {}
    assert mismatches(divided(900, 300, None, 900)) == {}


def test_a_name_that_two_entries_bear_is_no_whole(listed):
    """Where it is not clear which entry the parts belong to, none is held against them."""
    twice = [{"id": at, "names": ["Samia"], "lat": 0.9, "lon": 34.9, "counts": counted(5)} for at in ("D", "E")]
    part = {"id": "P", "names": ["Zarani"], "parent": "Samia", "counts": counted(900)}
    assert mismatches(listed([*twice, part])) == {}


def test_a_contradiction_is_for_a_person_to_see(divided):
    """A shortfall of a part of such a unit is not called an undercount by itself, and the reason says why."""
    record = {"id": "r", "names": ["Zarani a"], "lat": 0.91, "lon": 34.95, "r95_m": 200, "observed": DAY}
    mine = Places.from_rows([{**record, "counts": counted(3_000, method="full enumeration")}])
    known = compare(mine, divided(900, 300, 300, 300), today=DAY).findings.to_pylist()[0]
    assert known["verdict"] == "undercount", known["reason"]
    doubted = compare(mine, divided(900, 300, 300, 700), today=DAY).findings.to_pylist()[0]
    assert (doubted["verdict"], "not_additive" in doubted["attributes"]) == ("needs_review", True)
    assert "The parts of “Samia” add up to 1,300 where it counts 900 persons in this list." in doubted["reason"]
