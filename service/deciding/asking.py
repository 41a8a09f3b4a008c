"""What is asked about each of many flags, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.errors import Problem
from service.review import Decision
from service.ruling import Rulings
from service.store.values import FlagStatus

#: Decisions taken with one call: an hour's work of an office, and a minute of the service's.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision about one version of one flag, and where it was asked for, such as "row 12"."""

    where: str
    flag_id: str
    version: int
    decision: FlagStatus
    reason_code: str
    note: str | None = None
    official_id: str | None = None
    until: date | None = None  # goes with a deferral

    def decision_asked(self) -> Decision:
        """Return it as one reviewer decides about one flag."""
        return Decision(
            decision=self.decision,
            reason_code=self.reason_code,
            note=self.note,
            expected_version=self.version,
            rulings=Rulings(same=self.official_id),
            until=self.until,
        )


class What(StrEnum):
    """What becomes, or would become, of a decision that was asked for."""

    DECIDED = "decided"
    UNCHANGED = "unchanged"  # the same person decided just so about this version before
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one, in the order asked; the name and the status before are told where the flag may be seen."""

    what: What
    asked: Asked
    name: str | None = None
    before: FlagStatus | None = None
    version: int | None = None  # at which the flag stands then
    problem: Problem | None = None


def counted(outcomes: Iterable[Outcome]) -> dict[What, int]:
    """Return how many there are of each kind."""
    found = Counter(one.what for one in outcomes)
    return {what: found[what] for what in What}
