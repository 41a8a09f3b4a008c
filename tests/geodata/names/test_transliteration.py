"""Names of every script in Latin letters, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.names.folding import fold
from geodata.names.scripts import script_of
from geodata.names.transliteration import to_latin


@pytest.mark.parametrize(
    ("written", "script", "folded"),
    [
        ("ភ្នំពេញ", "Khmr", "phnampenh"),
        ("ត្រពាំងជ្រៃ", "Khmr", "trapeangchrey"),
        ("ស្វាយចេក", "Khmr", "svaychek"),
        ("ប៉ោយប៉ែត", "Khmr", "paoypaet"),
        ("ວຽງຈັນ", "Laoo", "viangchan"),
        ("ຫຼວງ", "Laoo", "lvng"),
        ("เชียงใหม่", "Thai", "chiangmai"),
        ("สุพรรณบุรี", "Thai", "suphanburi"),
        ("แม่สอด", "Thai", "maesod"),
        ("ရန်ကုန်", "Mymr", "rankun"),
        ("မန္တလေး", "Mymr", "mandale"),
        ("மதுரை", "Taml", "madurai"),
        ("தஞ்சாவூர்", "Taml", "tanjavur"),
        ("നഗരം", "Mlym", "nagaram"),
        ("తెనాలి", "Telu", "tenali"),
        ("ಮೈಸೂರು", "Knda", "maisuru"),
        ("කොළඹ", "Sinh", "kolamba"),
        ("ঢাকা", "Beng", "dhaka"),
        ("নারায়ণগঞ্জ", "Beng", "naraynaganj"),
        ("ललितपुर", "Deva", "lalitpur"),
        ("नगर", "Deva", "nagar"),
        ("ꯃꯅꯤꯄꯨꯔ", "Mtei", "manipur"),
        ("ᱥᱟᱱᱛᱟᱲᱤ", "Olck", "santari"),
        ("አዲስ አበባ", "Ethi", "adis abeba"),
        ("جباليا", "Arab", "jbalya"),
        ("القاهرة", "Arab", "al qahra"),
        ("إربد", "Arab", "irbd"),
        ("عمّان", "Arab", "aman"),
        ("באר שבע", "Hebr", "bar shva"),
        ("תל אביב", "Hebr", "tl aviv"),
        ("Київ", "Cyrl", "kiiv"),
        ("Θεσσαλονίκη", "Grek", "thessaloniki"),
        ("Μπαλί", "Grek", "bali"),
        ("Երևան", "Armn", "yerewan"),
        ("ქუთაისი", "Geor", "kutaisi"),
        ("부산", "Hang", "busan"),
        ("北京", "Hani", "beijing"),
        ("ⴰⴳⴰⴷⵉⵔ", "Tfng", "agadir"),
        ("ᜋᜈᜒᜎ", "Tglg", "manila"),
        ("ꦗꦮ", "Java", "jawa"),
        ("Đà Nẵng", "Latn", "da nang"),
        ("\u02bbUpolu", "Latn", "upolu"),
        ("N°2", "Latn", "no 2"),
    ],
)
def test_a_name_in_its_script(written, script, folded):
    """Each script is told by its ISO 15924 code and read as its readers would write it in Latin letters."""
    assert (script_of(written), fold(written)) == (script, folded)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ন\u200cগর", "নগর"),  # a joiner that some keyboards leave behind
        ("ক্\u200dষ", "ক্ষ"),
        ("مُخَيَّم", "مخيم"),  # with its vowels, and without
        ("مخـيم", "مخيم"),  # drawn out
        ("ﻣﺨﻴﻢ", "مخيم"),  # letters in the shapes of print
        ("ภูเก็ต", "ภูเกต"),
        ("Ⅱ", "II"),
        ("①", "1"),
        ("٤", "4"),
        ("८", "8"),
        ("៨", "8"),
    ],
)
def test_ways_of_typing_one_word(one, other):
    """What keyboards and print do to a word does not make another word."""
    assert fold(one) == fold(other)


@given(st.text(st.characters(min_codepoint=0x80, max_codepoint=0x1FFFF, exclude_categories=("Cs",)), max_size=20))
def test_any_text_becomes_ascii(text):
    """Whatever is written, what comes out is ASCII, and reading it again changes nothing."""
    latin = to_latin(text)
    assert latin.isascii()
    assert to_latin(latin) == latin


@pytest.mark.parametrize(
    ("text", "script"), [("ⲕⲏⲙⲉ", "Copt"), ("𐴌𐴟", "Rohg"), ("𞄀", "Hmnp"), ("ꤊ", "Kali"), ("ꪀ", "Tavt"), ("ᥐ", "Tale")]
)
def test_scripts_of_small_communities(text, script):
    """Scripts that few people write have their code too."""
    assert script_of(text) == script
