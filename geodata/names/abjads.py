"""Scripts that leave most vowels unwritten: Arabic and Hebrew, and what their letters tell of vowels."""

from __future__ import annotations

import re

_ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff"
_HEBREW = "\u0590-\u05ff"

#: Texts whose vowels are mostly missing; Syriac among them, Thaana not, which writes its vowels.
VOWELLESS = re.compile("[\u0590-\u074f\u0750-\u077f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

#: Marks of vowels, which hardly anybody writes, and the stroke that only makes a word longer.
_ARABIC_MARKS = "[\u064b-\u065f\u0670\u0640\u06d6-\u06ed]"

RULES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        _ARABIC,
        (
            (_ARABIC_MARKS, ""),
            (r"\b[اٱ]ل(?=\w{2})", "al "),  # the article is written as one word with its noun
            (r"\bإ", "i"),
            (r"\bع", "a"),  # amman, aden: the vowel that follows is what is heard
            ("[اأإآٱىة]", "a"),
        ),
    ),
    (
        _HEBREW,
        (
            ("[\u0591-\u05bd\u05bf-\u05c7]", ""),
            (r"\bב", "b"),  # hard at the head of a word
            (r"\bכ", "k"),
            (r"\bפ", "p"),
            ("\u05d5\u05d5", "v"),  # vav twice; once within a word it is a vowel, as is yod
            (r"\B\u05d5", "o"),
            (r"\B\u05d9(?=\w)", "i"),
            ("ש", "sh"),
            (r"[אע]|ה\b", "a"),
        ),
    ),
)
