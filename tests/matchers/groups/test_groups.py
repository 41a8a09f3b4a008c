"""What a list says about a record's groups: the five ways not to be counted, and the counts of those who are."""

from __future__ import annotations

import pytest

from geodata.coverage import CoverageManifest
from geodata.taxonomy import shipped
from matchers.base import Verdict
from matchers.groups import Claim, Listed, judge_groups


def test_nobody_was_asked(bench):
    """A variable that was not collected hides every group of its dimension (methods, case 7)."""
    found = bench.judged({"not_collected": ["ethnic"]}, "Sengwer")
    assert (found.verdict, found.subtype) == (Verdict.HIDDEN_GROUP, "variable_not_collected")
    assert "did not ask for ethnic group, so Sengwer are not counted" in found.reason
    assert bench.judged({"complete": True}, "Sengwer").subtype == "variable_not_collected"


def test_a_list_that_does_not_say_which_groups_it_counts_says_nothing(bench):
    """Without declared metadata no group is called uncounted, known or not; the finding says why."""
    for label in ("Sengwer", "tenants"):
        found = bench.judged(None, label)
        assert (found.verdict, found.attributes) == (None, ("groups_unknown",))
        assert f"does not say whether it counts {label}" in found.reason
    other = bench.judged(bench.ethnic, "Bahá'ís")
    assert (other.verdict, other.attributes) == (None, ("groups_unknown",))
    undeclared = bench.judged({"variables": [{"dimension": "ethnic"}]}, "Sengwer")
    assert (undeclared.verdict, undeclared.attributes) == (None, ("groups_unknown",))


def test_asked_but_none_of_the_answers(bench):
    """A group without a category of its own is hidden, and what it may be counted within is said."""
    assert bench.judged(bench.ethnic, "Sengwer").subtype == "no_category"
    broader = bench.judged(bench.ethnic, "Kipsigis")
    assert (broader.subtype, broader.attributes) == ("no_category", ("counted_in_broader",))
    assert "they may be counted within “Kalenjin” (broader, by the taxonomy)" in broader.reason


def test_more_of_a_group_than_in_other_altogether(bench):
    """Case 9: no code, 400 in the rest, 900 counted: hidden, and an undercount under any mapping."""
    mine, theirs = [bench.counted("Pemba", 900)], [bench.counted("Other", 400)]
    found = bench.judged(bench.ethnic, "Pemba", mine=mine, theirs=theirs)
    assert (found.verdict, found.subtype) == (Verdict.HIDDEN_GROUP, "no_category")
    assert found.attributes == ("undercount_proven",)
    assert "All among whom they may be counted are 400, and the record counts 900 persons" in found.reason


def test_a_group_that_may_be_in_other_is_said_to_be_so(bench):
    """Where the rest is large enough to hold the group nothing is proven."""
    mine, theirs = [bench.counted("Pemba", 410)], [bench.counted("Other", 400)]
    assert bench.judged(bench.ethnic, "Pemba", mine=mine, theirs=theirs).attributes == ("may_be_in_other",)
    theirs.append(bench.counted("Kalenjin", 5_000))
    kipsigis = bench.judged(bench.ethnic, "Kipsigis", mine=[bench.counted("Kipsigis", 900)], theirs=theirs)
    assert kipsigis.attributes == ("counted_in_broader", "may_be_in_other")


@pytest.mark.parametrize("unknown", [{"method": "widely quoted"}, {"method": None}])
def test_a_number_of_unknown_origin_proves_nothing(bench, unknown):
    """A bound is only as good as the count that is held against it."""
    mine, theirs = [bench.counted("Pemba", 900, **unknown)], [bench.counted("Other", 400)]
    assert bench.judged(bench.ethnic, "Pemba", mine=mine, theirs=theirs).attributes == ("may_be_in_other",)


def test_counted_but_not_published_so_finely(bench):
    """A category that exists for counties is hidden in a ward, and not in a county."""
    declared = {"variables": [{"dimension": "ethnic", "lowest_level": "county", "categories": ["Maasai", "Other"]}]}
    found = bench.judged(declared, "Maasai")
    assert found.subtype == "not_published_at_level"
    assert "not published below county level" in found.reason
    assert bench.judged(declared, "Maasai", level="county").verdict is None
    assert bench.judged(declared, "Maasai", level="whatever they call it").verdict is None
    national = {**declared, "variables": [{**declared["variables"][0], "lowest_level": "national"}]}
    assert bench.judged(national, "Maasai", level="county").subtype == "not_published_at_level"
    published = bench.judged(declared, "Maasai", theirs=[bench.counted("Maasai", 30)])
    assert published.verdict is None


def test_counted_but_withheld(bench):
    """A suppressed number is no absence and no count; a list's own cell says it even without a manifest."""
    withheld = [bench.counted("Maasai", status="suppressed")]
    for declared in (bench.ethnic, None):
        found = bench.judged(declared, "Maasai", theirs=withheld)
        assert (found.verdict, found.subtype) == (Verdict.HIDDEN_GROUP, "suppressed")


@pytest.mark.parametrize(
    ("citizen", "verdict"), [(8, Verdict.INSUFFICIENT_EVIDENCE), (40, Verdict.UNDERCOUNT), (None, Verdict.HIDDEN_GROUP)]
)
def test_a_number_withheld_behind_a_bound_is_tested_by_it(bench, citizen, verdict):
    """Case 8: of "<10", eight people prove nothing and forty do; without a count the group is hidden as suppressed."""
    theirs = [bench.counted("Maasai", low=0, high=10, status="open_ended_bound")]
    mine = [bench.counted("Maasai", citizen)] if citizen else []
    found = bench.judged(bench.ethnic, "Maasai", mine=mine, theirs=theirs)
    assert (found.verdict, found.subtype) == (verdict, None if citizen else "suppressed")


