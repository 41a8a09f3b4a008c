"""A statement: what one respondent of a survey, or one meeting of a dialogue, said; grouped already, not yet kept.

It holds only what is analysed. Who said it, the hour and the exact place never get this far, nor does a free text: what
no list of groups, drivers, goals or priorities knows is a number here.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import orjson

#: How often each band or gender occurs, in order.
Numbers = tuple[tuple[str, int], ...]


class Form(StrEnum):
    """Who speaks in a statement."""

    RESPONSE = "response"  # one person
    MEETING = "meeting"  # its participants together


class Question(StrEnum):
    """What is asked in a consultation; each is answered by none, one or several things."""

    GROUPS = "groups"  # who is left behind
    DRIVERS = "drivers"  # why
    SDG = "sdg"  # which goals matter for them
    PRIORITIES = "priorities"  # what is to be done first


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to one question: what is known, by its id or code, and how many answers nobody could group."""

    known: tuple[str, ...] = ()
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """One respondent or one meeting. `people` are its participants: 1 of a response, 0 where nobody counted them."""

    form: Form
    country: str  # ISO 3166-1 alpha-3
    province: str | None = None  # code or name, as its organisation writes it
    municipality: str | None = None
    day: date | None = None  # of a meeting; of a response no time is kept
    people: int = 1
    ages: Numbers = ()  # band -> people
    genders: Numbers = ()
    groups: Answers = Answers()
    drivers: Answers = Answers()
    sdg: Answers = Answers()
    priorities: Answers = Answers()
    consent: str = "internal"  # a `service.disclosure.policy.Consent`

    def answers(self, question: Question) -> Answers:
        """Return what was answered to a question."""
        found: Answers = getattr(self, question.value)
        return found

    def body(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    def fingerprint(self) -> str:
        """Return the sha256 of its canonical body: same content, same fingerprint."""
        return hashlib.sha256(orjson.dumps(self.body(), option=orjson.OPT_SORT_KEYS)).hexdigest()

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Statement:
        """Build from a kept body."""
        numbers = {name: tuple((str(term), int(n)) for term, n in body[name]) for name in ("ages", "genders")}
        answers = {
            question.value: Answers(tuple(body[question]["known"]), body[question]["unknown"]) for question in Question
        }
        day = date.fromisoformat(body["day"]) if body["day"] else None
        return cls(**{**body, "form": Form(body["form"]), "day": day, **numbers, **answers})
