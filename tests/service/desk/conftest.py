"""What the tests of the desk begin with: a list that lacks villages, records about them, reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from service import submit, verify
from service.accounts.account import Count, Name
from service.callers.caller import Caller, Role
from service.context import Context
from service.store.values import Record


class Desk:
    """A service with flags that wait."""

    def __init__(self, context: Context, scene: Any) -> None:
        """Publish the list."""
        self.context, self.scene = context, scene
        scene.publish(context, scene.official(scene.without("Bondeni")))

    def reviewer(self, organisation: str = "statistics-office", role: Role = Role.REVIEWER) -> Caller:
        """Return somebody who may decide, with a key of their own."""
        caller: Caller = self.scene.caller(self.context.store, organisation, role)
        return caller

    def account(self, name: str, people: float | None = None, **parts: Any) -> Any:
        """Return an account of a village that the list lacks; each of another number lies elsewhere."""
        counts = (Count(value=people, method="enumeration"),) if people is not None else ()
        return self.scene.account(names=(Name(name),), counts=counts, **({"lat": 0.536, "lon": 35.0} | parts))

    def send(self, accounts: Sequence[Any], organisation: str = "map-kibera") -> list[Record]:
        """Send accounts and compare them."""
        sender = self.scene.caller(self.context.store, organisation)
        receipts = submit.accept(self.context, list(accounts), sender)
        return verify.verify(self.context, [one.record_id for one in receipts])

    def many(self, number: int) -> list[str]:
        """Return the flags of so many villages, ten kilometres from one another, of more and more people."""
        far = [
            self.account(
                f"Mahali {number}", 50.0 * (number + 1), lat=1.0 + 0.1 * (number % 40), lon=35.5 + number // 40 / 10
            )
            for number in range(number)
        ]
        return [record.flag_id for record in self.send(far) if record.flag_id]


@pytest.fixture
def desk(context, scene) -> Desk:
    """Give the desk on both databases."""
    return Desk(context, scene)


@pytest.fixture
def sqlite_desk(sqlite_context, scene) -> Desk:
    """Give the desk on SQLite only."""
    return Desk(sqlite_context, scene)
