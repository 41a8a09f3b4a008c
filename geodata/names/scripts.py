"""Which writing system a name is in, as an ISO 15924 code."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache

#: First word of a character's Unicode name -> ISO 15924 code.
_CODES = {
    "LATIN": "Latn",
    "FULLWIDTH": "Latn",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "GURMUKHI": "Guru",
    "GUJARATI": "Gujr",
    "ORIYA": "Orya",
    "TAMIL": "Taml",
    "TELUGU": "Telu",
    "KANNADA": "Knda",
    "MALAYALAM": "Mlym",
    "SINHALA": "Sinh",
    "THAI": "Thai",
    "LAO": "Laoo",
    "KHMER": "Khmr",
    "MYANMAR": "Mymr",
    "TIBETAN": "Tibt",
    "ETHIOPIC": "Ethi",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "HANGUL": "Hang",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "CJK": "Hani",
    "MONGOLIAN": "Mong",
    "THAANA": "Thaa",
    "SYRIAC": "Syrc",
    "NKO": "Nkoo",
    "TIFINAGH": "Tfng",
    "CHEROKEE": "Cher",
    "CANADIAN": "Cans",
    "OL": "Olck",
    "MEETEI": "Mtei",
    "ADLAM": "Adlm",
    "VAI": "Vaii",
    "JAVANESE": "Java",
    "BALINESE": "Bali",
    "TAGALOG": "Tglg",
    "CHAKMA": "Cakm",
    "LEPCHA": "Lepc",
    "LIMBU": "Limb",
    "YI": "Yiii",
}


def script_of(text: str) -> str | None:
    """Return the script most letters of a text are in, None when it has no letter; ties go to the first seen.

    A script without an entry here is "Zzzz", ISO 15924's code for an uncoded script.
    """
    if text.isascii():
        return "Latn" if any(map(str.isalpha, text)) else None
    counts = Counter(code for character in text if (code := _code(character)) is not None)
    return counts.most_common(1)[0][0] if counts else None


@cache
def _code(character: str) -> str | None:
    if not character.isalpha():
        return None
    return _CODES.get(unicodedata.name(character, "").split(" ")[0], "Zzzz")
