"""Tags follow from fields by rules: what no field says is not tagged, whatever a name may suggest."""

from __future__ import annotations

import pytest

from geodata.tags import goals, tagging
from geodata.tags.tag import Basis, Tag, TagKind
from geodata.tags.tagging import Facts, codes, tags_of
from geodata.taxonomy import shipped


def coded(of: TagKind, /, **facts) -> frozenset[str]:
    """Return the codes of one kind that facts give."""
    return codes(tags_of(Facts(**facts)), of)


def test_a_stateless_informal_settlement_has_the_tags_of_the_specification():
    """The vector of methods.md §7: indicators of both fields and of the flag, and the four factors they evidence."""
    facts = {"kind": "informal", "groups": ("stateless",), "country": "KEN", "flagged": True}
    assert {"11.1.1", "1.4.1", "16.9.1", "17.18"} <= coded(TagKind.SDG, **facts)
    assert coded(TagKind.FACTOR, **facts) == {"geography", "socio-economic", "governance", "shocks"}


@pytest.mark.parametrize(
    ("facts", "sdg", "factors"),
    [
        ({"flagged": True}, "17.18 17.19.2", {"governance"}),
        ({"methods": ("Civil registration",)}, "16.9.1", set()),
        ({"kind": "slum"}, "11.1.1 1.4.1 1.4.2 6.1.1 6.2.1 7.1.1", {"geography", "socio-economic"}),
        ({"drivers": ("Off-grid",)}, "9.1.1 7.1.1 3.8.1 4.1.2", {"geography"}),
        ({"groups": ("Kikuyu",)}, "10.2.1 10.3.1 16.b.1 2.3.2 1.4.2", {"discrimination"}),
        ({"groups": ("Dalit",)}, "10.2.1 10.3.1 16.b.1 2.3.2 1.4.2", {"discrimination"}),
        ({"groups": ("Sikhs",)}, "10.2.1 10.3.1 16.b.1 2.3.2 1.4.2", {"discrimination"}),
        ({"groups": ("Indigenous peoples",)}, "10.2.1 10.3.1 16.b.1 2.3.2 1.4.2", {"discrimination"}),
        ({"groups": ("Refugees",)}, "16.9.1 10.7.1 10.7.2 10.7.3 10.7.4 8.8.2", {"governance", "shocks"}),
        ({"groups": ("Migrants",)}, "16.9.1 10.7.1 10.7.2 10.7.3 10.7.4 8.8.2", {"governance", "shocks"}),
        ({"groups": ("Deaf",)}, "4.5.1 11.2.1 8.5.2 1.3.1", {"discrimination"}),
        ({"groups": ("women",)}, "5 10.3.1 16.b.1", {"discrimination"}),
        ({"groups": ("Intersex",)}, "5 10.3.1 16.b.1", {"discrimination"}),
        ({"groups": ("the elderly",)}, "1.2.1 1.3.1 4 3.8.1", {"socio-economic"}),
        ({"drivers": ("floods",)}, "1.5.1 11.5.1 13.1.1 16.1.1 16.1.2 16.1.3 16.1.4", {"shocks"}),
        ({"drivers": ("armed conflict",)}, "1.5.1 11.5.1 13.1.1 16.1.1 16.1.2 16.1.3 16.1.4", {"shocks"}),
        ({"drivers": ("Eviction",)}, "1.5.1 11.5.1 13.1.1 16.1.1 16.1.2 16.1.3 16.1.4 1.4.2 11.1.1", {"shocks"}),
        ({"counted": ("below poverty line",)}, "1.1.1 1.2.1 2.1.2", {"socio-economic"}),
    ],
)
def test_every_trigger_gives_its_goals_and_factors(facts, sdg, factors):
    """Every row of the table of methods.md §7, the open ranges expanded to the indicators there are."""
    assert coded(TagKind.SDG, **facts) == set(sdg.split())
    assert coded(TagKind.FACTOR, **facts) == factors


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"kind": "village"},
        {"groups": ("tenants",)},  # nothing that the taxonomy knows
        {"groups": ("poor",)},  # poverty counts where it was measured
        {"drivers": ("no conflict",)},
        {"groups": ("Refugee Camp Road",)},
    ],
)
def test_what_no_field_says_gives_no_tag(facts):
    """An absent field, an unknown label and a phrase that only contains a known word evidence nothing."""
    assert tags_of(Facts(**facts, country="KEN")) == frozenset()


