"""Normal forms of place names: what is the name proper, what is only its kind, its side of the hill, its number.

`Brgy. Santa Cruz II` and `Barangay Sta. Cruz No. 2` have one form: core "santa cruz", generic "barangay", number "2".
A name is never replaced by its form; forms are what names are compared by. The rules are those of toponym matching
practice: transliterate first, compare the parts separately, because numbers and modifiers look alike but mean other
places (Jaro-Winkler("block 12", "block 21") = 0.975).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.names.folding import fold, fold_column
from geodata.names.lexicon import Lexicon, lexicon
from geodata.names.resemblance import Readings

#: A name with something in brackets behind it, in Western or full-width brackets.
_BRACKETED = (
    "^\\s*(?P<name>[^(\\[\uff08]*[^(\\[\uff08\\s])\\s*[(\\[\uff08](?P<qualifier>[^)\\]\uff09]*)[)\\]\uff09]?\\s*$"
)
_BRACKETED_NAME = re.compile(_BRACKETED, re.ASCII)
_FEW = 64  # names up to which reading them one by one is quicker than as a column
_ORDINAL_MARKS = frozenset({"st", "nd", "rd", "th", "o", "a", "er", "re", "eme"})
_NUMBER_MARKS = frozenset({"no", "nr", "num", "numero", "number", "n"})
_SILENT = re.compile(r"[aeiouyhw ]")
_SOUNDS = str.maketrans("cqzvlg", "kksbrg")  # letters that romanisations and ears exchange
_DOUBLED = re.compile(r"(.)\1+")


class NameForm(NamedTuple):
    """The parts of one name, each as single-spaced folded words; an empty text where a part is missing."""

    core: str  # what only this place is called; empty when nothing but articles was written
    generic: str  # kind words, in the order written
    modifier: str  # "axis=value" words, sorted
    number: str  # numbers in digits, in the order written
    qualifier: str  # what stood in brackets behind the name, e.g. the country

    @property
    def letters(self) -> str:
        """The core without spaces: "red rose" and "redrose" are filed together."""
        return self.core.replace(" ", "")

    @property
    def key(self) -> str:
        """What two names must share to be called alike in core, modifier and number."""
        return f"{self.letters}|{self.modifier}|{self.number}"


class Marks(NamedTuple):
    """Numbers and modifiers of a column of distinct names."""

    distinct: tuple[tuple[str, str], ...]  # (number, modifier); the first are none of either
    which: NDArray[np.int64]  # of each name, its position in `distinct`


@dataclass(frozen=True)
class NameForms:
    """Normal forms of a column of names, in its order; repeated names share one form."""

    texts: tuple[str, ...]  # distinct names as written
    parts: tuple[NameForm, ...]  # one per distinct name
    which: NDArray[np.int64]  # for each name of the column, the distinct name it is

    def __len__(self) -> int:
        """Return the number of names in the column."""
        return len(self.which)

    def __getitem__(self, position: int) -> NameForm:
        """Return the form of one name of the column."""
        return self.parts[int(self.which[position])]

    @cached_property
    def named(self) -> NDArray[np.bool_]:
        """Whether each name of the column says anything to call a place by."""
        return np.fromiter((bool(part.core) for part in self.parts), np.bool_, len(self.parts))[self.which]

    @cached_property
    def letters(self) -> list[str]:
        """The letters of each distinct name's core."""
        return [part.letters for part in self.parts]

    @cached_property
    def readings(self) -> Readings:
        """Each distinct name's core, ready to be compared with others."""
        return Readings.of([part.core for part in self.parts])

    @cached_property
    def marks(self) -> Marks:
        """What numbers and modifiers the distinct names bear."""
        number: dict[tuple[str, str], int] = {("", ""): 0}
        which = [number.setdefault((part.number, part.modifier), len(number)) for part in self.parts]
        return Marks(tuple(number), np.array(which, np.int64))

    @cached_property
    def skeletons(self) -> tuple[str, ...]:
        """The consonant skeleton of each distinct name's core."""
        return tuple(skeleton(part.core) for part in self.parts)


