"""Groups in a whole comparison: the place comes first, then its groups, then its counts."""

from __future__ import annotations

from datetime import date

import pytest

from geodata.coverage import from_dict
from geodata.index import PlaceIndex
from geodata.places import Places
from geodata.taxonomy import Taxonomy
from matchers.base import OfficialList, Verdict
from matchers.compare import compare
from matchers.judging.verdict import Counted, matched_verdict

TODAY = date(2026, 1, 1)
DAY = date(2022, 8, 24)
PLACE = {"lat": 0.40, "lon": 34.40, "r95_m": 100.0, "country": "KEN", "kind": "village"}


@pytest.fixture
def compared(listed, bench):
    """Return the finding about a village of some groups, listed with some cells, against a manifest."""

    def find(groups, *, mine=(), theirs=(), declared=None, listed_as="Kapsowar", **parts):
        manifest = from_dict({"completeness": "exhaustive", "countries": ["KEN"], "groups": declared or bench.ethnic})
        official = listed([{"id": "K", "names": [listed_as], "counts": list(theirs), **PLACE}], manifest)
        record = {"id": "r", "names": ["Kapsowar"], "groups": list(groups), "counts": list(mine), **PLACE}
        places = Places.from_rows([{**record, **parts}])
        return compare(places, official, today=TODAY).findings.to_pylist()[0]

    return find


def test_a_listed_place_whose_group_nobody_asked_about(compared):
    """Case 7: the place is found, the group is not: hidden_group, with the match beside it."""
    found = compared(["Sengwer"], declared={"not_collected": ["ethnic"]})
    assert (found["verdict"], found["subtype"]) == ("hidden_group", "variable_not_collected")
    assert found["official_id"] == "K"
    assert "matched" in found["attributes"]
    assert found["reason"].startswith("Listed as “Kapsowar” in Register of Busia (2022).")
    assert found["p_absent"] < 0.1  # of the place, which is there


def test_a_listed_place_whose_group_is_published_as_under_ten(compared, bench):
    """Case 8: eight people against "<10" are too few to tell, and no missing category."""
    theirs = [bench.counted("Maasai", low=0, high=10, status="open_ended_bound")]
    found = compared(["Maasai"], mine=[bench.counted("Maasai", 8)], theirs=theirs)
    assert (found["verdict"], found["subtype"]) == ("insufficient_evidence", None)
    assert "presence_only" not in found["attributes"]


def test_a_listed_place_with_more_of_a_group_than_the_rest_holds(compared, bench):
    """Case 9: hidden_group, and the undercount is proven."""
    found = compared(["Pemba"], mine=[bench.counted("Pemba", 900)], theirs=[bench.counted("Other", 400)])
    assert (found["verdict"], found["subtype"]) == ("hidden_group", "no_category")
    assert "undercount_proven" in found["attributes"]


def test_a_place_that_is_not_listed_is_not_asked_for_its_groups(compared):
    """Whether a group is counted where its place is not on the list is no question yet."""
    found = compared(["Sengwer"], declared={"not_collected": ["ethnic"]}, listed_as="Zuwerink", lat=0.63, lon=34.55)
    assert found["verdict"] in {"hidden_place", "needs_review"}
    assert "ethnic" not in found["reason"]


def test_who_is_left_out_by_rule_is_not_missing_from_the_list(listed):
    """A list that leaves a group out says nothing by not naming its places, under whichever name the group goes."""
    manifest = from_dict({"completeness": "exhaustive", "excludes": ["internally displaced persons"]})
    away = {**PLACE, "lat": 0.63, "lon": 34.55}
    record = {"id": "r", "names": ["Zuwerink"], "groups": ["IDPs"], **away}
    found = compare(Places.from_rows([record]), listed([], manifest), today=TODAY).findings.to_pylist()[0]
    assert found["verdict"] == "not_assessable"
    assert "leaves out internally displaced persons by rule" in found["reason"]


def test_everybodys_count_still_counts(compared, bench):
    """Beside a group that is counted, the place's own numbers decide; beside one that is not, they are still told."""
    everybody = [bench.counted(None, 2_000)], [bench.counted(None, 700)]
    found = compared(["Maasai"], mine=everybody[0], theirs=everybody[1])
    assert found["verdict"] == "undercount"
    assert "group_counted" in found["attributes"]
    hidden = compared(["Sengwer"], mine=everybody[0], theirs=everybody[1])
    assert hidden["verdict"] == "hidden_group"
    assert "The list counts 700 persons, the record 2,000" in hidden["reason"]


def test_without_a_word_about_groups_nothing_is_said_of_them(listed):
    """A list that declares nothing gets a finding that says so, and never hidden_group."""
    official = listed([{"id": "K", "names": ["Kapsowar"], **PLACE}])
    record = {"id": "r", "names": ["Kapsowar"], "groups": ["Sengwer"], **PLACE}
    found = compare(Places.from_rows([record]), official, today=TODAY).findings.to_pylist()[0]
    assert found["verdict"] == "consistent"
    assert "groups_unknown" in found["attributes"]
    assert "does not say whether it counts Sengwer" in found["reason"]


