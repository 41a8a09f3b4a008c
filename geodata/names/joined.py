"""Kind words joined to a name by scripts that write no spaces: ភូមិថ្មី is "phum thmei", the new village."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from geodata.names.mainland import UNSPACED

_NOT_PARTED = "\u17d2\u1039เแโใไເແໂໃໄ"  # joins letters, or stands before the consonant it is spoken behind


@dataclass(frozen=True)
class Joined:
    """Words of such scripts that are parted from a name."""

    first: re.Pattern[str]  # kind words, before a name
    last: re.Pattern[str]  # kind words and modifiers, behind a name
    counting: re.Pattern[str]  # what announces a number, before digits

    @classmethod
    def of(cls, kinds: Iterable[str], modifiers: Iterable[str], marks: Iterable[str]) -> Joined:
        """Gather the words written in such scripts; the others are ignored."""
        kinds = list(kinds)
        before, behind, counting = map(_any_of, (kinds, [*kinds, *modifiers], marks))
        return cls(
            re.compile(rf"(?<!\S)({before})(?=[^\W\d_]\S)"),
            re.compile(rf"(?<=\S[^\s{_NOT_PARTED}])({behind})(?!\S)"),
            re.compile(rf"(?<=\S)({counting})(?=\s*\d)"),
        )

    def part(self, text: str) -> str:
        """Return a text with spaces around such words."""
        if text.isascii() or not UNSPACED.search(text):
            return text
        return self.last.sub(r" \1", self.first.sub(r"\1 ", self.counting.sub(r" \1 ", text)))


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern of words, the longest first; one that matches nothing where there are none."""
    own = sorted({word for word in words if UNSPACED.search(word)}, key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, own)) or r"(?!)"
