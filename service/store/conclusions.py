"""What a flag says now: the machine's verdict, or what people concluded where the machine left it to them.

Absence is often left to people: `needs_review`, possibly absent. Once they confirm such a flag, it says `hidden_place`,
and is found, counted and published as that. The finding itself keeps the machine's own verdict.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, and_, case, or_

from matchers.base import Verdict
from service.store.values import FlagStatus

#: Statuses under which people stand behind a flag.
UPHELD = frozenset({FlagStatus.CONFIRMED, FlagStatus.PUBLISHED})

#: Statuses under which a flag no longer stands for a gap.
DISMISSED = frozenset(
    {FlagStatus.REJECTED, FlagStatus.MATCHED_EXISTING, FlagStatus.RESOLVED_BY_RELEASE, FlagStatus.WITHDRAWN}
)

#: Subtypes of `needs_review` that ask people whether the list names the place at all.
_IS_IT_LISTED = frozenset({"possibly_absent", "possible_match"})


def concluded(verdict: str, subtype: str | None, status: FlagStatus) -> str | None:
    """Return what people concluded where the machine left it to them, None where they did not or it did not."""
    asked = verdict == Verdict.NEEDS_REVIEW and subtype in _IS_IT_LISTED
    return Verdict.HIDDEN_PLACE.value if asked and status in UPHELD else None


def missing_column(flags: Table) -> ColumnElement[bool]:
    """Return whether a flag says, or asks, that the list lacks the place; worked out by the database."""
    asked = and_(flags.c.verdict == Verdict.NEEDS_REVIEW.value, flags.c.subtype.in_(sorted(_IS_IT_LISTED)))
    return or_(flags.c.verdict == Verdict.HIDDEN_PLACE.value, asked)


def concluded_column(flags: Table) -> ColumnElement[str | None]:
    """Return the same, worked out by the database."""
    upheld = and_(
        flags.c.verdict == Verdict.NEEDS_REVIEW.value,
        flags.c.subtype.in_(sorted(_IS_IT_LISTED)),
        flags.c.status.in_(sorted(UPHELD)),
    )
    return case((upheld, Verdict.HIDDEN_PLACE.value))
