"""Beside: other matters about the same place, which are looked at again once one of them is decided.

Two organisations may report one village, and a reviewer who decided about the first would leave the second open, raised
on what no longer holds. So matters within the error of one another, or that name the entry of the list which the first
turned out to be, are compared anew, and move to a new version: whoever was about to decide on the old one is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from geodata.distance import haversine_m
from service.accounts.account import Account
from service.callers.caller import Caller
from service.context import Context
from service.disclosure.policy import Sensitivity, sensitivity_of, taken_back
from service.review.overtaken import BESIDE
from service.ruling import SILENT, Rulings
from service.store import claims, events, flags, neighbours
from service.store.engine import Session
from service.store.neighbours import Wanted
from service.store.values import Flag, FlagStatus, Record, Review
from service.verifying.judging import PARAMETERS

#: Where nobody has said yet what the matter is.
PENDING = frozenset(
    {
        FlagStatus.OPEN,
        FlagStatus.IN_REVIEW,
        FlagStatus.NEEDS_FIELD_CHECK,
        FlagStatus.DEFERRED,
        FlagStatus.REGRESSED,
        FlagStatus.APPEALED,
    }
)

#: Two matters farther apart than this are about two places, however roughly either is placed.
_FARTHEST_M = 500.0

#: Matters linked to one at most; more stand in one place only where a list was sent many times over.
_MOST = 50


@dataclass(frozen=True, slots=True)
class Beside:
    """Other pending matters about the same place, and the records of their communities."""

    flag_ids: tuple[str, ...] = ()
    record_ids: tuple[str, ...] = ()


NOTHING = Beside()


def beside(context: Context, flag_id: str, rulings: Rulings = SILENT) -> Beside:
    """Return the pending matters about the place of a flag, or about the entry that it turns out to be.

    Those that others may not be told of are linked to none: a version that moves would tell that they are there.
    """
    with context.store.read() as session:
        flag = flags.get(session, flag_id)
        own = flag.record.community_id
        entry = (rulings.source or flag.source or "", rulings.same or "")
        naming = claims.communities_naming(session, *entry) if entry[0] and entry[1] else frozenset()
        near = {one.community_id for one in _near(session, _records(flag))}
        linked = [
            other
            for other in flags.about(session, sorted({*near, *naming} - {own}))
            if other.status in PENDING and told_of(flag) and told_of(other) and _one_place(flag, other, naming)
        ][:_MOST]
        held = neighbours.members(session, [one.record.community_id or "" for one in linked])
    return Beside(tuple(one.id for one in linked), tuple(one.id for one in held))


def moved(session: Session, linked: Beside, review: Review, caller: Caller) -> None:
    """Move linked matters, which are locked, to a new version."""
    after = [
        replace(matter, version=matter.version + 1, updated_at=review.created_at)
        for matter in (flags.locked(session, flag_id) for flag_id in linked.flag_ids)
        if matter.status in PENDING
    ]
    flags.change(session, after)
    told = {"flag": review.flag_id, "review": review.id}
    events.add(
        session,
        [events.Event(BESIDE, one.id, one.updated_at, caller, told | {"version": str(one.version)}) for one in after],
    )


def told_of(flag: Flag) -> bool:
    """Return whether reviewers of other organisations may know of a flag: it is neither held, withdrawn nor closed."""
    return not taken_back(flag.record) and all(
        sensitivity_of(one.account) is not Sensitivity.CLOSED for one in (flag.record, *flag.members)
    )


def _near(session: Session, members: Sequence[Record]) -> Sequence[neighbours.Neighbour]:
    wanted = [Wanted(one.account, point, _FARTHEST_M) for one in members if (point := one.account.point())]
    return neighbours.near(session, wanted).records


def _one_place(flag: Flag, other: Flag, naming: frozenset[str]) -> bool:
    if other.record.community_id in naming:
        return True
    return any(_within(mine.account, theirs.account) for mine in _records(flag) for theirs in _records(other))


def _records(flag: Flag) -> Sequence[Record]:
    return flag.members or (flag.record,)


def _within(one: Account, other: Account) -> bool:
    """Return whether two places lie no farther apart than their stated errors together."""
    here, there = one.point(), other.point()
    if here is None or there is None:
        return False
    apart = haversine_m(np.array([here[0]]), np.array([here[1]]), np.array([there[0]]), np.array([there[1]]))
    return float(apart[0]) <= min(_r95_m(one) + _r95_m(other), _FARTHEST_M)


def _r95_m(account: Account) -> float:
    return account.r95_m or PARAMETERS.geography.r95_citizen_m
