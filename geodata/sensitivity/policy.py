"""The policy of an installation: the shipped file, raised by those of the installation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

import orjson

from geodata.sensitivity.handling import Handling
from geodata.sensitivity.reading import Board, InvalidSensitivity, Sheet, read
from geodata.sensitivity.rule import Rule, Subject, highest
from geodata.taxonomy import SensitivityClass, Taxonomy
from geodata.taxonomy import in_force as groups_in_force


@dataclass(frozen=True, eq=False)
class Policy:
    """Classes and rules. Immutable; safe to share between threads."""

    version: str
    handlings: Mapping[SensitivityClass, Handling]
    rules: tuple[Rule, ...]
    boards: tuple[Board, ...]  # who signed off that something is lower than what ships

    def class_of(self, subject: Subject) -> SensitivityClass:
        """Return the highest class that a rule calls for, S0 where none holds."""
        return _class_of(self, subject)

    def reasons(self, subject: Subject) -> tuple[Rule, ...]:
        """Return the rules that hold for a community, the highest class first."""
        found = [rule for rule in self.rules if rule.holds(subject)]
        return tuple(sorted(found, key=lambda rule: rule.sensitivity, reverse=True))

    @cached_property
    def digest(self) -> str:
        """The digest of everything it says: with the same one, the same record is of the same class."""
        rules = [{**rule.terms, "id": rule.id, "class": rule.sensitivity.value} for rule in self.rules]
        said = {"rules": rules, "classes": {one.value: asdict(how) for one, how in self.handlings.items()}}
        return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def shipped() -> Policy:
    """Return the policy that ships with the product."""
    return _policy((), groups_in_force())


def install(*extra: Path) -> None:
    """Make the shipped policy, raised by further files, the one in force in this process, from now on.

    It is read for the groups of people in force then. Raises `InvalidSensitivity`; then the one before stays in force.
    """
    sheets = tuple(map(_sheet, extra))
    _policy(sheets, groups_in_force())
    _Installed.sheets = sheets


def in_force() -> Policy:
    """Return the policy of this installation, for the groups of people in force."""
    return _policy(_Installed.sheets, groups_in_force())


class _Installed:
    """The further files of this process. A rule about who may be shown has to hold at every door, whoever opens it."""

    sheets: tuple[Sheet, ...] = ()


@lru_cache(maxsize=20_000)
def _class_of(policy: Policy, subject: Subject) -> SensitivityClass:
    return highest(policy.rules, subject)


@lru_cache(maxsize=8)
def _policy(sheets: tuple[Sheet, ...], taxonomy: Taxonomy) -> Policy:
    said = read([_shipped(), *sheets], taxonomy)
    return Policy(said.version, said.handlings, tuple(said.rules.values()), said.boards)


@lru_cache(maxsize=1)
def _shipped() -> Sheet:
    name = "policy.toml"
    return Sheet(name, files("geodata").joinpath(f"sensitivity/{name}").read_text(encoding="utf-8"))


def _sheet(path: Path) -> Sheet:
    try:
        return Sheet(path.name, path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"{path}: the policy file cannot be opened: {error.strerror}; check the path and the permissions"
        raise InvalidSensitivity(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: the policy file is not UTF-8 text; save it as UTF-8"
        raise InvalidSensitivity(msg) from error
