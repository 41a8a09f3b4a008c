"""Audits: how often reports of an organisation turned out to be so, by what people decided about its flags.

What was decided about records that others may not be told of does not count: the figure would tell that there are any.
That holds as well where their collection or a limit closed them only later: it is counted whenever it is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import case, func, not_, select

from service.store.engine import Session
from service.store.records import LATEST, RECORDS, REVISIONS
from service.store.tables import FlagRow
from service.store.terms import TOLD_OF, closes
from service.store.values import Audit, FlagStatus, Witness

FLAGS = FlagRow.__table__
#: A community that is listed after all is as real as one that is not.
_CONFIRMED = (FlagStatus.CONFIRMED.value, FlagStatus.PUBLISHED.value, FlagStatus.MATCHED_EXISTING.value)
_REFUSED = (FlagStatus.REJECTED.value,)


class Audited:
    """Audits as one transaction reads them: of each organisation once, however many flags it stands behind."""

    def __init__(self, session: Session) -> None:
        """Know of nobody yet."""
        self._session = session
        self._asked: set[str] = set()
        self._found: dict[Witness, tuple[Audit, ...]] = {}

    def of(self, organisations: Collection[str]) -> Mapping[Witness, tuple[Audit, ...]]:
        """Return the audits of these organisations, and maybe of others."""
        if unknown := set(organisations) - self._asked:
            self._asked |= unknown
            self._found = self._found | of(self._session, unknown)
        return self._found


def of(session: Session, organisations: Collection[str]) -> dict[Witness, tuple[Audit, ...]]:
    """Return the audits of each organisation and method, day by day; by the record that speaks for the flag."""
    if not organisations:
        return {}
    method, day = REVISIONS.c.body["counts"][0]["method"].as_string(), func.date(FLAGS.c.updated_at)
    confirmed = func.sum(case((FLAGS.c.status.in_(_CONFIRMED), 1), else_=0))
    query = (
        select(RECORDS.c.organisation, method, day, confirmed, func.count())
        .select_from(FLAGS.join(RECORDS, FLAGS.c.record_id == RECORDS.c.id).join(REVISIONS, LATEST))
        .where(
            RECORDS.c.organisation.in_(sorted(organisations)),
            FLAGS.c.decided,
            func.coalesce(REVISIONS.c.body["sensitivity"].as_string(), TOLD_OF[0]).in_(TOLD_OF),
            not_(closes()),
            FLAGS.c.status.in_([*_CONFIRMED, *_REFUSED]),
        )
        .group_by(RECORDS.c.organisation, method, day)
    )
    found: dict[Witness, list[Audit]] = defaultdict(list)
    for organisation, said, at, so, looked_at in session.execute(query.order_by(day)):
        found[Witness(organisation, said)].append(Audit(_date(at), int(so), int(looked_at) - int(so)))
    return {witness: tuple(audits) for witness, audits in found.items()}


def _date(day: date | str) -> date:
    return day if isinstance(day, date) else date.fromisoformat(day)  # SQLite has no dates of its own
