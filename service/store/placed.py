"""Published locations: where each published community is shown to whoever does not work with its records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, func, insert, or_, select, update

from geodata.sensitivity import LocationMethod
from service.store.engine import Session
from service.store.placed_tables import PublishedLocationRow
from service.store.tables import CommunityRow, FlagRow, RecordRow
from service.store.terms import DEFAULT
from service.store.values import FlagStatus, Placed

PLACED = PublishedLocationRow.__table__
_FLAGS, _COMMUNITIES, _RECORDS = FlagRow.__table__, CommunityRow.__table__, RecordRow.__table__

_NAMES = ("method", "sensitivity", "lat", "lon", "radius_m", "cell", "unit")
#: What a location is built from, beside the columns of a record.
COLUMNS = tuple(PLACED.c[name].label(f"placed_{name}") for name in _NAMES)
_OF = select(PLACED.c.community_id, *COLUMNS).where(PLACED.c.community_id.in_(bindparam("ids", expanding=True)))


def build(row: Row[Any]) -> Placed | None:
    """Build a location from a row with `COLUMNS`; None where the community was never placed."""
    return Placed(**{name: getattr(row, f"placed_{name}") for name in _NAMES}) if row.placed_method else None


def of(session: Session, communities: Sequence[str]) -> dict[str, Placed]:
    """Return where communities are shown, by community; where it was never placed, of one that was merged into it."""
    if not communities:
        return {}
    merged = select(_COMMUNITIES.c.id, _COMMUNITIES.c.merged_into).where(_COMMUNITIES.c.merged_into.in_(communities))
    into = {row.id: row.merged_into for row in session.execute(merged.order_by(_COMMUNITIES.c.id))}
    rows = session.execute(_OF, {"ids": [*into, *communities]})
    found = {row.community_id: placed for row in rows if (placed := build(row)) is not None}
    return {into[own]: found[own] for own in into if own in found} | {
        own: found[own] for own in communities if own in found
    }


@dataclass(frozen=True, slots=True)
class Waiting:
    """Which published communities wait: those not placed by this policy, and where `held`, those held back."""

    policy: str  # its digest
    held: bool


def waiting(session: Session, wanted: Waiting, after: int, limit: int) -> list[tuple[int, str]]:
    """Return (row number, flag) of at most `limit` published flags after a row number whose communities wait."""
    query = select(_FLAGS.c.seq, _FLAGS.c.id).select_from(
        _FLAGS.outerjoin(PLACED, PLACED.c.community_id == _FLAGS.c.community_id)
    )
    unplaced = or_(PLACED.c.community_id.is_(None), PLACED.c.policy != wanted.policy)
    if wanted.held:
        unplaced = or_(unplaced, PLACED.c.method == LocationMethod.HOLD.value)
    mine = and_(_FLAGS.c.status == FlagStatus.PUBLISHED.value, _FLAGS.c.seq > after)
    rows = session.execute(query.where(mine, unplaced).order_by(_FLAGS.c.seq).limit(limit))
    return [(row.seq, row.id) for row in rows]


def unsettle(session: Session, key: tuple[str, str]) -> None:
    """Let the communities of a collection (organisation, name) be placed anew, because it agrees to something else."""
    mine = select(_RECORDS.c.community_id).where(
        _RECORDS.c.organisation == key[0], func.coalesce(_RECORDS.c.collection, DEFAULT) == key[1]
    )
    session.execute(update(PLACED).where(PLACED.c.community_id.in_(mine)).values(policy=""))


def put(session: Session, drawn: Mapping[str, Placed], policy: str, at: datetime) -> None:
    """Keep where communities are shown from now on, in the place of what was kept."""
    if drawn:
        session.execute(delete(PLACED).where(PLACED.c.community_id.in_(list(drawn))))
        rows = [
            {name: getattr(placed, name) for name in _NAMES} | {"community_id": own, "policy": policy, "created_at": at}
            for own, placed in drawn.items()
        ]
        session.execute(insert(PLACED), rows)
