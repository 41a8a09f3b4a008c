"""Flagging: what a new verification does to a flag. Pure; the whole policy stands here.

The machine raises, updates, reopens and closes flags. It never undoes what a person decided on the same evidence, and
it never leaves confirmed or published what nobody confirmed on the present evidence.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import orjson

from matchers.base import Verdict
from service.accounts.account import Account
from service.store.conclusions import UPHELD
from service.store.flags import Grounds, Matter
from service.store.identifiers import new_id
from service.store.values import FlagStatus

#: The verdicts about which somebody should do something.
RAISING = frozenset(
    {
        Verdict.HIDDEN_PLACE,
        Verdict.HIDDEN_GROUP,
        Verdict.UNDERCOUNT,
        Verdict.STALE_OFFICIAL,
        Verdict.NEEDS_REVIEW,
    }
)
#: The parts of an account that are about handling it, not about the community: changing them reopens nothing.
_HANDLING = frozenset({"own_id", "consent", "sensitivity", "collection", "drivers", "sdg", "observed"})

_REFUSED = frozenset({FlagStatus.REJECTED, FlagStatus.MATCHED_EXISTING, FlagStatus.UNVERIFIABLE})
_CLOSED = frozenset({FlagStatus.RESOLVED_BY_RELEASE, FlagStatus.WITHDRAWN})
_GONE = "the entry that named it is gone from the new release"
_BACK = "its record is sent again, and what people decided holds"


@dataclass(frozen=True, slots=True)
class Verified:
    """What the latest verification of a community says."""

    community_id: str
    record_id: str  # that speaks for the community
    grounds: Grounds
    snapshot: str | None  # of the primary finding
    p_absent: float | None
    renewed: bool  # the findings differ from those that held before
    at: datetime
    remembered: bool = False  # the primary finding follows from what people decided about its candidates
    combined: dict[str, Any] | None = None  # what the counts of several of its accounts came to together
    lost: bool = False  # the entry that it was is gone from the new release
    people: float | None = None  # head count by the record that speaks


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a flag, and the event that tells it."""

    matter: Matter
    event: str  # e.g. "flag.raised"
    why: str


def account_hash(account: Account) -> str:
    """Return the sha256 of what an account says about its community, however it is to be handled."""
    said = {field.name: getattr(account, field.name) for field in fields(account) if field.name not in _HANDLING}
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def settle(before: Matter | None, now: Verified) -> Change | None:
    """Return what a verification does to the flag of its record; None when nothing changes."""
    raising = now.grounds.verdict in RAISING
    if before is None:
        return _raise(now) if raising else None
    if before.withdrawn_from is not None:
        before = replace(before, status=before.withdrawn_from, decided=True, withdrawn_from=None)
        return _settle(before, now, raising=raising) or _change(before, now, "flag.updated", _BACK)
    return _settle(before, now, raising=raising)


def _settle(before: Matter, now: Verified, *, raising: bool) -> Change | None:
    if raising:
        why = None if _follows(before, now) else _why_reopen(before, now.grounds)
        if why:
            return _change(before, now, "flag.reopened", _GONE if now.lost else why)
        return None if _unchanged(before, now) else _change(before, now, "flag.updated", "verified again")
    appealed = before.status is FlagStatus.APPEALED  # people owe an answer, whatever the comparison says
    if appealed or before.status in _CLOSED or (before.decided and before.status in _REFUSED):
        return None if before.combined == now.combined and not now.renewed else _touch(before, now)
    return _close(before, now)


def _raise(now: Verified) -> Change:
    matter = Matter(
        id=new_id(),
        community_id=now.community_id,
        record_id=now.record_id,
        status=_raised(now),
        decided=False,
        version=1,
        grounds=now.grounds,
        snapshot=now.snapshot,
        p_absent=now.p_absent,
        updated_at=now.at,
        combined=now.combined,
        people=now.people,
    )
    return Change(matter, "flag.raised", _GONE if now.lost else "the comparison found a gap")


def _raised(now: Verified) -> FlagStatus:
    """Return where a flag begins: a list that named the community and does so no more went back, and says so."""
    return FlagStatus.REGRESSED if now.lost else FlagStatus.OPEN


def _unchanged(before: Matter, now: Verified) -> bool:
    said = (before.grounds, before.p_absent, before.combined) == (now.grounds, now.p_absent, now.combined)
    return said and not now.renewed


def _follows(before: Matter, now: Verified) -> bool:
    """Return whether what is found follows from what people decided: the same account, the same list, fewer candidates.

    Where they found the community listed, any gap that is left is another one, and theirs to see.
    """
    unchanged = before.grounds.account_hash == now.grounds.account_hash and before.snapshot == now.snapshot
    return now.remembered and before.decided and unchanged and before.status is not FlagStatus.MATCHED_EXISTING


def _why_reopen(before: Matter, grounds: Grounds) -> str | None:
    """Return why a settled flag has to be looked at again, None when it has not."""
    if before.status in _CLOSED and not before.decided:
        return "the gap is there again"
    settled = before.status in _REFUSED or before.status in _CLOSED
    if settled and before.grounds != grounds:
        return "the evidence is not the one that was decided on"
    # The best of the rejected candidates may change with every release; that alone takes back no confirmation.
    if before.status in UPHELD and before.grounds != replace(grounds, official_name=before.grounds.official_name):
        return "the evidence is not the one that was confirmed"
    return None


def _change(before: Matter, now: Verified, event: str, why: str) -> Change:
    reopened = event == "flag.reopened"
    matter = replace(
        before,
        record_id=now.record_id,
        status=_raised(now) if reopened else before.status,
        decided=before.decided and not reopened,
        version=before.version + 1,
        grounds=now.grounds,
        snapshot=now.snapshot,
        p_absent=now.p_absent,
        updated_at=now.at,
        combined=now.combined,
        people=now.people,
        resolved_by=None if reopened else before.resolved_by,
    )
    return Change(matter, event, why)


def _touch(before: Matter, now: Verified) -> Change:
    """Keep a settled flag as it is, with the grounds it was settled on; only what is shown beside it changed."""
    version = before.version + 1
    shown = replace(before, record_id=now.record_id, combined=now.combined, people=now.people)
    matter = replace(shown, version=version, updated_at=now.at)
    return Change(matter, "flag.updated", "verified again")


def _close(before: Matter, now: Verified) -> Change:
    """Close a flag that no longer holds; it keeps the grounds it was raised on."""
    released = before.grounds.account_hash == now.grounds.account_hash and now.grounds.verdict == Verdict.CONSISTENT
    if released and before.snapshot != now.snapshot:
        status, why = FlagStatus.RESOLVED_BY_RELEASE, "a newer official release agrees with the account"
    else:
        status, why = FlagStatus.WITHDRAWN, "the latest comparison no longer finds the gap"
    closed = _closed(before, status, now.at, now.record_id)
    if status is FlagStatus.RESOLVED_BY_RELEASE:
        closed = replace(closed, resolved_by=now.snapshot)
    return Change(closed, "flag.closed", why)


def close_merged(before: Matter | None, into: str, at: datetime) -> Change | None:
    """Return what becomes of the flag of a community that turned out to be another one; None where nothing does."""
    if before is None or before.status in _CLOSED:
        return None
    closed = _closed(before, FlagStatus.WITHDRAWN, at, before.record_id)
    return Change(closed, "flag.closed", f"its community is community {into}, which has a flag of its own")


def _closed(before: Matter, status: FlagStatus, at: datetime, record_id: str) -> Matter:
    return replace(before, record_id=record_id, status=status, decided=False, version=before.version + 1, updated_at=at)
