"""Records whose tags follow from rules that are no longer in force, or from none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, select, update

from service.accounts.account import Account
from service.store.engine import Session
from service.store.records import LATEST, RECORDS, REVISIONS
from service.store.tagged import Lines
from service.store.terms import TERMS, account_of

_ANEW = (
    update(RECORDS)
    .where(and_(RECORDS.c.id == bindparam("of_record"), RECORDS.c.revision == bindparam("of_revision")))
    .values(tags=bindparam("new_tags"), tagged_by=bindparam("new_rules"))
)


@dataclass(frozen=True, slots=True)
class Untagged:
    """A record to tag anew."""

    seq: int
    id: str
    revision: int
    account: Account


def untagged(session: Session, rules: str, after: int = 0, limit: int = 500) -> list[Untagged]:
    """Return at most `limit` records after a row number whose tags are not of these rules, oldest first."""
    columns = (RECORDS.c.seq, RECORDS.c.id, RECORDS.c.revision, REVISIONS.c.body, *TERMS)
    wanted = select(*columns).select_from(RECORDS.join(REVISIONS, LATEST)).where(RECORDS.c.tagged_by != rules)
    rows = session.execute(wanted.where(RECORDS.c.seq > after).order_by(RECORDS.c.seq).limit(limit))
    return [Untagged(row.seq, row.id, row.revision, account_of(row)) for row in rows]


def write(session: Session, tagged: Sequence[tuple[Untagged, Lines]]) -> None:
    """Keep the tags of records; one that was revised meanwhile brought its own."""
    rows = [
        {"of_record": one.id, "of_revision": one.revision, "new_tags": said.text, "new_rules": said.rules}
        for one, said in tagged
    ]
    if rows:
        session.execute(_ANEW, rows)
