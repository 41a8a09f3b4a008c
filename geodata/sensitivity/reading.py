"""Policy files: TOML, checked whole. A file of an installation can only raise, unless a named board signed it off.

::

    [board]                       # only where something is lowered
    name = "Data protection board of the coalition"
    date = 2026-03-31
    reason = "Informal settlements of this city are on its own public map."

    [classes.S0]
    embargo_days = 60

    [rules.burnt-villages]
    label = "Villages that were burnt"
    class = "S3"
    countries = ["MMR"]
    kinds = ["village"]
    drivers = ["arson"]
    why = "Who came back is looked for."
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from geodata.countries import UnknownCountry, country_code
from geodata.names.folding import fold
from geodata.sensitivity.handling import Handling, LocationMethod, strictest
from geodata.sensitivity.rule import Rule
from geodata.taxonomy import SensitivityClass, Taxonomy

_SECTIONS = frozenset({"version", "board", "classes", "rules"})
_RULE = frozenset({"label", "class", "why", "groups", "countries", "kinds", "drivers"})
_NUMBERS = {field.name for field in fields(Handling)} - {"location"}
_BOUNDS = {"finest_cell": (0, 15), "round_to": (1, 1_000), "embargo_days": (0, 3_650)}
_ANY = (1, 10_000_000)
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class InvalidSensitivity(ValueError):
    """A policy file cannot be read, or would lower something; the message names file, entry and the way to mend it."""


@dataclass(frozen=True)
class Sheet:
    """One policy file as text."""

    name: str
    text: str

    def wrong(self, problem: str, entry: str | None = None) -> InvalidSensitivity:
        """Return the complaint about an entry such as rules.eviction, with the line where it begins."""
        if entry is None:
            return InvalidSensitivity(f"{self.name}: {problem}")
        begins = (number for number, line in enumerate(self.text.splitlines(), 1) if line.strip() == f"[{entry}]")
        line = next(begins, None)
        return InvalidSensitivity(f"{self.name}{f', line {line}' if line else ''}, [{entry}]: {problem}")


@dataclass(frozen=True, slots=True)
class Board:
    """Who signed off that something is lowered."""

    name: str
    date: date
    reason: str


@dataclass(frozen=True, slots=True)
class Read:
    """What several files say together."""

    version: str
    handlings: Mapping[SensitivityClass, Handling]
    rules: Mapping[str, Rule]
    boards: tuple[Board, ...] = ()


def read(sheets: Iterable[Sheet], taxonomy: Taxonomy) -> Read:
    """Return what files say together: the first is whole, each later one adds to it and raises it.

    Raises `InvalidSensitivity`.
    """
    stands: Read | None = None
    for sheet in sheets:
        stands = _read(sheet, stands, taxonomy)
    if stands is None:
        msg = "no policy file was given"
        raise InvalidSensitivity(msg)
    return stands


def _read(sheet: Sheet, before: Read | None, taxonomy: Taxonomy) -> Read:
    plain = _plain(sheet)
    board = _board(sheet, plain["board"]) if "board" in plain else None
    lowered: list[tuple[str, str]] = []
    handlings = _handlings(sheet, plain.get("classes", {}), before, lowered)
    rules = dict(before.rules) if before else {}
    for rule_id, said in plain.get("rules", {}).items():
        rule, old = _rule(sheet, rule_id, said, taxonomy), rules.get(rule_id)
        if old is not None and rule.sensitivity < old.sensitivity:
            lowered.append((f"rules.{rule_id}", f"{rule.sensitivity} instead of {old.sensitivity}"))
        elif old is not None and not rule.covers(old):
            lowered.append((f"rules.{rule_id}", "it would no longer hold wherever it held before"))
        rules[rule_id] = rule
    if lowered and board is None:
        entry, what = lowered[0]
        problem = f"lowers protection ({what}); raise it, leave it out, or add a [board] with name, date and reason"
        raise sheet.wrong(problem, entry)
    boards = (*(before.boards if before else ()), *([board] if board and lowered else []))
    said_version = str(plain.get("version", ""))
    version = " + ".join(part for part in (before.version if before else "", said_version) if part)
    return Read(version, handlings, rules, boards)


def _plain(sheet: Sheet) -> dict[str, Any]:
    try:
        plain = tomllib.loads(sheet.text)
    except tomllib.TOMLDecodeError as error:
        problem = f"is not TOML: {error}"
        raise sheet.wrong(problem) from error
    if unknown := sorted(set(plain) - _SECTIONS):
        problem = f"{', '.join(unknown)} is not known; known are {', '.join(sorted(_SECTIONS))}"
        raise sheet.wrong(problem)
    for section in ("board", "classes", "rules"):
        if not isinstance(plain.get(section, {}), dict):
            problem = f"{section} is not a table; write [{section}]"
            raise sheet.wrong(problem)
    return plain


def _board(sheet: Sheet, said: Mapping[str, Any]) -> Board:
    name, day, reason = said.get("name"), said.get("date"), said.get("reason")
    written = all(isinstance(text, str) and text.strip() for text in (name, reason))
    if set(said) != {"name", "date", "reason"} or not written or not isinstance(day, date):
        problem = 'give name = "…", date = 2026-03-31 and reason = "…": who decided, when and why'
        raise sheet.wrong(problem, "board")
    return Board(str(name).strip(), day, str(reason).strip())


def _handlings(
    sheet: Sheet, said: Mapping[str, Any], before: Read | None, lowered: list[tuple[str, str]]
) -> dict[SensitivityClass, Handling]:
    """Return how each class is handled, never less strictly than the classes below it."""
    if unknown := sorted(set(said) - set(SensitivityClass)):
        problem = f"{', '.join(unknown)} is no class; there are {', '.join(SensitivityClass)}"
        raise sheet.wrong(problem)
    found: dict[SensitivityClass, Handling] = {}
    for one in SensitivityClass:
        entry, changes = f"classes.{one}", said.get(one, {})
        old = before.handlings[one] if before else None
        below = found.get(SensitivityClass(f"S{int(one[1]) - 1}")) if one is not SensitivityClass.S0 else None
        base = old or below
        changed = _handling(sheet, entry, changes, base)
        if old is not None and (less := changed.lowers(old)):
            lowered.append((entry, ", ".join(less)))
        found[one] = strictest([changed, *([below] if below else [])])
    return found


def _handling(sheet: Sheet, entry: str, said: Any, base: Handling | None) -> Handling:
    if not isinstance(said, dict):
        problem = "a class is a table"
        raise sheet.wrong(problem, entry)
    given = {**(asdict(base) if base else {}), **said}
    for name in sorted(_NUMBERS):
        least, most = _BOUNDS.get(name, _ANY)
        value = given.get(name)
        if type(value) is not int or not least <= value <= most:
            problem = f"{name} is to be a whole number from {least} to {most:,}"
            raise sheet.wrong(problem, entry)
    if given.get("location") not in set(LocationMethod):
        problem = f"location is to be one of {', '.join(LocationMethod)}"
        raise sheet.wrong(problem, entry)
    if unknown := sorted(set(given) - _NUMBERS - {"location"}):
        problem = f"{', '.join(unknown)} is not known; known are {', '.join(sorted(_NUMBERS | {'location'}))}"
        raise sheet.wrong(problem, entry)
    if not given["least_around"] < given["most_around"] <= given["least_population"]:
        # Else a cell, which is the stricter method, could show a place more exactly than a point that was moved.
        problem = "least_around is to be smaller than most_around, and that no larger than least_population"
        raise sheet.wrong(problem, entry)
    return replace(Handling(**given), location=LocationMethod(given["location"]))


def _rule(sheet: Sheet, rule_id: str, said: Any, taxonomy: Taxonomy) -> Rule:
    entry = f"rules.{rule_id}"
    if not isinstance(said, dict) or not _ID.fullmatch(rule_id):
        problem = "a rule is a table with an id of lower-case letters and digits joined by hyphens"
        raise sheet.wrong(problem, entry)
    if unknown := sorted(set(said) - _RULE):
        problem = f"{', '.join(unknown)} is not known; known are {', '.join(sorted(_RULE))}"
        raise sheet.wrong(problem, entry)
    if said.get("class") not in set(SensitivityClass):
        problem = f"class is to be one of {', '.join(SensitivityClass)}"
        raise sheet.wrong(problem, entry)
    if not all(isinstance(said.get(name), str) and said[name].strip() for name in ("label", "why")):
        problem = "give a label and, for whoever has to defend it, a why"
        raise sheet.wrong(problem, entry)
    terms = {
        name: _texts(sheet, entry, name, said.get(name, [])) for name in ("groups", "countries", "kinds", "drivers")
    }
    if not any(terms.values()):
        problem = "names nothing; give groups, countries, kinds or drivers"
        raise sheet.wrong(problem, entry)
    if strange := sorted(one for one in terms["groups"] if one not in taxonomy):
        problem = f"{', '.join(strange)} is no group of the taxonomy"
        raise sheet.wrong(problem, entry)
    try:
        countries = frozenset(map(country_code, terms["countries"]))
    except UnknownCountry as error:
        problem = f"{error}; {error.hint}"
        raise sheet.wrong(problem, entry) from error
    return Rule(
        id=rule_id,
        label=said["label"].strip(),
        sensitivity=SensitivityClass(said["class"]),
        why=said["why"].strip(),
        groups=frozenset(terms["groups"]),
        countries=countries,
        kinds=frozenset(one if "_" in one else fold(one) for one in terms["kinds"]),
        drivers=frozenset(map(fold, terms["drivers"])),
    )


def _texts(sheet: Sheet, entry: str, name: str, said: Any) -> list[str]:
    if not isinstance(said, list) or not all(isinstance(one, str) and fold(one) for one in said):
        problem = f"{name} is to be a list of texts"
        raise sheet.wrong(problem, entry)
    return said
