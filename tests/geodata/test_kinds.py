"""Kinds of place: words brought to one vocabulary, and how its terms stand to one another."""

import pytest

from geodata.kinds import BROADER, Compatibility, compatibility, covers, fineness, kind_of, lineage, vocabulary


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Village", "village"),
        ("pri sch", "primary_school"),
        ("High School", "secondary_school"),
        ("pre_primary", "pre_school"),
        ("Refugee Camp", "camp"),
        ("refugee camp school", "school"),
        ("sub-location", "ward"),
        ("Unorganized Township", "administrative_unit"),
        ("Poste de santé", "health_facility"),
        ("informal_settlement", "informal_settlement"),
        ("زرافة", None),
        ("", None),
        (None, None),
    ],
)
def test_words_stand_for_kinds(text, kind):
    """A known word or phrase becomes its term; an unknown one becomes nothing rather than a guess."""
    assert kind_of(text) == kind


def test_the_vocabulary_speaks_of_its_own_terms_only():
    """Every phrase of the term file stands for a term that exists, and is itself written folded."""
    for phrase, kind in vocabulary().items():
        assert kind in BROADER
        assert kind_of(phrase) == kind


@pytest.mark.parametrize("one", sorted(BROADER))
def test_compatibility_is_symmetric(one):
    """How two kinds stand to one another does not depend on which side says which."""
    for other in BROADER:
        assert compatibility(one, other) == compatibility(other, one)


@pytest.mark.parametrize(
    ("one", "other", "stands"),
    [
        ("village", "village", Compatibility.SAME),
        ("village", "settlement", Compatibility.BROADER),
        ("primary_school", "secondary_school", Compatibility.SIBLING),
        ("village", "ward", Compatibility.NEIGHBOUR),
        ("village", "hospital", Compatibility.DIFFERENT),
        ("village", None, Compatibility.UNKNOWN),
        ("other", "village", Compatibility.UNKNOWN),
    ],
)
def test_how_kinds_stand_to_one_another(one, other, stands):
    """Missing is not mismatch, and a broader word is no contradiction."""
    assert compatibility(one, other) == stands


def test_a_broader_kind_covers_its_cases():
    """A list of settlements would hold a village; a list of villages need not hold every settlement."""
    assert covers(frozenset({"settlement"}), "village")
    assert not covers(frozenset({"village"}), "settlement")
    assert lineage("village") == ("village", "settlement")


def test_levels_are_ordered_from_coarse_to_fine():
    """Publishers' words for levels are compared by fineness; an unknown word is not placed."""
    levels = ["country", "province", "district", "municipality", "sub-location", "village"]
    assert [fineness(level) for level in levels] == sorted(fineness(level) for level in levels)
    assert fineness("sub-location") < fineness("village")
    assert fineness("zorblax") == fineness(None) == -1
