"""The words of `terms/*.toml`: generic terms, articles, abbreviations, modifiers, numerals; all languages at once.

The language of a name is rarely known, and a word that means nothing in one language does no harm in another as long as
both sides of a comparison are read the same way. Words written in another script than Latin speak only of names written
so: what ล่าง is to Thai, the "lang" it folds to is to nobody.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from geodata.names.folding import fold
from geodata.names.joined import Joined

#: A letter of another script than Latin.
_NOT_LATIN = re.compile("[\u0370-\u1dff\u2c00-\ua71f\ua800-\uab2f\uab70-\ufaff\ufb13-\ufefc\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Lexicon:
    """What single folded words stand for."""

    generic: frozenset[str]  # village, camp, school: the kind, not the name
    article: frozenset[str]  # of, the, de, al: carry nothing
    aside: frozenset[str]  # khang, side: carries nothing before a modifier
    abbreviation: dict[str, tuple[str, ...]]  # written short -> in full
    modifier: dict[str, tuple[str, str]]  # word -> (axis, value), e.g. uttar -> (direction, north)
    numeral: dict[str, str]  # number word or roman numeral -> digits
    counting: dict[str, str]  # number words that may be names as well, and count only behind a kind word
    number_mark: frozenset[str]  # no, nr: announces a number
    ordinal: frozenset[str]  # st, nd, eme: written behind digits
    translation: dict[str, str]  # kind word -> the English word for it, for names that are nothing but kind and number
    joined: Joined  # words that scripts without spaces join to a name


def lexicon(name: str = "") -> Lexicon:
    """Return the words that a name may hold: all words if it has letters of another script than Latin."""
    return _lexicon(latin=name.isascii() or _NOT_LATIN.search(name) is None)


@cache
def _lexicon(*, latin: bool) -> Lexicon:
    tables = [_Table(tomllib.loads(text), latin) for text in _files()]
    modifiers = [(axis, value, word) for table in tables for axis, value, word in table.modifiers()]
    return Lexicon(
        **{list_: frozenset(fold(word) for table in tables for word in table.words(list_)) for list_ in _LISTS},
        abbreviation={short: tuple(fold(full).split()) for short, full in _pairs(tables, "abbreviation")},
        modifier={fold(word): (axis, value) for axis, value, word in modifiers},
        numeral={**_roman(30), **{word: str(number) for word, number in _pairs(tables, "number")}},
        counting={word: str(number) for word, number in _pairs(tables, "counting")},
        translation={word: fold(english) for word, english in _pairs(tables, "translation")},
        joined=Joined.of(
            [word for table in tables for word in table.words("generic")],
            [word for _, _, word in modifiers],
            [word for table in tables for word in table.words("number_mark")],
        ),
    )


_LISTS = ("generic", "article", "aside", "number_mark", "ordinal")


@dataclass(frozen=True)
class _Table:
    """One term file, with only its words in Latin letters if so wished."""

    content: dict[str, Any]
    latin: bool

    def words(self, section: str) -> list[str]:
        return [word for word in self.content.get(section, ()) if self._counts(word)]

    def modifiers(self) -> Iterator[tuple[str, str, str]]:
        for axis, values in self.content.get("modifier", {}).items():
            for value, words in values.items():
                yield from ((axis, value, word) for word in words if self._counts(word))

    def _counts(self, word: str) -> bool:
        return not self.latin or _NOT_LATIN.search(word) is None


def _files() -> Iterator[str]:
    folder = files("geodata").joinpath("terms")
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml") and path.name != "kinds.toml":
            yield path.read_text(encoding="utf-8")


def _pairs(tables: list[_Table], section: str) -> Iterator[tuple[str, Any]]:
    for table in tables:
        for word in table.words(section):
            yield fold(word), table.content[section][word]


def _roman(highest: int) -> dict[str, str]:
    ones = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    return {"x" * (number // 10) + ones[number % 10]: str(number) for number in range(1, highest)}
