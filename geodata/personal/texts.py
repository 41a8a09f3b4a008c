"""One text: what in it reaches or names one person, blotted out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geodata.personal.checkdigits import passes
from geodata.personal.rule import Pattern, Rule, Where, rules

#: Without one of these there is nothing to find, whatever the pattern; most texts end here.
_SUSPECT = re.compile(r"@|%40|://|(?:\d\W{0,3}){7}|\d{5}")
_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Blotted:
    """A text with marks where something stood, and the rules that were set off, each once."""

    text: str
    rules: tuple[Rule, ...] = ()


def blot(text: str, *, code: bool = False) -> Blotted:
    """Return a text without phone numbers, e-mail addresses, identity numbers and secrets of links.

    `code` says that it is a code, a number, a date or a point, in which only what cannot be one is looked for. Names of
    people inside sentences are not found: no rule tells them from names of places.
    """
    if not _SUSPECT.search(text):
        return Blotted(text)
    set_off: dict[str, Rule] = {}
    for pattern in rules().patterns:
        if not _looked_for(pattern, text, code=code):
            continue
        after = pattern.finds.sub(lambda found, pattern=pattern: _blotted(found, pattern), text)  # type: ignore[misc]
        if after != text:
            text = after
            set_off[pattern.rule.id] = pattern.rule
    return Blotted(text, tuple(set_off.values()))


def _looked_for(pattern: Pattern, text: str, *, code: bool) -> bool:
    if pattern.where is Where.ANYWHERE:
        return True
    return not code and (pattern.where is Where.TEXTS or _LETTERS.search(text) is not None)


def _blotted(found: re.Match[str], pattern: Pattern) -> str:
    before, personal = found.group(1), found.group(2)
    if pattern.check is not None and not passes(pattern.check, personal):
        return found.group(0)
    after = found.group(0)[len(before) + len(personal) :]
    return f"{before}{pattern.mark}{after}"
