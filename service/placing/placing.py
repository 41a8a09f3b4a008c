"""Place published communities, and those that wait for it: after a start, a new policy, or a list that came at last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from geodata import sensitivity
from service.context import Context
from service.disclosure.policy import handling_of, sensitivity_of
from service.placing.drawing import Asked, draw
from service.placing.surroundings import surroundings
from service.running.logs import told_safely
from service.store import events, flags, placed
from service.store.engine import Session
from service.store.events import Event
from service.store.placed import Waiting
from service.store.values import Flag, FlagStatus, Placed

_BATCH = 100

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Where one community is to be shown, and on what that rests."""

    flag_id: str
    community_id: str
    placed: Placed
    before: Placed | None


def place(context: Context, flag_ids: Sequence[str]) -> int:
    """Decide where the communities of published flags are shown, and return how many were placed anew."""
    with context.store.read() as session:
        found = [flags.get(session, flag_id) for flag_id in flag_ids]
        known = placed.of(session, [own for flag in found if (own := flag.record.community_id)])
    published = [flag for flag in found if flag.status is FlagStatus.PUBLISHED]
    drawn = [_draw(context, flag, known.get(flag.record.community_id or "")) for flag in published]
    return context.store.write(lambda session: _keep(session, drawn))


def place_now(context: Context, flag_ids: Sequence[str]) -> None:
    """Place communities at once where that is possible; where it fails they wait, and no place of theirs is shown."""
    if not flag_ids:
        return
    try:
        place(context, flag_ids)
    except Exception as error:  # noqa: BLE001 - what was decided is kept; the next start places what waits
        log.warning("placing.postponed", flags=len(flag_ids), **told_safely(error))


def place_waiting(context: Context, *, held: bool) -> int:
    """Place every published community that is not placed by the policy in force, and return how many were placed.

    With `held`, those whose place is held back are tried again: lists may have come that make showing them possible.
    A crash loses nothing; the next start goes on.
    """
    done = after = 0
    while True:
        with context.store.read() as session:
            waiting = placed.waiting(session, Waiting(sensitivity.in_force().digest, held=held), after, _BATCH)
        if not waiting:
            return done
        done += place(context, [flag_id for _, flag_id in waiting])
        after = waiting[-1][0]


def _draw(context: Context, flag: Flag, before: Placed | None) -> _Drawn:
    account = flag.record.account
    own = sensitivity_of(account)
    asked = Asked(account, own, handling_of(own))
    known = surroundings(account, context.lists.current(), asked.handling.least_settlements)
    return _Drawn(flag.id, flag.record.community_id or "", draw(asked, known, before), before)


def _keep(session: Session, drawn: Sequence[_Drawn]) -> int:
    """Keep what was drawn, but for communities that somebody else placed meanwhile: the first draw stands."""
    now = placed.of(session, [one.community_id for one in drawn])
    mine = [one for one in drawn if now.get(one.community_id) == one.before]
    at = datetime.now(UTC)
    placed.put(session, {one.community_id: one.placed for one in mine}, sensitivity.in_force().digest, at)
    events.add(session, [Event("flag.placed", one.flag_id, at) for one in mine if one.placed != one.before])
    return len(mine)
