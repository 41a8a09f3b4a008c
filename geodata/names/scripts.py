"""Which writing system a name is in, as an ISO 15924 code."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache

#: First words of a character's Unicode name -> ISO 15924 code; two words where scripts share the first.
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
    "OL CHIKI": "Olck",
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
    "COPTIC": "Copt",
    "BOPOMOFO": "Bopo",
    "HANIFI ROHINGYA": "Rohg",
    "KAYAH LI": "Kali",
    "TAI LE": "Tale",
    "NEW TAI": "Talu",
    "TAI THAM": "Lana",
    "TAI VIET": "Tavt",
    "CHAM": "Cham",
    "LISU": "Lisu",
    "MIAO": "Plrd",
    "NYIAKENG PUACHUE": "Hmnp",
    "PAHAWH HMONG": "Hmng",
    "SYLOTI NAGRI": "Sylo",
    "WARANG CITI": "Wara",
    "SORA SOMPENG": "Sora",
    "MRO": "Mroo",
    "NAG MUNDARI": "Nagm",
    "GUNJALA GONDI": "Gong",
    "MASARAM GONDI": "Gonm",
    "WANCHO": "Wcho",
    "TANGSA": "Tnsa",
    "TOTO": "Toto",
    "NEWA": "Newa",
    "TIRHUTA": "Tirh",
    "SAURASHTRA": "Saur",
    "BUHID": "Buhd",
    "HANUNOO": "Hano",
    "TAGBANWA": "Tagb",
    "BUGINESE": "Bugi",
    "MAKASAR": "Maka",
    "BATAK": "Batk",
    "REJANG": "Rjng",
    "SUNDANESE": "Sund",
    "BAMUM": "Bamu",
    "BASSA VAH": "Bass",
    "MENDE KIKAKUI": "Mend",
    "MEDEFAIDRIN": "Medf",
    "OSMANYA": "Osma",
    "OSAGE": "Osge",
    "DESERET": "Dsrt",
    "YEZIDI": "Yezi",
    "SAMARITAN": "Samr",
    "MANDAIC": "Mand",
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
    first, *rest = unicodedata.name(character, "").split(" ", 2)
    return _CODES.get(" ".join((first, *rest[:1]))) or _CODES.get(first, "Zzzz")
