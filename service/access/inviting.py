"""Inviting: somebody is let in by a token that makes one key, once, until it expires; nobody else ever sees the key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from service.access.granting import check, permitted
from service.callers.caller import Caller, Right
from service.context import Context
from service.errors import INVALID, KEY_UNKNOWN, NOT_FOUND, STALE_STATE, Mistake, Problem
from service.store import invitations, records
from service.store.engine import Session
from service.store.invitations import Invitation, Offer
from service.store.keys import Wanted

#: For how long an invitation waits, at most and unless it says so.
LONGEST, USUAL = timedelta(days=30), timedelta(days=7)


def invite(context: Context, offer: Offer, caller: Caller) -> tuple[str, str]:
    """Keep an invitation and return its identifier and its token, which is shown this once.

    Raises `Problem`: not permitted; invalid, for a key that makes no sense, a moment that is over or too far, or a
    record that its organisation did not send.
    """
    now = datetime.now(UTC)
    permitted(caller, offer.key)
    check(offer.key)
    if not now < offer.expires_at <= now + LONGEST:
        wrong = Mistake("/expires_at", "An invitation waits 30 days at most.", "Give a moment to come within that.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])

    def keep(session: Session) -> tuple[str, str]:
        _require_theirs(session, offer.key)
        return invitations.add(session, offer, caller, now)

    return context.store.write(keep)


def accept(context: Context, token: str) -> tuple[str, str]:
    """Return the identifier and the secret of the key that an invitation makes, which is shown this once.

    Raises `Problem` (key unknown) alike for a token that never was one, was used, was revoked, or has expired.
    """
    made = context.store.write(partial(invitations.accept, token=token, at=datetime.now(UTC)))
    if made is None:
        detail = "This invitation is not known here, was used or revoked, or has expired. Ask for another one."
        raise Problem(KEY_UNKNOWN, detail)
    return made


def revoke(context: Context, invitation_id: str, caller: Caller) -> Invitation:
    """Let an invitation open nothing any more, and return it.

    Raises `Problem`: not found, for one of another organisation too; stale state, where it was used or revoked.
    """
    return context.store.write(partial(_revoke, invitation_id=invitation_id, by=caller))


def _revoke(session: Session, invitation_id: str, by: Caller) -> Invitation:
    found = invitations.get(session, invitation_id)
    if found is None or not (by.may(Right.ADMINISTER) or found.organisation == by.organisation):
        detail = f"There is no invitation {invitation_id}."
        raise Problem(NOT_FOUND, detail)
    if not invitations.revoke(session, invitation_id, datetime.now(UTC), by):
        detail = f"The invitation was {'used' if found.key_id else 'revoked'} at {found.ended_at:%Y-%m-%d %H:%M} UTC."
        raise Problem(STALE_STATE, detail)
    found = invitations.get(session, invitation_id)
    assert found is not None  # noqa: S101 - it was there in this transaction
    return found


def _require_theirs(session: Session, wanted: Wanted) -> None:
    """Refuse a record that its organisation did not send, alike whether there is such a record or not."""
    named = {one.record: one.organisation for one in wanted.charges if one.record is not None}
    theirs = {one.id for one in records.many(session, list(named)) if one.organisation == named[one.id]}
    for record_id in named:
        if record_id not in theirs:
            wrong = Mistake("/steward_of", f"There is no record {record_id} of that organisation.", "Check the id.")
            raise Problem(INVALID, wrong.message, errors=[wrong.members()])
