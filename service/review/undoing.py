"""Undoing: a decision is taken back by another one that supersedes it. Both stay, and what it said is unsaid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.context import Context
from service.errors import INVALID, STALE_STATE, Problem
from service.review.following import standing
from service.store import events, memory
from service.store.engine import Session
from service.store.flags import Matter
from service.store.values import FlagStatus, Review

#: Where a flag stands without anybody having decided so.
_BY_ITSELF = frozenset({FlagStatus.OPEN, FlagStatus.REGRESSED, FlagStatus.RESOLVED_BY_RELEASE, FlagStatus.APPEALED})


@dataclass(frozen=True, slots=True)
class Base:
    """Where a flag stood, for what is decided now to follow from."""

    status: FlagStatus
    decided: bool
    deferred_until: date | None = None


def base(session: Session, matter: Matter, earlier: Sequence[Review], supersedes: str | None) -> Base:
    """Return where a flag stands, or stood before the decision that is taken back.

    Raises `Problem`: invalid where that decision is not the latest that holds, stale state where the flag has moved on.
    """
    if supersedes is None:
        return Base(matter.status, matter.decided, matter.deferred_until)
    holding = standing(earlier)
    last = holding[-1] if holding else None
    if last is None or last.id != supersedes:
        detail = "Only the latest decision that holds can be taken back."
        hint = (
            f"That is {last.id}." if last is not None else "Nobody has decided about this flag, or it was taken back."
        )
        raise Problem(INVALID, detail, errors=[{"pointer": "/supersedes", "message": detail, "hint": hint}])
    if matter.status is not last.decision:
        detail = (
            f"Since {last.organisation} decided {last.decision}, the flag became {matter.status} without them, at "
            f"{matter.updated_at:%Y-%m-%d %H:%M:%S} UTC: there is nothing left to take back. Decide anew."
        )
        raise Problem(STALE_STATE, detail, version=matter.version, flag_status=matter.status.value)
    return _before(session, matter.id, last)


def _before(session: Session, flag_id: str, last: Review) -> Base:
    told = (one for one in events.about(session, "flag", flag_id) if one.kind == "flag.reviewed")
    # Events of before decisions had identifiers of their own are known by their moment.
    data = next(one.data for one in told if one.data.get("review") == last.id or one.at == last.created_at)
    status = FlagStatus(data.get("base", data["from"]))
    decided = data["decided"] == "true" if "decided" in data else status not in _BY_ITSELF
    until = date.fromisoformat(data["put_off"]) if "put_off" in data else None
    return Base(status, decided, until)


def remembered(from_: Base, before: Matter) -> dict[str, str]:
    """Return what the event of a decision says of where the flag stood, so that it can be put back there."""
    data = {"decided": "true" if from_.decided else "false"}
    if from_.status is not before.status:
        data["base"] = from_.status.value
    if from_.status is FlagStatus.DEFERRED and from_.deferred_until is not None:
        data["put_off"] = from_.deferred_until.isoformat()
    return data


def unsaid(context: Context, review: Review) -> tuple[memory.Said, ...]:
    """Return what takes back all that the superseded decision said about entries of a list."""
    if review.supersedes is None:
        return ()
    with context.store.read() as session:
        return memory.taken_back(session, review, review.supersedes)
