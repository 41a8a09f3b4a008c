"""One name read into its parts: what only this place is called, its kind, its side of the hill, its number."""

from __future__ import annotations

from typing import NamedTuple

from geodata.names.lexicon import Lexicon


class NameForm(NamedTuple):
    """The parts of one name, each as single-spaced folded words; an empty text where a part is missing."""

    core: str  # what only this place is called; empty when nothing but articles was written
    generic: str  # kind words, in the order written
    modifier: str  # "axis=value" words, sorted
    number: str  # numbers in digits, and letters that stand for numbers, in the order written
    qualifier: str  # what stood in brackets behind the name, e.g. the country
    vowelless: bool = False  # written in a script that leaves vowels out

    @property
    def letters(self) -> str:
        """The core without spaces: "red rose" and "redrose" are filed together."""
        return self.core.replace(" ", "")

    @property
    def key(self) -> str:
        """What two names must share to be called alike in core, modifier and number."""
        return f"{self.letters}|{self.modifier}|{self.number}"


def parse(folded: str, qualifier: str, words: Lexicon, *, vowelless: bool = False) -> NameForm:
    """Return the parts of a folded name; `qualifier` is what stood in brackets, folded."""
    tokens, digits = _without_digits(folded.split(), words)
    if len(tokens) > 1:
        tokens = [full for token in tokens for full in words.abbreviation.get(token, (token,))]
    tokens, numerals = _without_numerals(tokens, words)
    kept = [token for token in tokens if token not in words.article]
    if not words.aside.isdisjoint(kept):
        kept = [token for token, after in zip(kept, [*kept[1:], ""], strict=True) if not _is_aside(token, after, words)]
    if not kept and len(tokens) == 1:
        kept = tokens  # the village of Y, in France
    generic = [token for token in kept if token in words.generic]
    proper = [token for token in kept if token not in words.generic]
    core = [token for token in proper if token not in words.modifier]
    modifiers = [token for token in proper if token in words.modifier]
    numbers = digits + numerals
    if not core:
        # Something must be left to call the place by: its kind ("Naya Basti", "Camp 4"), else its modifier ("El Alto").
        core = [words.translation.get(token, token) for token in generic] if numbers else generic
        core = core or modifiers or numbers
        modifiers = [] if core is modifiers else modifiers
    axes = sorted({"=".join(words.modifier[token]) for token in modifiers})
    return NameForm(" ".join(core), " ".join(generic), " ".join(axes), " ".join(numbers), qualifier, vowelless)


def _without_digits(tokens: list[str], words: Lexicon) -> tuple[list[str], list[str]]:
    """Take numbers in digits out, with what marks them ("no 2", "2 nd") and a letter that is part of them ("8 e")."""
    kept: list[str] = []
    numbers: list[str] = []
    for position, token in enumerate(tokens):
        if token.isdigit():
            _take(str(int(token[:18])), kept, numbers, words)
        elif not position or not tokens[position - 1].isdigit():
            kept.append(token)
        elif len(token) == 1 and kept and kept[-1] in words.generic:
            numbers[-1] += token
        elif token not in words.ordinal:
            kept.append(token)
    return kept, numbers


def _without_numerals(tokens: list[str], words: Lexicon) -> tuple[list[str], list[str]]:
    """Take number words and roman numerals out where numbers stand: at the end or behind a kind word.

    "Almanza Uno", "Zone Deux", not "Three Bells"; and only if a name is left without them. Behind a kind word, a single
    letter at the end is a number too: "Block A", "Camp C".
    """
    end = len(tokens)
    while end and _may_follow_number(tokens[end - 1], words):
        end -= 1
    kept: list[str] = []
    numbers: list[str] = []
    for position, token in enumerate(tokens):
        behind_kind = position > 0 and tokens[position - 1] in words.generic
        if token in words.numeral and kept and (position >= end or behind_kind):
            _take(words.numeral[token], kept, numbers, words)
        elif token in words.counting and behind_kind and position >= end:
            numbers.append(words.counting[token])
        elif len(token) == 1 and behind_kind and position >= end - 1:
            numbers.append(token)
        else:
            kept.append(token)
    return kept, numbers


def _take(number: str, kept: list[str], numbers: list[str], words: Lexicon) -> None:
    numbers.append(number)
    if kept and kept[-1] in words.number_mark:
        kept.pop()


def _may_follow_number(token: str, words: Lexicon) -> bool:
    known = (words.numeral, words.counting, words.generic, words.modifier, words.article)
    return any(token in each for each in known)


def _is_aside(token: str, after: str, words: Lexicon) -> bool:
    return token in words.aside and after in words.modifier