def test_groups_of_ones_own_can_be_compared_with(listed, tmp_path):
    """A taxonomy with a file of one's own knows what the shipped one does not."""
    path = tmp_path / "ours.toml"
    path.write_text(
        "[sources]\nus = 'us'\n[groups.lake-musicians]\nlabel = 'Lake musicians'\ndimension = 'livelihood'\n"
        "source = 'us'\n",
        encoding="utf-8",
    )
    official = listed([{"id": "K", "names": ["Kapsowar"], **PLACE}], from_dict({"groups": {"complete": True}}))
    record = Places.from_rows([{"id": "r", "names": ["Kapsowar"], "groups": ["lake musician"], **PLACE}])
    found = compare(record, official, today=TODAY, taxonomy=Taxonomy.load(path)).findings.to_pylist()[0]
    assert found["subtype"] == "variable_not_collected"
    assert compare(record, official, today=TODAY).findings.to_pylist()[0]["subtype"] is None


@pytest.fixture
def categories(bench):
    """Give a list whose rows are the ethnic categories of a country's census."""
    names = ("Maasai", "Kalenjin", "Nubi", "Gypsy", "Other")
    numbers = (1_189_522, 6_358_113, 21_933, 10, 400)
    rows = [
        {"id": f"E{number}", "names": [name], "counts": [bench.counted(None, value)]}
        for number, (name, value) in enumerate(zip(names, numbers, strict=True))
    ]
    manifest = from_dict({"completeness": "exhaustive", "countries": ["KEN"], "groups": {"rows": "ethnic"}})
    return OfficialList("ethnic", "Census", "0" * 64, "2022", DAY, manifest, PlaceIndex.build(Places.from_rows(rows)))


def among(official, **parts):
    """Compare one record with a list of groups."""
    record = {"id": "r", "names": ["Embobut"], "country": "KEN", **parts}
    return compare(Places.from_rows([record]), official, today=TODAY).findings.to_pylist()[0]


def test_a_village_is_compared_with_a_list_of_groups_by_its_groups(categories):
    """Of a list whose rows are groups it is asked whether the record's group is one of them, not where its place is."""
    found = among(categories, groups=["Masai"], lat=0.4, lon=34.4)
    assert (found["verdict"], found["official_id"], found["official_name"]) == ("consistent", "E0", "Maasai")
    assert {"matched", "presence_only", "group_counted"} <= set(found["attributes"])
    assert found["p_match"] == 1.0
    hidden = among(categories, groups=["Sengwer"], lat=0.4, lon=34.4)
    assert (hidden["verdict"], hidden["subtype"]) == ("hidden_group", "no_category")
    assert hidden["official_id"] is None
    assert hidden["p_absent"] > 0.9
    within = among(categories, groups=["Kipsigis"])
    assert (within["verdict"], within["official_id"]) == ("hidden_group", "E1")


def test_a_record_of_a_group_itself_is_looked_for_by_its_name(categories, bench):
    """Where the record is about a group, its name is the label and its counts are the group's."""
    found = among(categories, names=["Pemba"], kind="ethnic group", counts=[bench.counted(None, 900)])
    assert (found["verdict"], found["subtype"]) == ("hidden_group", "no_category")
    assert "undercount_proven" in found["attributes"]
    listed = among(categories, names=["Nubi"], kind="ethnic group", counts=[bench.counted(None, 60_000)])
    assert listed["verdict"] == "undercount"


def test_a_count_of_one_village_is_not_held_against_a_countrys_total(categories, bench):
    """The list counts the whole area: a village's number is another thing."""
    found = among(categories, groups=["Maasai"], counts=[bench.counted("Maasai", 90)])
    assert found["verdict"] == "consistent"


def test_a_list_of_groups_cannot_tell_about_another_country(categories):
    """Beyond the area a list of groups covers its silence says nothing."""
    found = among(categories, groups=["Sengwer"], country="UGA")
    assert found["verdict"] == "not_assessable"
    assert "it covers KEN, not UGA" in found["reason"]


def test_a_record_without_groups_asks_nothing_of_a_list_of_groups(categories):
    """A village that names no group is neither on such a list nor missing from it."""
    found = among(categories, kind="village")
    assert found["verdict"] == "not_assessable"
    assert "the record names none" in found["reason"]


def test_a_category_under_a_resented_name_is_shown_by_the_preferred_one(categories):
    """The code leads to the category; the finding does not repeat its name."""
    found = among(categories, groups=["Roma"])
    assert (found["official_id"], found["official_name"]) == ("E3", "Roma")
    assert "Gypsy" not in found["reason"]


@pytest.mark.parametrize(
    ("grouped", "counted", "verdict"),
    [
        (None, Verdict.CONSISTENT, Verdict.CONSISTENT),
        (Verdict.HIDDEN_GROUP, Verdict.UNDERCOUNT, Verdict.HIDDEN_GROUP),
        (Verdict.CONSISTENT, Verdict.UNDERCOUNT, Verdict.UNDERCOUNT),
        (Verdict.UNDERCOUNT, Verdict.CONSISTENT, Verdict.UNDERCOUNT),
        (Verdict.NEEDS_REVIEW, Verdict.CONSISTENT, Verdict.NEEDS_REVIEW),
        (Verdict.INSUFFICIENT_EVIDENCE, Verdict.CONSISTENT, Verdict.CONSISTENT),
    ],
)
def test_the_order_of_groups_and_counts(grouped, counted, verdict):
    """What asks most of people decides, whether the groups or the counts say it."""
    assert matched_verdict(grouped, Counted(counted)) == verdict


def test_without_counts_of_its_own_a_place_has_the_verdict_of_its_groups():
    """Presence alone gives way to what the counts of a group came to."""
    present = Counted(Verdict.CONSISTENT, ("presence_only",))
    assert matched_verdict(Verdict.INSUFFICIENT_EVIDENCE, present) == Verdict.INSUFFICIENT_EVIDENCE
