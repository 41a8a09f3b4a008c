"""Printable: names in scripts for which a machine has no typeface are still read, in Latin letters and marked so.

A box in the place of every letter would make a name unreadable, and a PDF that hides letters is not accessible. So what
cannot be printed is transliterated word by word and put in square brackets; the page, the CSV and the JSON have it as
it is written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from geodata.names.transliteration import to_latin
from service.plots import lettering

_NOTE = (
    "Names in [square brackets] are transliterated, because the machine that made this file has no typeface for their "
    "script; they stand as written in the page, the CSV and the JSON of this report."
)
_WORD = re.compile(r"[^\s<>&\"'()\[\],;:]+")  # a text may be a picture: its marks stay
_MARKS = {"Cc", "Cs", "Co", "Cn"}  # what no typeface has: control signs, halves of letters, private and unknown ones
_ISOLATES = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


_REGULAR = 400  # weight


class Printable:
    """What of a text can be printed here, and with which typefaces."""

    def __init__(self, text: str) -> None:
        """Look once for typefaces that have every letter of a text."""
        lacking = lettering.missing(_bare(text))
        found = _faces(lacking) if lacking else {}
        self.families = list(found)
        self.from_system = bool(found)
        self._lacking = lacking.difference(*found.values())
        self.note = _NOTE if self._lacking else ""

    def __call__(self, text: str) -> str:
        """Return a text that can be printed."""
        bare = _bare(text)
        return bare if self._lacking.isdisjoint(bare) else _WORD.sub(self._word, bare).replace("] [", " ")

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        return word if self._lacking.isdisjoint(word) else f"[{to_latin(word) or '?'}]"


def _bare(text: str) -> str:
    """Return a text without signs that are not printed, nor turn what follows around."""
    kept = (sign for sign in text.translate(_ISOLATES) if sign == "\n" or unicodedata.category(sign) not in _MARKS)
    return "".join(kept)


def _faces(lacking: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return few families of this machine that have letters, in order of their names, and which each has."""
    left, chosen = lacking, {}
    for family, face in _installed():
        if has := left & lettering.letters(face):
            chosen[family] = has
            left -= has
        if not left:
            break
    return chosen


@cache
def _installed() -> tuple[tuple[str, Path], ...]:
    """Return the upright typefaces installed on this machine, one file of each family."""
    import typst  # noqa: PLC0415 - forty megabytes, for the few who print

    faces = typst.Fonts(include_embedded_fonts=False).fonts()
    upright = [one for one in faces if one.path and one.style.casefold() == "normal"]
    nearest: dict[str, Path] = {}
    for one in sorted(upright, key=lambda one: (one.family, abs(one.weight - _REGULAR), one.path or "")):
        nearest.setdefault(one.family, Path(str(one.path)))
    return tuple(nearest.items())
