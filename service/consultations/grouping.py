"""Grouping: from what people wrote to what is counted. What no list knows becomes a number, and a word to look at.

A cell of several answers is cut at signs, then at "and" in five languages where the parts are known; in a sentence the
names of groups are found that can hardly be other words. Names of peoples and languages count only where they stand by
themselves, because villages are called after them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from geodata.names.folding import fold
from geodata.tags import answers, tagging
from geodata.taxonomy import Dimension, in_force
from service.accounts.statement import Answers, Question

_CUT = re.compile(r"\s*[;,|/\n\r•·،、]+\s*")
_AND = re.compile(r"\s+(?:and|&|et|y|e|na|و)\s+", re.IGNORECASE)
_LONGEST_NAME = 5  # words
_SURE = 5  # letters from which on a name in a sentence is hardly another word
_ALONE = frozenset({Dimension.ETHNIC, Dimension.LANGUAGE})

#: What may be looked at as a word that the taxonomy lacks: short, without digits or addresses. Longer ones are stories.
_WORD = re.compile(r"[^\d@]{2,60}")
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Grouped:
    """What a respondent or a meeting answered, by question, and the words that nobody could group."""

    answers: dict[Question, Answers]
    words: tuple[tuple[Question, str], ...] = field(default=())

    @property
    def by_name(self) -> dict[str, Any]:
        """The answers by the fields of a `Statement`."""
        return {question.value: found for question, found in self.answers.items()}


def group(said: Mapping[Question, Sequence[str]], country: str) -> Grouped:
    """Group the answers to every question; `country` decides between groups of one name (ISO 3166-1 alpha-3)."""
    found: dict[Question, Answers] = {}
    words: list[tuple[Question, str]] = []
    for question in Question:
        known: list[str] = []
        unknown = 0
        for text in said.get(question, ()):
            ids, left = _read(question, text, country, tagging.digest())
            known += ids
            unknown += len(left)
            words += [(question, word) for word in left if _WORD.fullmatch(word) and _short(word)]
        found[question] = Answers(tuple(dict.fromkeys(known)), unknown)
    return Grouped(found, tuple(dict.fromkeys(words)))


def label_of(question: Question, known: str) -> str:
    """Return what an answer is called where it is shown; its id where the lists no longer hold it."""
    if question is Question.GROUPS:
        found = in_force().get(known)
        return found.label if found else _label(answers.people_named(known), known)
    if question is Question.SDG:
        return f"SDG {known}"
    named = {Question.DRIVERS: answers.driver_named, Question.PRIORITIES: answers.priority_named}
    return _label(named[question](known), known)


def _label(found: answers.Heading | None, known: str) -> str:
    return found.label if found else known


@lru_cache(maxsize=100_000)
def _read(question: Question, text: str, country: str, _digest: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of one cell and what is left; `_digest` is of the rules and groups in force when it was read."""
    meant = _MEANT[question]
    ids: list[str] = []
    left: list[str] = []
    for part in (one for one in _CUT.split(text.strip()) if one):
        found = _of_part(part, country, meant)
        ids += found
        if not found:
            left.append(part)
    return tuple(dict.fromkeys(ids)), tuple(left)


def _of_part(part: str, country: str, meant: Callable[[str, str], str | None]) -> list[str]:
    joined = [meant(one, country) for one in _AND.split(part)]
    if len(joined) > 1 and None not in joined:
        return [one for one in joined if one is not None]
    whole = meant(part, country)
    if whole is not None:
        return [whole]
    return list(_within(part, country)) if meant is _group_meant else []


def _group_meant(text: str, country: str) -> str | None:
    people = answers.people_of(text)
    if people is not None:
        return people.id
    found = in_force().group_of(text, country)
    return found.id if found else None


def _within(sentence: str, country: str) -> Iterable[str]:
    """Yield the groups that a sentence names, the longest name first at each place."""
    words = fold(sentence).split()
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
            found = _surely(" ".join(words[at : at + length]), country)
            if found is not None:
                yield found
                at += length - 1
                break
        at += 1


def _surely(name: str, country: str) -> str | None:
    if len(name) < _SURE:
        return None
    people = answers.people_of(name)
    if people is not None:
        return people.id
    known = in_force()
    found = known.group_of(name, country) if known.bears(name) else None
    return found.id if found and found.dimension not in _ALONE else None


def _short(word: str) -> bool:
    return len(word.split()) <= _MOST_WORDS


def _heading(of: Callable[[str], answers.Heading | None]) -> Callable[[str, str], str | None]:
    def meant(text: str, _country: str) -> str | None:
        found = of(text)
        return found.id if found else None

    return meant


_MEANT: dict[Question, Callable[[str, str], str | None]] = {
    Question.GROUPS: _group_meant,
    Question.DRIVERS: _heading(answers.driver_of),
    Question.SDG: lambda text, _country: answers.goal_of(text),
    Question.PRIORITIES: _heading(answers.priority_of),
}
