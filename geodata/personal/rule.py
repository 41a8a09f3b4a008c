"""A rule about people: by which headers, cells and texts it is set off. Rules are data (`rules.toml`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from geodata.files.headers import fold

#: Spaces and hyphens as editors set them between digits.
SPACES = " \u00a0\u2009\u202f\u2010-\u2013"


class Where(StrEnum):
    """In which cells a pattern is looked for; each holds those before it."""

    ANYWHERE = "anywhere"  # codes and numbers too
    TEXTS = "texts"  # not in codes and numbers
    SENTENCES = "sentences"  # where letters stand beside it


@dataclass(frozen=True)
class Rule:
    """One thing that is about one person, why it is not let in, and the headers that ask for it."""

    id: str
    label: str
    why: str
    mapped: bool  # whether a person who maps such a column to a part of the record may keep it
    whole: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    inside: tuple[str, ...] = ()
    always: frozenset[str] = frozenset()
    headers: tuple[str, ...] = ()  # all of them as written, for people to read
    cells: str | None = None  # what most cells have to be for `inside`, or for no header at all


@dataclass(frozen=True)
class Pattern:
    """What is blotted out of texts: the second group of the pattern, where its check holds."""

    rule: Rule
    mark: str
    finds: re.Pattern[str]
    where: Where
    check: str | None
    signs: tuple[str, ...]  # one of these has to be there; empty: seven digits


@dataclass(frozen=True)
class Rules:
    """All rules, and the words they share."""

    rules: Mapping[str, Rule]
    patterns: tuple[Pattern, ...]
    fillers: frozenset[str]
    names: frozenset[str]  # words for a person's name
    codes: frozenset[str]  # words for a code that stands for a person
    titles: frozenset[str]
    given: frozenset[str]


@cache
def rules() -> Rules:
    """Return the rules of this release, read once from `rules.toml`."""
    read = tomllib.loads(files("geodata.personal").joinpath("rules.toml").read_text(encoding="utf-8"))
    known = {name: _rule(name, entry) for name, entry in read["rules"].items()}
    fillers = read["fillers"]
    return Rules(
        rules=known,
        patterns=tuple(_pattern(entry, known) for entry in read["texts"]),
        fillers=_folded(fillers["words"]),
        names=_folded(fillers["names"]),
        codes=_folded(fillers["codes"]),
        titles=_folded(read["people"]["titles"]),
        given=_folded(read["people"]["given"]),
    )


def _rule(name: str, entry: Mapping[str, Any]) -> Rule:
    return Rule(
        id=name,
        label=entry["label"],
        why=entry["why"],
        mapped=entry["mapped"],
        whole=_folded(entry.get("whole", ())),
        named=_folded(entry.get("named", ())),
        inside=tuple(sorted(_folded(entry.get("inside", ())), key=len, reverse=True)),
        always=_folded(entry.get("always", ())),
        headers=tuple(header for match in ("whole", "always", "inside", "named") for header in entry.get(match, ())),
        cells=entry.get("cells"),
    )


def _pattern(entry: Mapping[str, Any], known: Mapping[str, Rule]) -> Pattern:
    finds = re.compile(entry["pattern"].replace("[ ", f"[{SPACES}"), re.IGNORECASE)
    where = Where(entry.get("where", Where.TEXTS))
    return Pattern(known[entry["rule"]], entry["mark"], finds, where, entry.get("check"), tuple(entry.get("signs", ())))


def _folded(words: Any) -> frozenset[str]:
    return frozenset(fold(word) for word in words)
