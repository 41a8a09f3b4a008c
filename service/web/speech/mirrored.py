"""A language for looking: every message in English, word by word from right to left, as Arabic would run.

Placeholders and marks of HTML stay as they are, so a page that is sound in it is sound in a real language.
"""

from __future__ import annotations

import re

from babel.support import NullTranslations

_FROM_RIGHT, _END = "\u202e", "\u202c"
_KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]*>|&\w+;|\s+)")


class Mirrored(NullTranslations):
    """Messages of `PSEUDO`."""

    def gettext(self, message: str) -> str:
        """Return a message, mirrored."""
        return mirrored(message)

    def ngettext(self, singular: str, plural: str, num: int) -> str:
        """Return the message for a number, mirrored."""
        return mirrored(singular if num == 1 else plural)


def mirrored(text: str) -> str:
    """Return a text whose words run from right to left."""
    parts = _KEPT.split(text)
    return "".join(part if not part or at % 2 else f"{_FROM_RIGHT}{part}{_END}" for at, part in enumerate(parts))
