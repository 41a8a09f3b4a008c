"""Embargo: the time in which a flag is its organisation's and community's alone, whatever people decided about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from service.callers.caller import Caller, Right
from service.context import Context
from service.disclosure.gone import no_longer_open
from service.disclosure.openness import opens_at
from service.disclosure.policy import in_charge
from service.errors import INVALID, NOT_PERMITTED, Problem
from service.store import embargoes, events, flags, tombstones
from service.store.engine import Session
from service.store.values import Flag

#: From now, an embargo may last so long at most: what needs longer is not published, or withdrawn.
LONGEST = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Ending:
    """When an embargo ends, and why then, in a word."""

    reason_code: str
    until: datetime | None = None  # None: now


def set_embargo(context: Context, flag_id: str, ending: Ending, caller: Caller) -> None:
    """Let the embargo of a flag end now or at another moment; for the organisation whose record speaks, and admins.

    A steward only makes it longer.

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


def _check_mandate(flag: Flag, until: datetime, by: Caller) -> None:
    mine = by.organisation is not None and by.organisation == flag.record.organisation
    if by.may(Right.ADMINISTER) or (mine and by.may(Right.LOWER)):
        return
    if not in_charge(by, flag.record):
        detail = "Only the organisation whose record speaks for a flag, its steward or an admin moves its embargo."
        raise Problem(NOT_PERMITTED, detail)
    if until < opens_at(flag):
        detail = "A steward makes an embargo longer, never shorter: that is for its organisation, or an admin."
        raise Problem(NOT_PERMITTED, detail)


def _set(session: Session, flag_id: str, ending: Ending, by: Caller) -> None:
    matter = flags.locked(session, flag_id)
    flag = flags.get(session, flag_id)
    at = datetime.now(UTC)
    until = ending.until or at
    _check_mandate(flag, until, by)
    if until > at:
        tombstones.lay(session, no_longer_open(flag), at)
    embargoes.set_until(session, flag_id, until)
    flags.change(session, [replace(matter, version=matter.version + 1, updated_at=at)])
    data = {"reason": ending.reason_code.strip(), "from": opens_at(flag).isoformat(), "until": until.isoformat()}
    events.add(session, [events.Event("flag.embargo_moved", flag_id, at, by, data)])
