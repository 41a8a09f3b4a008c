"""One text: what in it reaches or names one person, blotted out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial

from geodata.personal.checkdigits import passes
from geodata.personal.rule import SPACES, Pattern, Rule, Where, rules

#: Seven digits with little between them: fewer are no phone number and no number of a document.
SUSPECT = rf"(?:\d[{SPACES}()./-]{{0,3}}){{7}}|[A-Za-z]{{4}}\d{{6}}"
_SUSPECT = re.compile(SUSPECT)
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
    digits = _SUSPECT.search(text) is not None
    signs = [sign for sign in _signs() if sign in text]
    if not digits and not signs:
        return Blotted(text)
    letters = not code and _LETTERS.search(text) is not None
    places = (Where.ANYWHERE, *(() if code else (Where.TEXTS,)), *((Where.SENTENCES,) if letters else ()))
    set_off: dict[str, Rule] = {}
    for pattern in rules().patterns:
        if pattern.where not in places or not (
            any(sign in signs for sign in pattern.signs) if pattern.signs else digits
        ):
            continue
        after = pattern.finds.sub(partial(_blotted, pattern), text)
        if after != text:
            text = after
            set_off[pattern.rule.id] = pattern.rule
    return Blotted(text, tuple(set_off.values()))


@cache
def _signs() -> frozenset[str]:
    return frozenset(sign for pattern in rules().patterns for sign in pattern.signs)


def _blotted(pattern: Pattern, found: re.Match[str]) -> str:
    before, personal = found.group(1), found.group(2)
    if pattern.check is not None and not passes(pattern.check, personal):
        return found.group(0)
    after = found.group(0)[len(before) + len(personal) :]
    return f"{before}{pattern.mark}{after}"
