"""Indic scripts: the vowel every consonant carries unwritten, where it is spoken and where it is not.

The nine blocks from Devanagari to Malayalam share one layout (The Unicode Standard, ch. 12), so that one rule serves
them all. Sinhala, Meetei Mayek and the scripts of the islands follow the principle with layouts of their own.
"""

from __future__ import annotations

_BLOCKS = (0x0900, 0x0980, 0x0A00, 0x0A80, 0x0B00, 0x0B80, 0x0C00, 0x0C80, 0x0D00)
#: Indo-Aryan languages drop the vowel between two spoken ones: ललितपुर is "lalitpur", নারায়ণগঞ্জ "narayanganj".
_DROPPING = (0x0900, 0x0980, 0x0A00, 0x0A80)
_JOINER = "[\u200c\u200d]?"


def _range(first: int, last: int, blocks: tuple[int, ...] = _BLOCKS) -> str:
    return "".join(f"{chr(block + first)}-{chr(block + last)}" for block in blocks)


def _carried(consonants: str, letters: str, unless: str = "") -> tuple[str, str]:
    """Write the vowel of a consonant that stands straight before another letter: नगर is "nagar"."""
    return f"([{consonants}])(?={_JOINER}[{letters}]){unless}", r"\1a"


#: A vowel before the consonant, and a consonant with its own vowel behind it.
_BETWEEN_VOWELS = (
    f"(?!(?<=[{_range(0x01, 0x39, _DROPPING)}{_range(0x3E, 0x4C, _DROPPING)}].)"
    f"(?=[{_range(0x15, 0x39, _DROPPING)}][{_range(0x3E, 0x4C, _DROPPING)}]))"
)

#: Flapped consonants, a letter and a dot below after normalisation, are romanised with "r": পাড়া is "para".
_FLAPS = tuple(
    (f"[{chr(block + 0x21)}{chr(block + 0x22)}]{chr(block + 0x3C)}", chr(block + 0x30))
    for block in (0x0900, 0x0980, 0x0A00, 0x0B00)
)

#: Tamil writes k and g, t and d, p and b alike; between vowels and behind a nasal they are soft: மதுரை is "madurai".
#: The soft letters are Devanagari's, which the next rule reads as it reads Tamil's.
_SOFT = (
    ("(?<=ஞ\u0bcd)ச", "ज"),
    *(
        (f"(?:(?<=[\u0b85-\u0bb9\u0bbe-\u0bcc])|(?<=[ஙஞணநமன]\u0bcd)){hard}(?!\u0bcd)", soft)
        for hard, soft in (("க", "ग"), ("ட", "ड"), ("த", "द"), ("ப", "ब"))
    ),
)

_MEETEI = ("\uabc0-\uabda", "\uabc0-\uabe2")

#: Consonants, and signs that change or take their vowel, where the vowel is spoken at the end of a word too: Telugu,
#: Kannada, Malayalam; Sinhala; Tagalog and its sisters, Buginese, Balinese, Sundanese, Javanese.
_TO_THE_END = (
    *((_range(0x15, 0x39, (block,)), _range(0x3C, 0x57, (block,))) for block in (0x0C00, 0x0C80, 0x0D00)),
    ("\u0d9a-\u0dc6", "\u0dca-\u0df3"),
    ("\u1703-\u1711\u171f", "\u1712-\u1715"),
    ("\u1a00-\u1a16", "\u1a17-\u1a1b"),
    ("\u1b13-\u1b33", "\u1b34-\u1b44"),
    ("\u1b8a-\u1ba0", "\u1ba1-\u1bad"),
    ("\ua98f-\ua9b2", "\ua9b3-\ua9c0"),
)

#: Letters that call for the rewrites behind them (`transliteration.Rules`).
RULES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("\u0b80-\u0bff", _SOFT),
    *((consonants, ((f"([{consonants}])(?![{signs}])", r"\1a"),)) for consonants, signs in _TO_THE_END),
    ("\u0900-\u0d7f", (*_FLAPS, _carried(_range(0x15, 0x39), _range(0x04, 0x39), _BETWEEN_VOWELS))),
    ("\uabc0-\uabff", (_carried(*_MEETEI),)),
)
