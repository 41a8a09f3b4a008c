"""Embargo: the time in which a flag is its organisation's and community's alone, whatever people decided about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from service.caller import Caller, Role
from service.context import Context
from service.disclosure.gone import no_longer_open
from service.disclosure.openness import opens_at
from service.errors import INVALID, NOT_PERMITTED, Problem
from service.store import embargoes, events, flags, tombstones
from service.store.engine import Session

#: From now, an embargo may last so long at most: what needs longer is not published, or withdrawn.
LONGEST = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Ending:
    """When an embargo ends, and why then, in a word."""

    reason_code: str
    until: datetime | None = None  # None: now


def set_embargo(context: Context, flag_id: str, ending: Ending, caller: Caller) -> None:
    """Let the embargo of a flag end now or at another moment; for the organisation whose record speaks, and admins.

    A flag that was open and is not any more leaves a tombstone. Raises `Problem`: not found, not permitted, invalid (no
    reason, or a moment more than two years away).
    """
    if not ending.reason_code.strip():
        detail = "Ending an embargo needs a reason code."
        raise Problem(INVALID, detail, errors=[{"pointer": "/reason_code", "message": "is empty"}])
    if ending.until is not None and ending.until > datetime.now(UTC) + LONGEST:
        detail = "An embargo lasts two years from now at most."
        raise Problem(INVALID, detail, errors=[{"pointer": "/until", "message": "is more than two years away"}])
    context.store.write(partial(_set, flag_id=flag_id, ending=ending, by=caller))


def _set(session: Session, flag_id: str, ending: Ending, by: Caller) -> None:
    matter = flags.locked(session, flag_id)
    flag = flags.get(session, flag_id)
    if not by.may(Role.ADMIN) and (by.organisation is None or by.organisation != flag.record.organisation):
        detail = "Only the organisation whose record speaks for a flag, or an admin, moves the end of its embargo."
        raise Problem(NOT_PERMITTED, detail)
    at = datetime.now(UTC)
    until = ending.until or at
    if until > at:
        tombstones.lay(session, no_longer_open(flag), at)
    embargoes.set_until(session, flag_id, until)
    flags.change(session, [replace(matter, version=matter.version + 1, updated_at=at)])
    data = {"reason": ending.reason_code.strip(), "from": opens_at(flag).isoformat(), "until": until.isoformat()}
    events.add(session, [events.Event("flag.embargo_moved", flag_id, at, by, data)])