def forms(names: Sequence[str | None]) -> NameForms:
    """Return the normal forms of a column of names; None counts as an empty name."""
    number: dict[str, int] = {}
    which = [number.setdefault(name or "", len(number)) for name in names]
    texts = tuple(number)
    parts = tuple(map(form, texts)) if len(texts) <= _FEW else _forms_of(pa.array(texts, pa.string()))
    return NameForms(texts=texts, parts=parts, which=np.array(which, np.int64))


@lru_cache(maxsize=100_000)
def form(name: str) -> NameForm:
    """Return the normal form of one name."""
    found = _BRACKETED_NAME.match(name)
    outside, inside = (found["name"], found["qualifier"]) if found else (name, "")
    return _parse(fold(outside), fold(inside), lexicon())


def _forms_of(distinct: pa.Array) -> tuple[NameForm, ...]:
    bracketed = pc.extract_regex(distinct, _BRACKETED)
    outside = fold_column(pc.coalesce(pc.struct_field(bracketed, "name"), distinct))
    inside = fold_column(pc.fill_null(pc.struct_field(bracketed, "qualifier"), ""))
    words = lexicon()
    pairs = zip(outside.to_pylist(), inside.to_pylist(), strict=True)
    return tuple(_parse(name, qualifier, words) for name, qualifier in pairs)


def skeleton(core: str) -> str:
    """Return the consonants of a folded core, brought together where romanisations differ; may be empty.

    Gatwekera, Gatwikira and Gatuikira share "gtkr"; Silanga and Siranga share "srng".
    """
    first = core[:1] if core[:1] in "aeiouy" else ""
    sounds = _SILENT.sub("", core.replace("ph", "f").replace("ch", "k").replace("sh", "s")).translate(_SOUNDS)
    return ("a" if first else "") + _DOUBLED.sub(r"\1", sounds)


def _parse(folded: str, qualifier: str, words: Lexicon) -> NameForm:
    tokens, digits = _without_digits(folded.split())
    tokens = [full for token in tokens for full in words.abbreviation.get(token, (token,))]
    tokens, numerals = _without_numerals(tokens, words)
    kept = [token for token in tokens if token not in words.article]
    if not kept and len(tokens) == 1:
        kept = tokens  # the village of Y, in France
    generic = [token for token in kept if token in words.generic]
    proper = [token for token in kept if token not in words.generic]
    core = [token for token in proper if token not in words.modifier]
    modifiers = [token for token in proper if token in words.modifier]
    numbers = digits + numerals
    if not core:
        # Something must be left to call the place by: its kind ("Naya Basti", "Camp 4"), else its modifier ("El Alto").
        core = generic or modifiers or numbers
        modifiers = [] if core is modifiers else modifiers
    axes = sorted({"=".join(words.modifier[token]) for token in modifiers})
    return NameForm(" ".join(core), " ".join(generic), " ".join(axes), " ".join(numbers), qualifier)


def _without_digits(tokens: list[str]) -> tuple[list[str], list[str]]:
    """Take numbers in digits out, with what marks them: "no 2", "2 nd"."""
    kept: list[str] = []
    numbers: list[str] = []
    for position, token in enumerate(tokens):
        if token.isdigit():
            numbers.append(str(int(token[:18])))
            if kept and kept[-1] in _NUMBER_MARKS:
                kept.pop()
        elif not (token in _ORDINAL_MARKS and position and tokens[position - 1].isdigit()):
            kept.append(token)
    return kept, numbers


def _without_numerals(tokens: list[str], words: Lexicon) -> tuple[list[str], list[str]]:
    """Take number words and roman numerals out where numbers stand: at the end or behind a kind word.

    "Almanza Uno", "Zone Deux", not "Three Bells"; and only if a name is left without them.
    """
    if words.numeral.keys().isdisjoint(tokens):
        return tokens, []
    end = len(tokens)
    while end and _may_follow_number(tokens[end - 1], words):
        end -= 1
    kept: list[str] = []
    numbers: list[str] = []
    for position, token in enumerate(tokens):
        behind_kind = position > 0 and tokens[position - 1] in words.generic
        if token in words.numeral and kept and (position >= end or behind_kind):
            numbers.append(words.numeral[token])
        else:
            kept.append(token)
    return kept, numbers


def _may_follow_number(token: str, words: Lexicon) -> bool:
    return any(token in known for known in (words.numeral, words.generic, words.modifier, words.article))
