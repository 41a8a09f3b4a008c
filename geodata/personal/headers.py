"""Which rule a header sets off, if any, by its words alone or only together with its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from geodata.files.headers import fold
from geodata.personal.rule import Rule, rules

#: A question's number: "2", "b3", "q12a".
_NUMBERING = re.compile(r"[a-z]{0,2}\d+[a-z]?")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A rule that a header sets off where the cells are of this kind; None: whatever they are."""

    rule: Rule
    cells: str | None


@cache
def suspicions(header: str) -> tuple[Suspicion, ...]:
    """Return what a header may be, the surest first; empty for a header that asks for nothing personal."""
    found = [suspicion for asked in _readings(header) for suspicion in _of(asked)]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.cells is not None))


def _readings(header: str) -> Iterator[str]:
    """Yield what a header asks: its last part, both halves of two languages, and "respondent/name" as a whole."""
    pieces = [fold(piece) for piece in header.split("/")]
    yield fold(header)
    if re.search(r"\s/|/\s", header):
        yield from pieces
    elif len(pieces) > 1 and _bare(pieces[-1]):
        yield " ".join(pieces[-2:])


def _bare(words: str) -> bool:
    """Return whether a question says nothing without its group: "name", "id", "full name"."""
    by = rules()
    return all(word in by.names | by.codes | by.fillers for word in words.split())


def _of(asked: str) -> Iterator[Suspicion]:
    by = rules()
    words = [word for word in asked.split() if not _NUMBERING.fullmatch(word)]
    named, coded = any(word in by.names for word in words), any(word in by.codes for word in words)
    asked = " ".join(words)
    bare = _without(words, by.fillers)
    core = _without(words, by.fillers | by.names | by.codes)
    for rule in by.rules.values():
        if asked in rule.always or bare in rule.always:
            yield Suspicion(rule, None)
        if _any_of(rule.whole, asked, core):
            yield Suspicion(rule, None if coded else "words")
        if _any_of(rule.named, asked, core):
            yield Suspicion(rule, "words" if named else "people")
        if any(f" {phrase} " in f" {asked} " for phrase in rule.inside):
            yield Suspicion(rule, rule.cells)


@cache
def _phrases(phrases: frozenset[str]) -> dict[str, str]:
    """Return phrases with their fillers taken away, as headers are compared."""
    by = rules()
    return {_without(phrase.split(), by.fillers | by.names | by.codes): phrase for phrase in phrases}


def _any_of(phrases: frozenset[str], asked: str, core: str) -> bool:
    return asked in phrases or (core != "" and core in _phrases(phrases))


def _without(words: list[str], taken: frozenset[str]) -> str:
    return " ".join(word for word in words if word not in taken)
