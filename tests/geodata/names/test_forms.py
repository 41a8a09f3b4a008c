"""Names read into core, kind, modifier and number, whatever script they are written in."""

import tomllib
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.names import form, forms, skeleton
from geodata.names.folding import fold, fold_column
from geodata.names.lexicon import lexicon
from geodata.names.resemblance import Readings, resemblance
from geodata.names.scripts import script_of

#: Letters of scripts that rules are written for, marks and joiners among them.
LETTERS = "aé1 '-ابجلةىٱشאבויהកខគជពាំៈ្់៉រនងกขเใโหม์็ะບເຫຼமதுகப்নগর্ক্ষা়\u200d\u200cनगरपि्मခန္တြးꯃꯅᜋᜒΜπντεչու"
NAMES = st.one_of(st.text(max_size=40), st.text(LETTERS, max_size=20))
WRITTEN = st.lists(NAMES, max_size=8)
WORDS = lexicon()
KNOWN_WORDS = {
    *(*WORDS.generic, *WORDS.article, *WORDS.aside, *WORDS.abbreviation, *WORDS.modifier, *WORDS.numeral),
    *(*WORDS.counting, *WORDS.number_mark, *WORDS.ordinal, *WORDS.translation),
}
TABLES = {
    path.name: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in files("geodata").joinpath("terms").iterdir()
    if path.name.endswith(".toml") and path.name != "kinds.toml"
}


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
        ("Camp 4", "مخيم ٤"),
        ("Village 5", "ភូមិ ៥"),
        ("Phum Pram", "ភូមិទី៥"),
        ("Samraong Khang Cheung", "Samraong Cheung"),
        ("Kijiji cha Kwanza 3", "Kijiji Kwanza no. 3"),
        ("Ward Dua", "ward 2"),
        ("Kata Sita", "Ward VI"),
        ("El Fasher", "Al-Fasher"),
        ("Ash-Shajara", "Al Shajara"),
        ("Mt. Elgon", "Mount Elgon"),
        ("Ft Portal", "Fort Portal"),
        ("Shivaji Ngr.", "Shivaji Nagar"),
        ("Pres. Garcia", "President Garcia"),
        ("Bgy. Poblacion", "Brgy Poblacion"),
        ("Kolonyi Sec. Sch.", "KOLONYI SECONDARY SCHOOL"),
        ("2ème Bloc", "Bloc 2"),
        ("Barrio 1ra", "Barrio Primera"),
        ("उत्तर टोला", "Uttar Tola"),
        ("Нижнее Село 2", "Нижний село II"),
    ],
)
def test_ways_of_writing_one_name(one, other):
    """Articles, abbreviations, numerals and scripts do not make another name."""
    assert form(one).key == form(other).key


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("បន្ទាយថ្មី", ("banteay", "", "age=new", "")),
        ("ភូមិសំរោងខាងជើង", ("samroung", "phumi", "direction=north", "")),
        ("ព្រៃរមាសទី១", ("preyrmeas", "", "", "1")),
        ("หมู่ที่ 4 บ้านหนองคาย", ("nongkhay", "mu ban", "", "4")),
        ("ကျောက်ရွာ", ("kyauk", "rva", "", "")),
    ],
)
def test_words_are_parted_where_scripts_write_no_spaces(name, parts):
    """Kind words, modifiers and numbers joined to a name are found all the same."""
    found = form(name)
    assert (found.core, found.generic, found.modifier, found.number) == parts


@pytest.mark.parametrize(("one", "other"), [("Block A", "Block B"), ("Camp 8E", "Camp 8W"), ("Camp 8", "Camp 8E")])
def test_a_letter_may_stand_for_a_number(one, other):
    """Behind a kind word or its number, a single letter tells places apart as a number does."""
    assert form(one).core == form(other).core
    assert form(one).number != form(other).number


