"""Printable: what no typeface here has is read in Latin letters, and nothing else is touched."""

from __future__ import annotations

import pytest

from service.documents import printable
from service.documents.printable import Printable


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch):
    """Have no typefaces but our own."""
    monkeypatch.setattr(printable, "_installed", tuple)


def test_scripts_of_our_typeface_stay():
    """Latin with all its marks, Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian and Tifinagh are printed."""
    for text in ("Xóm Mới", "Деревня", "مخيم شاتيلا", "עזה", "Երևան", "თბილისი", "ⵜⴰⵎⴰⵣⵉⵖⵜ"):
        assert Printable(text)(text) == text
        assert Printable(text).note == ""


def test_other_scripts_are_transliterated_word_by_word():
    """Words of one name share their brackets; words beside them stay, and the note says what brackets mean."""
    one = Printable("কড়াইল বস্তি, Dhaka; ቂርቆስ")
    assert one("কড়াইল বস্তি, Dhaka") == "[karail basti], Dhaka"
    assert one("<text>ቂርቆስ</text>").startswith("<text>[")
    assert "[square brackets]" in one.note
    assert one("Dhaka") == "Dhaka"


def test_signs_that_turn_a_line_around_are_dropped():
    """A name cannot turn what stands beside it, nor bring signs that are none."""
    assert Printable("")("a\u202eb\u2066c\x07d\ue000") == "abcd"
    assert Printable("")("one\ntwo") == "one\ntwo"


def test_a_typeface_of_the_machine_is_used(monkeypatch):
    """Where one has the letters, they are printed with it and nothing is noted."""
    monkeypatch.setattr(printable, "_installed", lambda: (("Some Bengali", "some.ttf"),))
    monkeypatch.setattr(
        printable.lettering, "letters", lambda face: frozenset("বস্তি") if face == "some.ttf" else frozenset()
    )
    one = Printable("বস্তি")
    assert (one.families, one.from_system, one.note) == (["Some Bengali"], True, "")
    assert one("বস্তি") == "বস্তি"