def test_left_out_by_rule(bench):
    """A group, or a broader one, that the list leaves out is hidden by its universe, whatever its categories."""
    found = bench.judged(bench.ethnic, "Urban refugees", excludes=["refugees", "camp"])
    assert (found.verdict, found.subtype) == (Verdict.HIDDEN_GROUP, "universe_excludes")
    assert "leaves out refugees by rule" in found.reason
    assert bench.judged(bench.ethnic, "tenants", excludes=["Tenants"]).subtype == "universe_excludes"
    assert bench.judged(bench.ethnic, "Maasai", excludes=["refugees"]).verdict is None


def test_counts_of_a_group_are_held_against_the_list_under_any_of_its_names(bench):
    """The record says Masai, the list Maasai: their counts are compared with one another, once."""
    mine, theirs = [bench.counted("Masai", 500)], [bench.counted("Maasai", 480), bench.counted("Kalenjin", 9_000)]
    found = bench.judged(bench.ethnic, "Maasai", mine=mine, theirs=theirs)
    assert (found.verdict, found.taken) == (Verdict.CONSISTENT, tuple(mine))
    assert found.reason.count("The list counts 480") == 1
    short = bench.judged(bench.ethnic, "Maasai", mine=mine, theirs=[bench.counted("Maasai", 200)])
    assert short.verdict == Verdict.UNDERCOUNT


def test_where_the_mapping_decides_a_person_does(bench):
    """Methods C3c: 480 at most and 120 at least against 500 is nobody's undercount yet."""
    declared = {
        **bench.ethnic,
        "concordance": [
            {"group": "sengwer", "category": "Hunters", "relation": "narrower"},
            {"group": "sengwer", "category": "Kalenjin", "relation": "overlap", "source": "codebook"},
        ],
    }
    theirs = [bench.counted("27", 120), bench.counted("Kalenjin", 360)]
    found = bench.judged(declared, "Cherangany", mine=[bench.counted("Sengwer", 500)], theirs=theirs)
    assert (found.verdict, found.attributes) == (Verdict.NEEDS_REVIEW, ("group_counted", "mapping_decides"))
    assert "“Kalenjin” (overlap, by the concordance (codebook))" in found.reason
    assert "between 120 and 480" in found.reason


def test_a_concordance_goes_before_the_taxonomy(bench):
    """What somebody found out about a list's categories overrules what their names suggest."""
    row = {"group": "maasai", "category": "Kalenjin", "relation": "exact", "reviewer": "A. N."}
    found = bench.judged({**bench.ethnic, "concordance": [row]}, "Maasai", theirs=[bench.counted("Kalenjin", 7)])
    assert "“Kalenjin” (by the concordance (A. N.))" in found.reason
    declared = {"variables": [{"dimension": "ethnic", "categories": [{"label": "Plains people", "group": "maasai"}]}]}
    assert bench.judged(declared, "Masai").attributes == ("group_counted",)


def test_a_label_of_the_list_itself_needs_no_taxonomy(bench):
    """A group nobody wrote down is counted where a category bears its very name, and not judged where none does."""
    declared = {"variables": [{"dimension": "livelihood", "categories": ["Dunga boat builders", "Other"]}]}
    assert bench.judged(declared, "the Dunga boat builders").attributes == ("group_counted",)
    found = bench.judged(declared, "Lake musicians")
    assert (found.verdict, found.attributes) == (None, ("group_unrecognised",))


def test_a_word_for_several_groups_is_judged_over_all_of_them(bench):
    """Where every group that is meant stands alike there is no doubt; where they differ a person has to say."""
    alike = bench.judged(bench.ethnic, "Dorobo")
    assert alike.subtype == "no_category"
    assert "Ogiek or Sengwer or Yaaku" in alike.reason
    some = {"variables": [{"dimension": "ethnic", "categories": ["Ogiek", "Other"]}]}
    found = bench.judged(some, "Dorobo")
    assert (found.verdict, found.attributes) == (Verdict.NEEDS_REVIEW, ("group_uncertain",))


def test_of_several_groups_the_one_that_is_not_counted_decides(bench):
    """A record of two groups is told about both, and raised for the one that is missing."""
    found = bench.judged(bench.ethnic, "Maasai", "Sengwer")
    assert (found.verdict, found.subtype) == (Verdict.HIDDEN_GROUP, "no_category")
    assert "Maasai are counted" in found.reason
    assert "Sengwer alone" in found.reason


def test_a_record_without_groups_is_not_asked(bench):
    """Sex, age or nobody in particular is no group: there is nothing to say."""
    claim = Claim((), "KEN", [bench.counted("female", 40), bench.counted(None, 90)])
    assert judge_groups(claim, Listed(CoverageManifest()), bench.frame, shipped()) is None


def test_no_resented_name_is_in_any_sentence(bench):
    """Neither the record's word nor the list's category is repeated where a group resents it."""
    declared = {"variables": [{"dimension": "ethnic", "categories": ["Boni", "Gypsy", "Other"]}]}
    for label in ("Waboni", "Boni", "Gypsies", "Dorobo", "Eskimo"):
        for groups in (declared, {"not_collected": ["ethnic"]}, None):
            theirs = [bench.counted("Gypsy", 9), bench.counted("Boni", status="suppressed")]
            told = bench.judged(groups, label, theirs=theirs, mine=[bench.counted(label, 700)]).reason.casefold()
            assert not any(word in told for word in ("boni", "gyps", "dorobo", "eskimo")), told
