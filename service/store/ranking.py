"""Ranking: how urgent each flag is, kept beside it, so that the queue is read in order without weighing every flag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from service.accounts.account import Account
from service.store.engine import Session
from service.store.records import LATEST, RECORDS, REVISIONS
from service.store.tables import FlagRow
from service.store.terms import TERMS, account_of
from service.store.values import FlagStatus
from service.urgency.loss import Stakes, urgency
from service.urgency.policy import in_force

FLAGS = FlagRow.__table__

#: Where nothing is left for a person to decide.
ENDS = frozenset(
    {
        FlagStatus.MATCHED_EXISTING,
        FlagStatus.REJECTED,
        FlagStatus.UNVERIFIABLE,
        FlagStatus.PUBLISHED,
        FlagStatus.RESOLVED_BY_RELEASE,
        FlagStatus.WITHDRAWN,
    }
)
_ENDS = frozenset(status.value for status in ENDS)

_ANEW = (
    update(FLAGS)
    .where(FLAGS.c.id == bindparam("of_flag"), FLAGS.c.version == bindparam("of_version"))
    .values({name: bindparam(f"new_{name}") for name in ("people", "urgency", "ranked_by")})
)


@dataclass(frozen=True, slots=True)
class Unranked:
    """A flag whose rank follows from another policy, or from none."""

    seq: int
    id: str
    version: int
    stakes: Stakes  # without the people, which its account tells
    account: Account


def ranked(stakes: Stakes) -> dict[str, Any]:
    """Return the columns of a flag that say how urgent it is, by the policy in force."""
    policy = in_force()
    waits = stakes.status not in _ENDS
    return {"urgency": urgency(stakes, policy) if waits else None, "ranked_by": policy.digest}


def unranked(session: Session, after: int = 0, limit: int = 500) -> list[Unranked]:
    """Return at most `limit` flags after a row number that were not ranked by the policy in force, oldest first."""
    own = (FLAGS.c.verdict, FLAGS.c.p_absent, FLAGS.c.status, FLAGS.c.created_at)
    columns = (FLAGS.c.seq, FLAGS.c.id, FLAGS.c.version, *own, REVISIONS.c.body, *TERMS)
    joined = FLAGS.join(RECORDS, RECORDS.c.id == FLAGS.c.record_id).join(REVISIONS, LATEST)
    wanted = select(*columns).select_from(joined).where(FLAGS.c.ranked_by != in_force().digest, FLAGS.c.seq > after)
    return [
        Unranked(
            row.seq,
            row.id,
            row.version,
            Stakes(row.verdict, row.p_absent, None, row.status, row.created_at),
            account_of(row),
        )
        for row in session.execute(wanted.order_by(FLAGS.c.seq).limit(limit))
    ]


def write(session: Session, found: Sequence[tuple[Unranked, Stakes]]) -> None:
    """Keep the ranks of flags; one that changed meanwhile was ranked by whoever changed it."""
    rows = [
        {"of_flag": one.id, "of_version": one.version, "new_people": stakes.people}
        | {f"new_{name}": value for name, value in ranked(stakes).items()}
        for one, stakes in found
    ]
    if rows:
        session.execute(_ANEW, rows)
