"""What is told of a collection of records: to its own people all, to reviewers what they judge by, to others little.

::

    its organisation, admins   all
    reviewers                  all, unless the sensitivity of its records keeps every one of them from them
    everybody else             title, organisation, method and grade, once a record of it that they may see is published

Whom to ask is told to those inside only; what may not be seen answers like what does not exist.
"""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import Any, Protocol

from matchers.quality.grade import Grade
from matchers.quality.improvements import Improvement
from matchers.quality.policy import UNDECLARED
from matchers.quality.reading import as_plain
from matchers.quality.records import Collection
from service.callers.caller import Caller, Right
from service.disclosure.policy import View, view_of
from service.store.passports import KeptGrade, KeptPassport
from service.store.values import Record

_WITHHELD = {
    "passport": "told to those inside; title, organisation and method stand beside",
    "quality": "only the grade is published",
    "usual": "told to those inside",
    "records": "not published",
}


class Audience(StrEnum):
    """How much of one collection one caller sees."""

    NOBODY = "nobody"
    OUTSIDE = "outside"
    INSIDE = "inside"


class Described(Protocol):
    """A collection as the service knows it."""

    @property
    def organisation(self) -> str:
        """Whose it is."""

    @property
    def id(self) -> str:
        """Its own name."""

    @property
    def records(self) -> int:
        """How many records it holds."""

    @property
    def declared(self) -> KeptPassport | None:
        """Its passport."""

    @property
    def known(self) -> Collection | None:
        """What it declares, and what its records show."""

    @property
    def grade(self) -> Grade | None:
        """What it is worth."""

    @property
    def improvements(self) -> tuple[Improvement, ...]:
        """What would make it worth more."""

    @property
    def undeclared(self) -> tuple[str, ...]:
        """What is allowed without a passport."""

    @property
    def policy(self) -> str:
        """The version of the policy."""

    @property
    def usual(self) -> dict[str, Any] | None:
        """What holds for its records that do not say otherwise."""

    @property
    def history(self) -> tuple[KeptGrade, ...]:
        """How it was graded before."""


def own_collection(organisation: str, caller: Caller) -> bool:
    """Return whether a caller sees all of a collection whatever it holds."""
    return caller.may(Right.ADMINISTER) or (caller.organisation is not None and caller.organisation == organisation)


def seen_inside(record: Record, caller: Caller) -> bool:
    """Return whether a caller works with a record, which opens its collection to them."""
    return view_of(record, caller, published=False).inside


def seen_outside(record: Record, caller: Caller) -> bool:
    """Return whether a caller may see a record once it is published, which tells them of its collection."""
    return view_of(record, caller, published=True) is not View.NOTHING


def redact_collection(found: Described, audience: Audience) -> dict[str, Any] | None:
    """Return a collection as an audience may see it, None when not at all."""
    if audience is Audience.NOBODY or (audience is Audience.OUTSIDE and found.known is None):
        return None
    passport = found.known.passport if found.known else None
    inside = audience is Audience.INSIDE
    return {
        "id": found.id,
        "organisation": found.organisation,
        "title": passport.title if passport else None,
        "method": passport.method.code if passport else None,
        "grade": found.grade.grade if found.grade else UNDECLARED,
        "records": found.records if inside else None,
        "passport": as_plain(passport) if passport and inside else None,
        "passport_version": found.declared.version if found.declared and inside else None,
        "usual": dict(found.usual) if found.usual and inside else None,
        "declared_at": found.declared.created_at if found.declared and inside else None,
        "quality": _quality(found) if inside else None,
        "withheld": {} if inside else dict(_WITHHELD),
    }


def _quality(found: Described) -> dict[str, Any]:
    grade, facts = found.grade, found.known.facts if found.known else None
    return {
        "policy": found.policy,
        "index": grade.index if grade else None,
        "criteria": grade.plain()["criteria"] if grade else [],
        "missing": list(grade.missing) if grade else [],
        "allowed_actions": list(grade.actions if grade else found.undeclared),
        "improvements": [asdict(one) | {"what": list(one.what)} for one in found.improvements],
        "facts": asdict(facts) | {"gaps": dict(facts.gaps)} if facts else None,
        "history": [
            {
                "grade": one.grade,
                "policy": one.policy,
                "passport_version": one.passport,
                "records": one.records,
                "index": one.body["index"],
                "created_at": one.created_at,
            }
            for one in found.history
        ],
    }
