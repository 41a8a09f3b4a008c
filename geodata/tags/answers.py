"""Single answers of a consultation, read by declared words: people, drivers, goals and priorities. Nothing is guessed.

People are those whom the taxonomy of groups does not hold, because everybody is of some sex and age (`[people]` of the
rules); drivers are the words of the rules; priorities stand in `priorities.toml`, each under a goal of the 2030 Agenda.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from geodata.names.folding import fold
from geodata.tags import goals
from geodata.tags.rule import Field, Rules
from geodata.tags.rules import spoken
from geodata.tags.tagging import rules_in_force
from geodata.taxonomy.naming import name_key

_GOAL = re.compile(
    r"(?:(?:sdgs?|odd|ods|goals?|objectif|objetivo|objetivos|target|indicator|lengo)\D{0,3})?"
    r"(\d{1,2}(?:\.(?:\d{1,2}|[a-d])(?:\.\d)?)?)(?:\s*[-:.,)]?\s+\D*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What an answer is counted under."""

    id: str
    label: str
    goal: str | None = None  # of the 2030 Agenda


def people_of(text: str) -> Heading | None:
    """Return the people whom a declared word means, such as women or older persons; None where no word is known."""
    return _people(rules_in_force()).get(spoken(text))


def people_named(people_id: str) -> Heading | None:
    """Return declared people by their id; None where there are none of this id."""
    return next((one for one in _people(rules_in_force()).values() if one.id == people_id), None)


def words_of(people_id: str) -> frozenset[str]:
    """Return what declared people are called, as names of groups are compared."""
    return frozenset(name_key(word).key for word, one in _people(rules_in_force()).items() if one.id == people_id)


def driver_of(text: str) -> Heading | None:
    """Return the driver that a declared word means; of several rules that read the word, the one with fewest words."""
    return _drivers(rules_in_force()).get(fold(text))


def driver_named(driver_id: str) -> Heading | None:
    """Return a driver by its id; None where there is none of this id."""
    return next((one for one in _drivers(rules_in_force()).values() if one.id == driver_id), None)


def goal_of(text: str) -> str | None:
    """Return the goal, target or indicator of an answer such as "SDG 5", "ODS 5: igualdad" or "11.1"; else None."""
    found = _GOAL.fullmatch(text.strip())
    return goals.current(found[1]) if found and goals.is_sdg(found[1]) else None


def priority_of(text: str) -> Heading | None:
    """Return the priority that a declared word means; None where no word is known."""
    return _priorities().get(fold(text))


def priority_named(priority_id: str) -> Heading | None:
    """Return a priority by its id; None where there is none of this id."""
    return next((one for one in _priorities().values() if one.id == priority_id), None)


@lru_cache(maxsize=4)
def _people(by: Rules) -> dict[str, Heading]:
    return {word: Heading(people_id, label) for people_id, label, words in by.people for word in words}


@lru_cache(maxsize=4)
def _drivers(by: Rules) -> dict[str, Heading]:
    found: dict[str, tuple[int, Heading]] = {}
    for rule in (rule for rule in by.rules if not rule.definition):  # themes hold several drivers
        said = [term.said for term in rule.terms if term.field is Field.DRIVER]
        heading = Heading(rule.id, rule.label.removesuffix(" as a driver"))
        for word in said:
            if word not in found or len(said) < found[word][0]:
                found[word] = (len(said), heading)
    return {word: heading for word, (_, heading) in found.items()}


@cache
def _priorities() -> dict[str, Heading]:
    text = files("geodata").joinpath("tags/priorities.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)["priorities"]
    return {
        fold(word): Heading(priority_id, entry["label"], entry["goal"])
        for priority_id, entry in table.items()
        for word in entry["words"]
    }