@pytest.mark.parametrize(
    "name", ["Laini Saba", "Vila do Conde", "Lang Twp", "Bo", "Gen", "Bar Harbor", "Camp Lima Duluti"]
)
def test_words_of_one_language_leave_names_of_another_alone(name):
    """A number word that is also a name counts behind a kind word only; words of another script count in it only."""
    assert (form(name).number, form(name).modifier) == ("", "")
    assert set(form(name).core.split()) & set(fold(name).split())


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


@pytest.mark.parametrize("file", sorted(TABLES))
def test_every_term_is_one_word(file):
    """Terms are compared word by word, so that each must be one word when folded; and none is empty."""
    table = TABLES[file]
    modifiers = [word for values in table.get("modifier", {}).values() for words in values.values() for word in words]
    sections = (
        "generic",
        "article",
        "aside",
        "number_mark",
        "ordinal",
        "number",
        "counting",
        "abbreviation",
        "translation",
    )
    for word in (*modifiers, *(word for section in sections for word in table.get(section, ()))):
        assert len(fold(word).split()) == 1, word
    known = {"generic", "article", "aside", "number_mark", "ordinal", "abbreviation", "modifier"}
    assert table.keys() <= known | {"number", "counting", "translation"}


def test_translations_are_said_in_english():
    """A kind word is translated to one that stays what it is."""
    for words in (lexicon("Camp"), lexicon("مخيم")):
        assert not words.translation.keys() & set(words.translation.values())


CORES = st.lists(st.text("abcdehkmnrst ", max_size=12).map(lambda text: " ".join(text.split())), max_size=6)


@given(CORES, CORES, st.booleans())
def test_resemblance_is_symmetric(mine, theirs, vowelless):
    """How alike two names are does not depend on whose is whose; each is in 0..1, and a name is like itself."""
    pairs = [(a, b) for a in mine for b in theirs]
    one = Readings.of([a for a, _ in pairs], np.full(len(pairs), vowelless))
    other = Readings.of([b for _, b in pairs])
    alike = resemblance(one, other)
    assert alike.tolist() == resemblance(other, one).tolist()
    assert ((alike >= 0) & (alike <= 1)).all()
    assert resemblance(Readings.of(mine), Readings.of(mine)).tolist() == [float(bool(core)) for core in mine]


@given(CORES, CORES, st.booleans())
def test_resemblance_by_position_is_that_of_copies(mine, theirs, vowelless):
    """Naming pairs by their positions in two columns gives what the columns of both sides would."""
    one, other = Readings.of(mine, np.full(len(mine), vowelless)), Readings.of(theirs)
    a, b = np.divmod(np.arange(len(mine) * len(theirs)), max(len(theirs), 1))
    assert resemblance(one, other, a, b).tolist() == resemblance(one.take(a), other.take(b)).tolist()


def test_consonants_are_compared_where_only_one_side_has_vowels():
    """An Arabic name resembles its romanisation, but never as the same letters would; vowels of both sides count."""
    mine, theirs = forms(["مخيم النصيرات"]).readings, forms(["Nuseirat Camp"]).readings
    assert 0.88 <= resemblance(mine, theirs)[0] < 0.95
    assert resemblance(Readings.of(["mosul"]), Readings.of(["misil"]))[0] < 0.88


@given(NAMES)
def test_a_core_of_any_script_is_its_own_core(text):
    """Normal forms are idempotent: the core of a name, read again, is that core."""
    core = form(text).core
    assert form(core).core == core


@given(st.lists(NAMES, max_size=6, unique=True))
def test_few_names_are_read_as_many_are(names):
    """How many names stand beside a name changes nothing that is read from it."""
    few, many = forms(names), forms([*names, *(f"{number} Beside {number}" for number in range(80))])
    rows = many.which[: len(names)]
    for part in ("letters", "skeletons"):
        assert getattr(few, part).tolist() == getattr(many, part).take(rows).tolist()
    read = many.readings.take(rows)
    assert few.readings.words.tolist() == read.words.tolist()
    assert few.readings.size.tolist() == read.size.tolist()
    assert few.wholes.around.tolist() == [many.wholes.around[row] for row in rows.tolist()]
