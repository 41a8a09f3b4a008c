"""Bring a name in any script to Latin letters, as people who live there write it.

Character tables (anyascii) know every script letter by letter. What they cannot know is how letters act on one another:
the vowel a consonant carries unwritten, vowels written before the consonant they follow, articles written as one word
with their noun. The rules of this and its sister modules say those things first; the tables do the rest.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from anyascii import anyascii

from geodata.names import abjads, indic, mainland

#: Zero-width joiners and other marks that are no letters. They go last: in Indic scripts they stand where a consonant
#: has lost its vowel, and rules look for neighbours.
_JOINERS = str.maketrans("", "", "\u200c\u200d\u2060\ufeff\u00ad")
_BREAK = "\u200b"  # parts words in Khmer, Thai, Lao and Burmese, which write none of their spaces


class Rules(NamedTuple):
    """What to rewrite in texts that hold a letter of a range."""

    letters: re.Pattern[str]
    rewrites: tuple[tuple[re.Pattern[str], str], ...]  # in this order


def _rules(letters: str, rewrites: tuple[tuple[str, str], ...]) -> Rules:
    compiled = tuple((re.compile(pattern, re.IGNORECASE), replacement) for pattern, replacement in rewrites)
    return Rules(re.compile(f"[{letters}]"), compiled)


#: Greek and Armenian write some sounds with two letters, or otherwise at the head of a word.
_GREEK = ((r"\bμπ", "b"), (r"\bντ", "d"), (r"\bγκ", "g"), ("γ(?=[γκ])", "n"))  # noqa: RUF001 - Greek letters
_ARMENIAN = (("ու", "u"), ("և", "ev"), (r"\bե", "ye"), (r"\bո(?!վ)", "vo"), ("եա", "ia"))  # noqa: RUF001 - Armenian

_ALL = (
    *(_rules(letters, rewrites) for letters, rewrites in (*indic.RULES, *mainland.RULES, *abjads.RULES)),
    _rules("Ͱ-Ͽ", _GREEK),
    _rules("԰-֏", _ARMENIAN),
)


def to_latin(text: str) -> str:
    """Return a text in ASCII letters; what has no letters in any table is dropped. ASCII text is returned as it is."""
    if text.isascii():
        return text
    normal = unicodedata.normalize("NFKC", text.replace("°", "º"))  # N°2 is meant as Nº2
    normal = normal.replace(_BREAK, " " if mainland.UNSPACED.search(normal) else "")
    for rules in _ALL:
        if rules.letters.search(normal):
            for pattern, replacement in rules.rewrites:
                normal = pattern.sub(replacement, normal)
    return str(anyascii(normal.translate(_JOINERS)))
