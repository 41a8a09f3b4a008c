"""The code list: which reasons there are, for which decisions, what each needs, and how it reads in four languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from service.store.values import FlagStatus

LANGUAGES = ("en", "fr", "es", "sw")

#: The decision that takes back another one.
UNDO = "undo"

#: Every decision that a reason can be for; what only an official release or an appeal brings is none.
DECISIONS = (
    *(
        status.value
        for status in FlagStatus
        if status not in {FlagStatus.RESOLVED_BY_RELEASE, FlagStatus.REGRESSED, FlagStatus.APPEALED}
    ),
    UNDO,
)

#: What a code may ask for.
NEEDS = ("note", "official_id")

_ANY = "*"
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SHIPPED = "codes.toml"


class InvalidReasons(ValueError):
    """A file of reason codes cannot be used; the message names the file, the place, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason that decisions are given with."""

    code: str
    labels: Mapping[str, str]  # by language, one of `LANGUAGES`
    decisions: tuple[str, ...]  # of `DECISIONS`
    needs: tuple[str, ...] = ()  # of `NEEDS`

    def label(self, language: str) -> str:
        """Return how it reads in a language, in English where it has no label in that."""
        return self.labels.get(language) or self.labels["en"]


@dataclass(frozen=True, slots=True)
class ReasonCodes:
    """The list in force."""

    version: str
    reasons: Mapping[str, Reason] = field(default_factory=dict)  # by code

    def fitting(self, decision: str) -> tuple[str, ...]:
        """Return the codes that may be given for a decision, in the order of the file."""
        return tuple(code for code, reason in self.reasons.items() if decision in reason.decisions)

    def label(self, code: str, language: str) -> str:
        """Return how a code reads; of before there was a list, or from a list no longer in force: the code itself."""
        known = self.reasons.get(code)
        return code if known is None else known.label(language)


@lru_cache(maxsize=8)
def reason_codes(own: Path | None = None) -> ReasonCodes:
    """Return the shipped codes, and those of an installation's own file beside them. Raises `InvalidReasons`."""
    shipped = _read(resources.files(__package__).joinpath(_SHIPPED).read_text("utf-8"), _SHIPPED)
    if own is None:
        return shipped
    try:
        text = own.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{own} cannot be read; give the path of a TOML file like service/reasons/{_SHIPPED}"
        raise InvalidReasons(msg) from error
    added = _read(text, str(own))
    twice = sorted(shipped.reasons.keys() & added.reasons.keys())
    if twice:
        msg = f"{own}: [codes.{twice[0]}] is a code that ships with the service and stays as it is; name yours anew"
        raise InvalidReasons(msg)
    return ReasonCodes(f"{shipped.version}+{added.version}", {**shipped.reasons, **added.reasons})


def _read(text: str, name: str) -> ReasonCodes:
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{name} is not TOML: {error}"
        raise InvalidReasons(msg) from error
    try:
        _known(plain, ("version", "codes"), "the file")
        reasons = {code: _reason(code, said) for code, said in plain["codes"].items()}
        return ReasonCodes(str(plain["version"]), reasons)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        msg = f"{name}: {said}"
        raise InvalidReasons(msg) from error


def _reason(code: str, said: Mapping[str, Any]) -> Reason:
    where = f"[codes.{code}]"
    if not _CODE.fullmatch(code):
        msg = f"{where}: a code is written in small letters, digits and _, at most 40, such as field_visit"
        raise ValueError(msg)
    _known(said, (*LANGUAGES, "decisions", "needs"), where)
    labels = {language: str(said[language]).strip() for language in LANGUAGES if language in said}
    if not labels.get("en"):
        msg = f'{where} has no English label: add en = "…"'
        raise ValueError(msg)
    decisions, needs = said.get("decisions", ()), said.get("needs", ())
    _known(dict.fromkeys(decisions), (_ANY, *DECISIONS), f"{where} decisions")
    _known(dict.fromkeys(needs), NEEDS, f"{where} needs")
    if not decisions:
        msg = f'{where} is for no decision: add decisions = ["rejected"], or ["*"] for all'
        raise ValueError(msg)
    return Reason(code, labels, DECISIONS if _ANY in decisions else tuple(decisions), tuple(needs))


def _known(said: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    if unknown := sorted(set(said) - set(names)):
        msg = f"{where} does not know {', '.join(unknown)}; it knows {', '.join(names)}"
        raise ValueError(msg)
