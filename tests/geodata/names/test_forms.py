"""Names read into core, kind, modifier and number, whatever script they are written in."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.names import form, forms, skeleton
from geodata.names.folding import fold, fold_column
from geodata.names.lexicon import lexicon
from geodata.names.scripts import script_of

NAMES = st.text(max_size=40)
WRITTEN = st.lists(NAMES, max_size=8)
WORDS = lexicon()
KNOWN_WORDS = {*WORDS.generic, *WORDS.article, *WORDS.abbreviation, *WORDS.modifier, *WORDS.numeral}


def test_abbreviations_and_numerals_are_read_alike():
    """`Barangay Sta. Cruz No. 2` and `Brgy. Santa Cruz II` have one form."""
    one, other = form("Barangay Sta. Cruz No. 2"), form("Brgy. Santa Cruz II")
    assert one == other
    assert (one.core, one.generic, one.number) == ("santa cruz", "barangay", "2")


def test_upper_and_lower_are_modifiers_of_one_core():
    """`Village of Lower Kibera` and `Upper Kibera` share their core and differ in height."""
    lower, upper = form("Village of Lower Kibera"), form("Upper Kibera")
    assert lower.core == upper.core == "kibera"
    assert (lower.modifier, upper.modifier) == ("height=lower", "height=upper")


@pytest.mark.parametrize(("name", "core"), [("El Alto", "alto"), ("Naya Basti", "basti"), ("Camp 4", "camp")])
def test_something_is_left_to_call_the_place_by(name, core):
    """A name of modifiers and kind words only keeps one of them as its core."""
    assert form(name).core == core


def test_a_bengali_name_is_split_like_a_latin_one():
    """দক্ষিণ পাড়া is South Para: a modifier and the core `para`."""
    assert (form("দক্ষিণ পাড়া").core, form("দক্ষিণ পাড়া").modifier) == ("para", "direction=south")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Almanza 1", "Almanza Uno"),
        ("Al Foo", "Foo"),
        ("Ad Foo", "Foo"),
        ("X HC", "X Health Centre"),
        ("नगर पालिका Pokhara", "Pokhara"),
        ("Jakes Ctr", "JAKES CENTER"),
        ("Saint-Louis", "St. Louis"),
        ("Zone Deux", "Zone 2"),
        ("Children's Home", "CHILDRENS HOME"),
        ("Camp 04", "camp 4"),
    ],
)
def test_ways_of_writing_one_name(one, other):
    """Articles, abbreviations, numerals and scripts do not make another name."""
    assert form(one).key == form(other).key


@pytest.mark.parametrize("name", ["", "   ", "and of the", "---", "()", "\u200d"])
def test_junk_has_no_core(name):
    """Stop words and punctuation name nothing."""
    assert form(name).core == ""


def test_number_words_inside_a_name_stay_words():
    """`Three Bells` is not number three."""
    assert form("Three Bells").core == "three bells"
    assert form("Three Bells").number == ""


def test_a_single_article_may_be_a_name():
    """There is a village called Y in France."""
    assert form("Y").core == "y"


def test_brackets_are_a_qualifier():
    """What stands in brackets behind a name is kept apart from it."""
    assert form("Atong (Cameroon)").core == "atong"
    assert form("Atong (Cameroon)").qualifier == "cameroon"


def test_skeletons_bring_romanisations_together():
    """Consonants that ears and romanisations exchange are one."""
    assert skeleton("gatwekera") == skeleton("gatwikira") == skeleton("gatuikira")
    assert skeleton("silanga") == skeleton("siranga")
    assert skeleton(form("مخيم جباليا").core) == skeleton(form("Jabalia Camp").core)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Kibera", "Latn"),
        ("দক্ষিণ", "Beng"),
        ("ភ្នំពេញ", "Khmr"),
        ("جباليا", "Arab"),
        ("Київ", "Cyrl"),
        ("ᱥᱟᱱ", "Olck"),
        ("12", None),
    ],
)
def test_scripts_are_named_by_iso_15924(text, script):
    """The script most letters are in is named by its code."""
    assert script_of(text) == script


@given(NAMES)
def test_folding_is_idempotent(text):
    """Folding folded text changes nothing."""
    assert fold(fold(text)) == fold(text)


@given(NAMES)
def test_folded_text_is_plain(text):
    """Folded text holds only lower-case letters, digits and single spaces."""
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all("a" <= letter <= "z" or "0" <= letter <= "9" or letter == " " for letter in folded)


@given(WRITTEN)
def test_a_column_folds_as_its_texts_do(texts):
    """Folding a column and folding one by one agree."""
    assert fold_column(pa.array(texts, pa.string())).to_pylist() == [fold(text) for text in texts]


@given(WRITTEN)
def test_a_large_column_reads_as_single_names_do(texts):
    """Columns long enough for the columnar path give every name the form it has alone."""
    column = [*texts, *(f"Filler {i} Town" for i in range(100))]
    read = forms(column)
    assert [read[i] for i in range(len(column))] == [form(name) for name in column]


@given(
    st.lists(st.one_of(st.sampled_from(sorted(KNOWN_WORDS)), st.text("abc12", max_size=4)), max_size=6).map(" ".join)
)
def test_a_core_is_its_own_core(text):
    """Reading a core as a name finds that same core: normal forms are idempotent."""
    core = form(text).core
    assert form(core).core == core


def test_null_is_an_empty_name():
    """A missing name has an empty form and does not shift the others."""
    read = forms(["Lindi", None, "Lindi"])
    assert [read[i].core for i in range(3)] == ["lindi", "", "lindi"]


def test_expansions_hold_no_abbreviation():
    """What an abbreviation stands for is written in full, so that expanding once is enough."""
    assert not {full for expansion in WORDS.abbreviation.values() for full in expansion} & (
        WORDS.abbreviation.keys() - {short for short, full in WORDS.abbreviation.items() if full == (short,)}
    )