def test_a_tag_without_a_basis_cannot_be_made():
    """Kind and basis are those there are, or there is no tag."""
    for wrong in ({"basis": "name"}, {"basis": ""}, {"kind": "rumour"}, {"code": ""}):
        with pytest.raises(ValueError, match="tag"):
            Tag(**{"code": "11.1.1", "kind": "sdg", "basis": "kind", **wrong})
    assert Tag("11.1.1", "sdg", "kind").basis is Basis.KIND


def test_every_tag_names_the_field_it_rests_on():
    """One code on two fields is two tags, each withheld with its own field."""
    tags = tags_of(Facts(kind="slum", groups=("Deaf",), counted=("Deaf",), sdg=("11.1.1",), country="KEN"))
    assert {tag.basis for tag in tags if tag.code == "11.1.1"} == {Basis.KIND, Basis.SDG}
    assert {tag.basis for tag in tags if tag.code == "disability"} == {Basis.GROUPS, Basis.COUNTED}


def test_a_declared_code_is_kept_and_a_retired_one_leads_on():
    """Old and new number both stand, on the word of whoever declared the old one."""
    assert coded(TagKind.SDG, sdg=("17.6.2", "13.1.2", "9")) == {"17.6.2", "17.6.1", "13.1.2", "9"}


@pytest.mark.parametrize(
    ("label", "country", "themes"),
    [
        ("Widows", "KEN", {"gender-equality"}),
        ("LGBTQI+", "NPL", {"gender-equality"}),
        ("People with disabilities", "KEN", {"disability"}),
        ("Ogiek", "KEN", {"indigenous-peoples"}),
        ("Tharu", "NPL", {"indigenous-peoples"}),
        ("Street children", "KEN", {"children-and-youth"}),
        ("Vijana", "KEN", {"children-and-youth"}),
        ("80+", "KEN", {"older-people"}),
        ("60-80", "KEN", {"older-people"}),
        ("Stateless", "KEN", {"human-rights"}),
        ("Dalit", "IND", {"human-rights"}),
        ("Kikuyu", "KEN", set()),
    ],
)
def test_the_themes_of_the_founding_report_are_categories(label, country, themes):
    """Each of the six themes follows from declared groups."""
    assert coded(TagKind.THEME, groups=(label,), country=country) == themes


def test_the_groups_of_the_pilot_in_india_are_seed_categories():
    """Its headings follow from groups, and a religion is a minority where a law says so."""
    assert coded(TagKind.SEED, groups=("Musahar", "Fisherfolk"), country="IND") == {"scheduled-castes", "fisherfolk"}
    assert coded(TagKind.SEED, groups=("Muslims",), country="IND") == {"religious-minorities"}
    assert coded(TagKind.SEED, groups=("Muslims",), country="IDN") == set()


def test_age_bands_are_only_those_declared():
    """A band is a dimension of its own; an age that was not declared as one of them is none."""
    assert coded(TagKind.DIMENSION, counted=("20\N{EN DASH}40",)) == {"age", "age-20-40"}
    assert coded(TagKind.DIMENSION, counted=("20", "80", "25-35")) == set()


def test_every_code_of_every_rule_is_on_the_list_of_the_year():
    """No rule names an indicator that there is not, and every other code has a label."""
    by = tagging.rules_in_force()
    for kind, code in {given for rule in by.rules for given in rule.gives}:
        assert goals.is_current(code) if kind is TagKind.SDG else by.labels[kind][code]


def test_no_word_for_people_names_another_group_of_the_taxonomy():
    """Words are for whom the taxonomy does not hold; otherwise one label would be read in two ways."""
    words = {term.said for rule in tagging.rules_in_force().rules for term in rule.terms if term.field == "word"}
    assert words
    held = {word: group.label for word in words if (group := shipped().group_of(word)) is not None}
    assert [
        word for word, label in held.items() if "indigenous-peoples" not in coded(TagKind.THEME, groups=(label,))
    ] == []
