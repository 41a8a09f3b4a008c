"""Claims upon flags: who is at work on one, and until when; a claim that ran out counts for nothing by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from service.callers.caller import Caller
from service.errors import CLAIMED, Problem
from service.store.desk_tables import FlagClaimRow
from service.store.engine import Session
from service.store.keys import KEYS

CLAIMS = FlagClaimRow.__table__


@dataclass(frozen=True, slots=True)
class FlagClaim:
    """Who is at work on a flag."""

    flag_id: str
    key_id: str
    organisation: str
    label: str  # of the key, as its organisation wrote it
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who wants a flag, from which moment, until when."""

    key_id: str
    since: datetime
    until: datetime


def take(session: Session, flag_id: str, wanted: Wanted) -> bool:
    """Claim a flag, or hold one's own claim for longer; return whether that was possible: nobody else holds it."""
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    row = {"flag_id": flag_id, **asdict(wanted)}
    new = dialect.insert(CLAIMS).values(row)
    mine = and_(CLAIMS.c.key_id == wanted.key_id, in_force(wanted.since))
    longer = new.on_conflict_do_update(index_elements=["flag_id"], set_={"until": wanted.until}, where=mine)
    anew = new.on_conflict_do_update(index_elements=["flag_id"], set_=row, where=~in_force(wanted.since))
    # What was written is asked for: drivers do not count the rows of an insertion alike.
    written = (session.execute(one.returning(CLAIMS.c.flag_id)).scalar() for one in (longer, anew))
    return any(flag is not None for flag in written)


def release(session: Session, flag_id: str, key_id: str) -> bool:
    """Let go of one's own claim; return whether there was one."""
    own = delete(CLAIMS).where(CLAIMS.c.flag_id == flag_id, CLAIMS.c.key_id == key_id)
    return bool(session.execute(own).rowcount)


def of(session: Session, flag_ids: Sequence[str], at: datetime) -> dict[str, FlagClaim]:
    """Return the claims that hold at a moment, by flag."""
    if not flag_ids:
        return {}
    query = _query().where(CLAIMS.c.flag_id.in_(list(flag_ids)), in_force(at))
    return {row["flag_id"]: FlagClaim(**row) for row in session.execute(query).mappings()}


def in_force(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a claim holds at a moment."""
    return CLAIMS.c.until > at


def require_free(session: Session, flag_id: str, caller: Caller, at: datetime) -> None:
    """Raise `Problem` (claimed) where somebody else is at work on a flag; it says who, and until when."""
    claim = of(session, [flag_id], at).get(flag_id)
    if claim is not None and claim.key_id != caller.key_id:
        raise taken(claim, caller)


def taken(claim: FlagClaim, caller: Caller) -> Problem:
    """Return the refusal: who is at work on a flag, since when and until when. Colleagues are told by which key."""
    who = claim.organisation if claim.organisation != caller.organisation else f"A colleague ({claim.label})"
    detail = (
        f"{who} has been at work on this flag since {claim.since:%Y-%m-%d %H:%M:%S} UTC "
        f"and holds it until {claim.until:%H:%M:%S} UTC."
    )
    return Problem(CLAIMED, detail, claimed_by=claim.organisation, since=claim.since, until=claim.until)


def _query() -> Select[Any]:
    held = CLAIMS.join(KEYS, KEYS.c.id == CLAIMS.c.key_id)
    return select(*CLAIMS.c, KEYS.c.organisation, KEYS.c.label).select_from(held)
