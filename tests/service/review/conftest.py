"""What the tests of due process begin with: a flag, the organisation that sent its record, and an office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from service import review, submit, verify
from service.callers.caller import Caller, Role
from service.context import Context
from service.review import Decision
from service.store import events, flags
from service.store.values import Flag, FlagStatus, Record


@dataclass(frozen=True)
class Desk:
    """An office with four reviewers, who may publish, and an organisation that sends records."""

    context: Context
    scene: Any
    sender: Caller
    reviewers: tuple[Caller, ...]

    def sent(self, name: str, own_id: str, east: float = 0.0, **parts: Any) -> Record:
        """Send a village of the scene, so far to the east of where it lies, compare it, and return its record."""
        at = parts.pop("at", name)
        lat, lon = next((lat, lon) for known, lat, lon in self.scene.villages if known == at)
        sender = parts.pop("by", self.sender)
        account = self.scene.account(name, own_id=own_id, lat=lat, lon=lon + 0.0005 + east, **parts)
        (receipt,) = submit.accept(self.context, [account], sender)
        (record,) = verify.verify(self.context, [receipt.record_id])
        return record

    def decide(self, flag_id: str, decision: str | None, by: int = 0, **parts: Any) -> Flag:
        """Have one of the reviewers decide."""
        status = None if decision is None else FlagStatus(decision)
        said = Decision(status, parts.pop("reason_code", "field_visit"), **parts)
        return review.decide(self.context, flag_id, said, self.reviewers[by])

    def flag(self, flag_id: str) -> Flag:
        """Return a flag as it stands."""
        with self.context.store.read() as session:
            return flags.get(session, flag_id)

    def told(self, noun: str, subject: str) -> list[events.Event]:
        """Return what happened to something."""
        with self.context.store.read() as session:
            return list(events.about(session, noun, subject))


def _desk(context: Context, scene: Any) -> Desk:
    scene.publish(context, scene.official(scene.without("Bondeni")))
    reviewers = tuple(scene.caller(context.store, "knbs", Role.PUBLISHER) for _ in range(4))
    return Desk(context, scene, scene.caller(context.store), reviewers)


@pytest.fixture
def desk(context, scene):
    """Give the office on both databases."""
    return _desk(context, scene)


@pytest.fixture
def sqlite_desk(sqlite_context, scene):
    """Give the office on SQLite alone."""
    return _desk(sqlite_context, scene)


@pytest.fixture
def flag_id(desk):
    """Give an open flag about Bondeni, which the list leaves out."""
    return desk.sent("Bondeni", "B").flag_id
