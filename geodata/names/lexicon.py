"""The words of `terms/*.toml`: generic terms, articles, abbreviations, modifiers, numerals; all languages at once.

The language of a name is rarely known, and a word that means nothing in one language does no harm in another as long as
both sides of a comparison are read the same way.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from geodata.names.folding import fold
from geodata.names.joined import Joined


@dataclass(frozen=True)
class Lexicon:
    """What single folded words stand for."""

    generic: frozenset[str]  # village, camp, school: the kind, not the name
    article: frozenset[str]  # of, the, de, al: carry nothing
    abbreviation: dict[str, tuple[str, ...]]  # written short -> in full
    modifier: dict[str, tuple[str, str]]  # word -> (axis, value), e.g. uttar -> (direction, north)
    numeral: dict[str, str]  # number word or roman numeral -> digits
    number_mark: frozenset[str]  # no, nr: announces a number
    ordinal: frozenset[str]  # st, nd, eme: written behind digits
    translation: dict[str, str]  # kind word -> the English word for it, for names that are nothing but kind and number
    joined: Joined  # words that scripts without spaces join to a name


@cache
def lexicon() -> Lexicon:
    """Return the words of every term file, folded."""
    tables = [tomllib.loads(text) for text in _files()]
    return Lexicon(
        generic=frozenset(_folded(table.get("generic", ()) for table in tables)),
        article=frozenset(_folded(table.get("article", ()) for table in tables)),
        abbreviation={short: tuple(fold(full).split()) for short, full in _pairs(tables, "abbreviation")},
        modifier={
            word: (axis, value)
            for table in tables
            for axis, values in table.get("modifier", {}).items()
            for value, words in values.items()
            for word in _folded([words])
        },
        numeral={**_roman(30), **{word: str(number) for word, number in _pairs(tables, "number")}},
        number_mark=frozenset(_folded(table.get("number_mark", ()) for table in tables)),
        ordinal=frozenset(_folded(table.get("ordinal", ()) for table in tables)),
        translation={word: fold(english) for word, english in _pairs(tables, "translation")},
        joined=Joined.of(
            (word for table in tables for word in table.get("generic", ())),
            (
                word
                for table in tables
                for axis in table.get("modifier", {}).values()
                for own in axis.values()
                for word in own
            ),
            (word for table in tables for word in table.get("number_mark", ())),
        ),
    )


def _files() -> Iterator[str]:
    folder = files("geodata").joinpath("terms")
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml") and path.name != "kinds.toml":
            yield path.read_text(encoding="utf-8")


def _folded(lists: Iterable[Iterable[str]]) -> set[str]:
    return {fold(word) for words in lists for word in words}


def _pairs(tables: list[dict[str, Any]], section: str) -> Iterator[tuple[str, Any]]:
    for table in tables:
        for word, value in table.get(section, {}).items():
            yield fold(word), value


def _roman(highest: int) -> dict[str, str]:
    ones = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    return {"x" * (number // 10) + ones[number % 10]: str(number) for number in range(1, highest)}
