"""The quality policy: one file of weights, bars and what each grade allows, with countries that are stricter."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from geodata.countries import UnknownCountry, country_code

CRITERIA = ("relevance", "credibility", "timeliness", "documentation", "accuracy")
GRADES = ("A", "B", "C", "D")
UNDECLARED = "undeclared"
MUST_HAVES = ("contact", "consent_basis", "date", "method_code", "licence", "universe", "governance")

_ROUNDING = 1e-9


class Action(StrEnum):
    """What a record of some quality may be used for."""

    STORE = "store"  # it is kept and compared, its grade told
    EXISTENCE = "existence"  # it may say that a community is there
    UNDERCOUNT = "undercount"  # its counts may show an undercount


Actions = frozenset[Action]


class InvalidPolicy(ValueError):
    """A quality policy cannot be used; the message names the file, the place, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a grade asks for, and what it allows."""

    index: float  # least quality index, 0 to 1
    criterion: int  # least score of every criterion, 0 to 3
    actions: Actions


@dataclass(frozen=True)
class Policy:
    """The rules of one country, or of all that have none of their own."""

    version: str
    weights: Mapping[str, float]
    bars: Mapping[str, Bar]  # by grade, the best first
    missing: tuple[str, ...]  # what must not be missing
    undeclared: Actions
    countries: Mapping[str, Policy] = field(default_factory=dict)

    def of(self, country: str | None) -> Policy:
        """Return the rules of a country (ISO 3166-1 alpha-3)."""
        return self.countries.get(country or "", self)

    def actions(self, grade: str) -> Actions:
        """Return what a grade allows."""
        return self.undeclared if grade == UNDECLARED else self.bars[grade].actions


@lru_cache(maxsize=8)
def read_policy(path: Path | None = None) -> Policy:
    """Return the policy of a file, or the shipped one. Raises `InvalidPolicy`."""
    if path is None:
        return policy_from(resources.files(__package__).joinpath("policy.toml").read_text("utf-8"), "policy.toml")
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read; give the path of a TOML file like matchers/quality/policy.toml"
        raise InvalidPolicy(msg) from error
    return policy_from(text, str(path))


def policy_from(text: str, name: str) -> Policy:
    """Return the policy that a TOML text says; `name` stands in complaints. Raises `InvalidPolicy`."""
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{name} is not TOML: {error}"
        raise InvalidPolicy(msg) from error
    try:
        return _policy(plain)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        msg = f"{name}: {said}"
        raise InvalidPolicy(msg) from error


def _policy(plain: Mapping[str, Any]) -> Policy:
    _known(plain, ("version", "weights", "grades", "undeclared", "hard_fails", "countries"), "the policy")
    weights = {criterion: float(plain["weights"][criterion]) for criterion in CRITERIA}
    _known(plain["weights"], CRITERIA, "[weights]")
    if abs(sum(weights.values()) - 1) > _ROUNDING or min(weights.values()) < 0:
        msg = f"[weights] come to {sum(weights.values()):g}; they must be positive and together 1"
        raise ValueError(msg)
    _known(plain["grades"], GRADES, "[grades]")
    general = Policy(
        version=str(plain["version"]),
        weights=weights,
        bars={grade: _bar(plain["grades"][grade], None, f"[grades.{grade}]") for grade in GRADES},
        missing=_must_haves(plain["hard_fails"]["missing"], "[hard_fails]"),
        undeclared=_actions(plain["undeclared"]["actions"], "[undeclared]"),
    )
    own = {_country(name): _of_country(general, name, said) for name, said in plain.get("countries", {}).items()}
    return replace(general, countries=own)


def _of_country(general: Policy, name: str, said: Mapping[str, Any]) -> Policy:
    where = f"[countries.{name}]"
    _known(said, ("missing", "undeclared", "grades", "board"), where)
    _known(said.get("grades", {}), GRADES, f"{where} grades")
    bars = {
        grade: _bar(said.get("grades", {}).get(grade, {}), bar, f"{where} grades.{grade}")
        for grade, bar in general.bars.items()
    }
    own = replace(
        general,
        bars=bars,
        missing=tuple(dict.fromkeys((*general.missing, *_must_haves(said.get("missing", ()), where)))),
        undeclared=_actions(said["undeclared"], where) if "undeclared" in said else general.undeclared,
    )
    lenient = [grade for grade in GRADES if _lenient(own.bars[grade], general.bars[grade])]
    lenient += [UNDECLARED] if own.undeclared - general.undeclared else []
    if lenient and not str(said.get("board", "")).strip():
        msg = f"{where} is more lenient for {', '.join(lenient)}; be stricter, or name the board that decided so"
        raise ValueError(msg)
    return own


def _lenient(own: Bar, general: Bar) -> bool:
    return own.index < general.index or own.criterion < general.criterion or bool(own.actions - general.actions)


def _bar(said: Mapping[str, Any], general: Bar | None, where: str) -> Bar:
    _known(said, ("index", "criterion", "actions"), where)
    whole = {**({} if general is None else {"index": general.index, "criterion": general.criterion}), **said}
    index, criterion = float(whole["index"]), int(whole["criterion"])
    if not (0 <= index <= 1 and criterion in range(4)):
        msg = f"{where} asks for an index of {index:g} and {criterion} points; give 0 to 1, and 0 to 3"
        raise ValueError(msg)
    actions = _actions(said["actions"], where) if general is None or "actions" in said else general.actions
    return Bar(index, criterion, actions)


def _actions(said: Sequence[str], where: str) -> Actions:
    unknown = sorted(set(said) - set(Action))
    if unknown or Action.STORE not in said:
        allowed = ", ".join(Action)
        msg = f"{where} cannot allow {', '.join(unknown) or 'less than store'}; known are {allowed}, store always"
        raise ValueError(msg)
    return frozenset(map(Action, said))


def _must_haves(said: Sequence[str], where: str) -> tuple[str, ...]:
    _known(dict.fromkeys(said), MUST_HAVES, f"{where} missing")
    return tuple(said)


def _country(name: str) -> str:
    try:
        return country_code(name)
    except UnknownCountry as error:
        msg = f"[countries.{name}]: there is no such country; write its ISO code, such as KEN"
        raise ValueError(msg) from error


def _known(said: Mapping[str, Any], names: Sequence[str], where: str) -> None:
    if unknown := sorted(set(said) - set(names)):
        msg = f"{where} does not know {', '.join(unknown)}; it knows {', '.join(names)}"
        raise ValueError(msg)
