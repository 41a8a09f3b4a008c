"""Keys as those who hold them look after them: exchanged for new ones, listed, revoked."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from service.callers.caller import Caller, Right
from service.context import Context
from service.errors import NOT_FOUND, NOT_PERMITTED, Problem
from service.store import keys
from service.store.engine import Session
from service.store.keys import KeyEntry


def exchange(context: Context, overlap: timedelta, caller: Caller) -> tuple[KeyEntry, str]:
    """Make a key in place of the caller's own and return it with its secret, shown this once; both open meanwhile.

    Raises `Problem`: not permitted, for somebody who signed in, whose key nobody holds; stale state, for a key that was
    exchanged before.
    """
    return context.store.write(partial(_exchange, overlap=overlap, by=caller))


def of_organisation(context: Context, caller: Caller) -> tuple[KeyEntry, ...]:
    """Return the keys of the caller's organisation, oldest first, to an admin those of all."""
    with context.store.read() as session:
        if caller.may(Right.ADMINISTER):
            return keys.all(session)
        return keys.of_organisation(session, caller.organisation) if caller.organisation else ()


def revoke(context: Context, key_id: str, caller: Caller) -> KeyEntry:
    """Let a key of the caller's organisation open nothing from now on; to an admin any. Again, it changes nothing.

    Raises `Problem`: not found, for a key of another organisation too; not permitted, for one that may more than the
    caller's: whoever finds a small key must not lock an office out.
    """
    return context.store.write(partial(_revoke, key_id=key_id, by=caller))


def _exchange(session: Session, overlap: timedelta, by: Caller) -> tuple[KeyEntry, str]:
    if by.key_id is None or keys.is_unheld(session, by.key_id):
        detail = "You signed in, so there is no key of yours to exchange; what you do ends with your session."
        raise Problem(NOT_PERMITTED, detail)
    key_id, secret = keys.rotate(session, by.key_id, overlap, by)
    return _entry(session, key_id), secret


def _revoke(session: Session, key_id: str, by: Caller) -> KeyEntry:
    found = keys.entry(session, key_id)
    if found is None or not (by.may(Right.ADMINISTER) or found.organisation == by.organisation):
        detail = f"There is no key {key_id}."
        raise Problem(NOT_FOUND, detail)
    if by.role is None or not found.role.rights <= by.role.rights:
        detail = f"The key has the role {found.role}, which may more than yours. An admin revokes it."
        raise Problem(NOT_PERMITTED, detail)
    keys.revoke(session, key_id, by)
    return _entry(session, key_id)


def _entry(session: Session, key_id: str) -> KeyEntry:
    found = keys.entry(session, key_id)
    assert found is not None  # noqa: S101 - it is there in this transaction
    return found
