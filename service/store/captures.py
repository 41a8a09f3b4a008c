"""Captures: which records speak of which community, with all that says whether an official list names it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select, and_, case, func, null, select

from matchers.memory.decisions import Answer
from service.accounts.account import Account
from service.store import holds
from service.store.engine import Session
from service.store.filters import RecordFilter, record_conditions
from service.store.findings import FINDINGS
from service.store.memory import DECISIONS
from service.store.reach import Subject, held
from service.store.records import FLAGS, LATEST, RECORDS, REVISIONS
from service.store.terms import TERMS, account_of
from service.store.values import SILENT, FlagStatus, RecordState

_AT_ONCE = 1_000  # rows fetched


@dataclass(frozen=True, slots=True)
class Capture:
    """One record: whose it is, what it says, and what the official list of the question says about it."""

    community_id: str
    organisation: str
    account: Account
    status: FlagStatus | None  # of the flag about that list; None where there is none
    verdict: str | None  # against that list; None where it was not compared with it
    matched: bool
    official_id: str | None  # the best candidate
    held: bool = False  # hidden from everybody outside for now


@dataclass(frozen=True, slots=True)
class Judged:
    """What people said about pairs that the machine had linked, by their latest answers."""

    right: int
    wrong: int


def captures(session: Session, wanted: RecordFilter, source: str | None) -> Iterator[Capture]:
    """Yield the records of communities, oldest first; `source` is the official list, if one is asked about."""
    scopes = holds.in_force(session)
    for row in session.execute(_query(wanted, source).execution_options(yield_per=_AT_ONCE)):
        account = account_of(row)
        yield Capture(
            community_id=row.community_id,
            organisation=row.organisation,
            account=account,
            status=FlagStatus(row.status) if row.status else None,
            verdict=row.finding_verdict,
            matched="matched" in (row.attributes or ()),
            official_id=row.official_id,
            held=held(scopes, Subject.of(row.organisation, account)),
        )


def organisations(session: Session, country: str | None = None) -> frozenset[str]:
    """Return the organisations that sent records about a country, or about any."""
    inside = record_conditions(RECORDS, RecordFilter(country=country))
    return frozenset(session.execute(select(RECORDS.c.organisation).distinct().where(*inside)).scalars())


def judged(session: Session, source: str) -> Judged:
    """Return how many pairs that the machine had linked people confirmed and refused, of one official list.

    What the machine said is what stood before anybody decided about the record; later findings follow people.
    """
    latest = select(func.max(DECISIONS.c.seq)).where(DECISIONS.c.source == source)
    latest = latest.group_by(DECISIONS.c.record_id, DECISIONS.c.official_id)
    others = DECISIONS.alias()
    of_record = and_(others.c.record_id == DECISIONS.c.record_id, others.c.source == source)
    first = select(func.min(others.c.created_at)).where(of_record).correlate(DECISIONS).scalar_subquery()
    of_before = and_(
        FINDINGS.c.record_id == DECISIONS.c.record_id, FINDINGS.c.source == source, FINDINGS.c.created_at < first
    )
    before = select(func.max(FINDINGS.c.seq)).where(of_before).correlate(DECISIONS).scalar_subquery()
    query = (
        select(DECISIONS.c.answer, FINDINGS.c.attributes)
        .select_from(DECISIONS)
        .join(FINDINGS, and_(FINDINGS.c.seq == before, FINDINGS.c.official_id == DECISIONS.c.official_id))
        .where(DECISIONS.c.seq.in_(latest))
    )
    answers = [row.answer for row in session.execute(query) if "matched" in (row.attributes or ())]
    return Judged(answers.count(Answer.SAME), answers.count(Answer.DIFFERENT))


def _query(wanted: RecordFilter, source: str | None) -> Select[tuple[object, ...]]:
    flag = and_(FLAGS.c.community_id == RECORDS.c.community_id, FLAGS.c.source == source)
    scope = RECORDS.join(REVISIONS, LATEST).outerjoin(FLAGS, flag)
    found = (null().label("finding_verdict"), null().label("attributes"), null().label("official_id"))
    if source is not None:
        present = and_(FINDINGS.c.record_id == RECORDS.c.id, FINDINGS.c.place.is_not(None), FINDINGS.c.source == source)
        scope = scope.outerjoin(FINDINGS, present)
        pending = RECORDS.c.state != RecordState.VERIFIED.value
        verdict = case((pending, null()), else_=FINDINGS.c.verdict)
        found = (verdict.label("finding_verdict"), FINDINGS.c.attributes, FINDINGS.c.official_id)  # type: ignore[assignment]
    known = (RECORDS.c.community_id.is_not(None), RECORDS.c.state.not_in(SILENT))
    return (
        select(RECORDS.c.community_id, RECORDS.c.organisation, REVISIONS.c.body, *TERMS, FLAGS.c.status, *found)
        .select_from(scope)
        .where(*record_conditions(RECORDS, wanted), *known)
        .order_by(RECORDS.c.seq)
    )
