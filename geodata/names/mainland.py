"""Khmer, Thai, Lao and Burmese: vowels written before or around their consonant, and values a consonant gives a vowel.

Khmer follows the romanisation of the United Nations Group of Experts on Geographical Names, which Cambodia's own lists
use; Thai the Royal Thai General System, in what can be told without a dictionary.
"""

from __future__ import annotations

import re

#: Scripts that are written without spaces between words.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")

# Khmer. A consonant belongs to the first or the second series; most vowels sound differently behind the second.
_K = "\u1780-\u17a2"
_VOWELS = "\u17b6-\u17c8"
_SECOND = "គឃងជឈញឌឍទធនពភមយរលវ"
_SONORANTS = "ងញណនមយរលវ"
_STOPS = "គឃជឈឌឍទធពភ"
_BELOW = "\u17d2"
#: The consonants a vowel stands behind, where they are of the second series; a sonorant below another has no say.
_AFTER_SECOND = f"((?:(?<!{_BELOW})[{_SECOND}](?:{_BELOW}[{_SONORANTS}])?|{_BELOW}[{_STOPS}]|[{_K}]\u17ca))"
_OF_SECOND = {
    "\u17b6\u17c6ង": "eang",
    "\u17b6\u17c6": "oam",
    "\u17b6": "ea",
    "\u17b7": "i",
    "\u17b8": "i",
    "\u17b9": "ue",
    "\u17ba": "eu",
    "\u17bb": "u",
    "\u17bc": "u",
    "\u17be": "eu",
    "\u17c3": "ey",
    "\u17c4": "ou",
    "\u17c5": "ov",
}
_OPEN = f"(?<![a-z{_VOWELS}])"  # no vowel yet: the consonant begins a syllable
_KHMER = (
    ("[\u200c\u200d\u17d0]", ""),
    (f"[{_K}][{_VOWELS}]?\u17cd", ""),  # a silenced letter
    ("អូរ", "ou"),  # a stream
    ("ប\u17c9", "p"),
    (f"អ(?=[{_K}])", "a"),
    (f"(?<=[{_VOWELS}])\u17c7", "h"),
    (f"ប(?={_BELOW}[រល])", "p"),
    (f"(?<=[{_K}])([{_K}])\u17cb", r"a\1"),
    ("\u17cb", ""),
    *((f"{_AFTER_SECOND}{vowel}", rf"\g<1>{sound}") for vowel, sound in _OF_SECOND.items()),
    ("[\u17c9\u17ca]", ""),  # changed the series of the consonant before
    ("\u17b6\u17c6ង", "ang"),
    ("\u17b6\u17c6", "am"),
    (f"{_OPEN}{_AFTER_SECOND}([{_K}])(?![{_VOWELS}{_BELOW}])", r"\1o\2"),
    (f"{_OPEN}{_AFTER_SECOND}(?=[{_K}])", r"\1o"),
    (f"{_OPEN}([{_K}])([{_K}])(?![{_VOWELS}{_BELOW}])", r"\1a\2"),
    (f"{_OPEN}([{_K}])(?=[{_K}])", r"\1a"),
)

# Thai. Some vowels are written before the consonant, or pair of consonants, behind which they are spoken.
_ONSET = "([กขคตปผพ][รล]|[ก-ฮ])"
_SHORT_ONSET = "([กขคตปผพ][รล](?![ะ-ู])|[ก-ฮ])"  # where nothing of the vowel follows
_THAI = (
    ("[ก-ฮ][ิ-ู]?์", ""),  # a silenced letter
    ("[็-๋]", ""),  # tones, and a mark of shortness
    ("ห(?=[งญณนมยรลวฬ])", ""),  # only raises the tone
    (f"เ{_ONSET}ีย", r"\1ia"),
    (f"เ{_ONSET}ือ", r"\1uea"),
    (f"เ{_ONSET}าะ?", r"\1ao"),
    (f"เ{_ONSET}[ิอ]", r"\1oe"),
    (f"เ{_SHORT_ONSET}", r"\1e"),
    (f"แ{_SHORT_ONSET}", r"\1ae"),
    (f"โ{_SHORT_ONSET}", r"\1o"),
    (f"[ใไ]{_SHORT_ONSET}", r"\1ai"),
    ("ัว", "ua"),
    ("ํา", "am"),
    ("รร(?=[ก-ฮ])", "a"),
    ("รร", "an"),
)

#: Lao stands in Unicode as Thai does, 128 places further on.
_TO_LAO = {letter: letter + 0x80 for letter in range(0x0E01, 0x0E5C)}
_LAO = (
    ("ຽ", "ia"),
    ("ຫ(?=ຼ)", ""),
    *((pattern.translate(_TO_LAO), sound) for pattern, sound in _THAI if "รร" not in pattern),
)

_BURMESE = (
    ("(?<=န\u1039)တ", "ဒ"),  # soft behind a nasal
    ("\u1031[\u102b\u102c]\u103a?", "au"),  # written around its consonant
    ("([\u1000-\u1020][\u103b-\u103e]*)(?=[\u1000-\u102a])", r"\1a"),
)

#: Letters that call for the rewrites behind them (`transliteration.Rules`).
RULES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("\u1780-\u17ff", _KHMER),
    ("\u0e00-\u0e7f", _THAI),
    ("\u0e80-\u0eff", _LAO),
    ("\u1000-\u109f", _BURMESE),
)
