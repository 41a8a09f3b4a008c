"""Appealing: those who sent a record say why a decision is wrong, and somebody who took no part looks again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from service.callers.caller import Caller, Charge, Right
from service.context import Context
from service.errors import CONFLICT, NOT_FOUND, NOT_PERMITTED, Mistake, Problem
from service.review.blind import took_part
from service.review.following import ANSWERING, refused, standing
from service.review.overtaken import APPEALED
from service.running import clock
from service.store import appeals, events, flags, neighbours, records, reviews
from service.store.appeals import Appeal
from service.store.engine import Session
from service.store.identifiers import new_id
from service.store.terms import DEFAULT
from service.store.values import APPEALABLE, FlagStatus, Record, Review


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a decision is wrong, and what is new: records, counts, the address of a document."""

    text: str
    evidence: dict[str, Any] | None = None
    records: tuple[str, ...] = ()  # of the appealing organisation


def appeal(context: Context, flag_id: str, grounds: Grounds, caller: Caller) -> Appeal:
    """Put the decision that holds about a flag before another reviewer, and return the appeal.

    Raises `Problem`: not found; not permitted to whoever sent no record of the community and is no steward of one;
    conflict where somebody appealed already; invalid where there is nothing to appeal against, it is too late, or a
    second appeal brings nothing new.
    """
    organisation = caller.organisation or (caller.charges[0].organisation if caller.charges else None)
    if organisation is None or caller.key_id is None or not caller.may(Right.LOWER):
        raise Problem(NOT_PERMITTED, "Only an organisation that sent a record of this community appeals.")
    made = Appeal(
        id=new_id(),
        flag_id=flag_id,
        review_id="",
        organisation=organisation,
        key_id=caller.key_id,
        grounds=grounds.text,
        created_at=clock.now(),
        evidence=grounds.evidence,
    )
    days = timedelta(days=context.settings.appeal_days)
    return context.store.write(lambda session: _appeal(session, made, (grounds, days), caller))


def to_answer(session: Session, flag_id: str, review: Review) -> Appeal | None:
    """Return the appeal about a flag that waits. Raises `Problem` (not permitted) for who took part before it."""
    waiting = appeals.waiting(session, flag_id)
    if waiting is None:
        return None
    if review.key_id in took_part(session, flag_id, waiting.created_at):
        detail = (
            "You took part in what is appealed against. An appeal is answered by somebody who did not: "
            "leave it to another reviewer."
        )
        raise Problem(NOT_PERMITTED, detail)
    return waiting


def answered(session: Session, appeal: Appeal | None, review: Review, caller: Caller) -> None:
    """Keep that a decision answered an appeal; to take it up or put it off does not."""
    if appeal is not None and review.decision in ANSWERING and not review.undo:
        _answer(session, appeal, review, caller)


def unanswered(session: Session, flag_id: str, review: Review, caller: Caller) -> None:
    """Keep that the answer to an appeal was taken back: another decision is it now, or none."""
    for one in appeals.of(session, flag_id):
        if one.answered_by == review.supersedes and one.answered_by is not None:
            answers = review.decision in ANSWERING and not review.undo
            _answer(session, one, review if answers else None, caller)


def _answer(session: Session, appeal: Appeal, review: Review | None, caller: Caller) -> None:
    at = review.created_at if review is not None else clock.now()
    appeals.answer(session, appeal.id, review.id if review else None, at if review else None)
    kind = "appeal.answered" if review is not None else "appeal.unanswered"
    data = {"flag": appeal.flag_id, "review": review.id if review else None}
    events.add(session, [events.Event(kind, appeal.id, at, caller, data)])


def _appeal(session: Session, made: Appeal, upon: tuple[Grounds, timedelta], caller: Caller) -> Appeal:
    grounds, days = upon
    matter = flags.locked(session, made.flag_id)
    held = neighbours.members(session, [matter.community_id])
    if not any(_speaks_for(caller, one) for one in records.many(session, [one.id for one in held])):
        raise Problem(NOT_PERMITTED, "Only an organisation that sent a record of this community appeals.")
    _check_records(session, grounds.records, caller)
    decided = _appealable(session, matter.status, made, days)
    made = replace(made, review_id=decided.id)
    told = appeals.add(session, made)
    after = replace(
        matter,
        status=FlagStatus.APPEALED,
        decided=True,
        version=matter.version + 1,
        updated_at=made.created_at,
        deferred_until=None,
    )
    flags.change(session, [after])
    data = {"from": matter.status.value, "version": str(after.version), "appeal": made.id}
    named = {"flag": matter.id, "review": decided.id}
    events.add(
        session,
        [
            events.Event("appeal.made", made.id, made.created_at, caller, named | told),
            events.Event(APPEALED, matter.id, made.created_at, caller, data),
        ],
    )
    return made


def _speaks_for(caller: Caller, record: Record) -> bool:
    """Return whether a record is of the caller's organisation, or in the charge of a steward."""
    named = (
        Charge(record.organisation, record.account.collection or DEFAULT),
        Charge(record.organisation, None, record.id),
    )
    return record.organisation == caller.organisation or any(one in caller.charges for one in named)


def _appealable(session: Session, status: FlagStatus, made: Appeal, days: timedelta) -> Review:
    """Return the decision that is appealed against."""
    if (waiting := appeals.waiting(session, made.flag_id)) is not None:
        detail = f"This was appealed at {waiting.created_at:%Y-%m-%d %H:%M} UTC, and waits for another reviewer."
        raise Problem(CONFLICT, detail, conflicting_id=waiting.id)
    holding = standing(reviews.of(session, [made.flag_id]).get(made.flag_id, ()))
    decided = holding[-1] if holding else None
    if decided is None or status not in APPEALABLE or decided.decision is not status:
        hint = f"What can be appealed against is that a flag is {', '.join(sorted(APPEALABLE))}."
        raise refused(Mistake("/grounds", f"There is no decision to appeal against: the flag is {status}.", hint))
    if made.created_at > decided.created_at + days:
        hint = "Send the record again with what is new: that opens the matter by itself."
        message = f"This could be appealed against until {decided.created_at + days:%Y-%m-%d}."
        raise refused(Mistake("/grounds", message, hint))
    again = any(one.answered_by == decided.id for one in appeals.of(session, made.flag_id))
    if again and not made.evidence:
        hint = "Name a record, a count or a document that the second reviewer did not have."
        message = "This decision answered an appeal already: another one needs new evidence."
        raise refused(Mistake("/evidence", message, hint))
    return decided


def _check_records(session: Session, named: Sequence[str], caller: Caller) -> None:
    """Refuse records that are not the organisation's own; to name others would tell which there are."""
    there = {one.id for one in records.many(session, named) if _speaks_for(caller, one)}
    missing = [one for one in named if one not in there]
    if missing:
        raise Problem(NOT_FOUND, f"There is no record {missing[0]}.")
