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


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "camp",
            ["Refugee Camp", "IDP site", "مخيم", "ক্যাম্প", "शिविर", "kambi ya wakimbizi", "campamento de refugiados"],
        ),
        ("ward", ["Ward", "Brgy", "वडा", "ওয়ার্ড", "សង្កាត់", "ቀበሌ", "kelurahan", "sub-location", "freguesia", "kata"]),
        ("village", ["kijiji", "desa", "ភូមិ", "গ্রাম", "गाउँ", "قرية", "บ้าน", "aldeia", "село"]),
        (
            "health_facility",
            ["health post", "CSPS", "zahanati", "puskesmas", "স্বাস্থ্য কেন্দ্র", "स्वास्थ्य चौकी", "puesto de salud"],
        ),
        ("primary_school", ["École primaire", "shule ya msingi", "sekolah dasar", "প্রাথমিক বিদ্যালয়", "escola primária"]),
        ("secondary_school", ["Lycée", "مدرسة ثانوية", "mataas na paaralan", "माध्यमिक विद्यालय"]),
        ("hospital", ["hospitali", "مستشفى", "rumah sakit", "হাসপাতাল"]),
        ("informal_settlement", ["favela", "সুবর্ণ বস্তি", "عشوائيات", "kumuh", "sukumbasi basti"]),
    ],
)
def test_a_kind_has_words_in_many_languages(kind, words):
    """Schools, health posts, camps, wards and villages are known by their words in each script."""
    assert {word: kind_of(word) for word in words} == dict.fromkeys(words, kind)
