"""Submit: accept what an organisation says about communities, and keep it before anybody thinks about it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from service.accounts.account import Account
from service.aside import screening
from service.callers.caller import Caller, Right
from service.context import Context
from service.disclosure.tags import kept_tags
from service.errors import CONFLICT, KEY_NEEDED, WITHDRAWN, Problem
from service.running import clock
from service.store import events, keys, receipts, revisions, withdrawals
from service.store.engine import Session
from service.store.identifiers import new_id
from service.store.values import Record, RecordState

_WITHDRAWN = "This record was withdrawn, and is not taken in again by being sent once more. Nothing was kept."


class Outcome(StrEnum):
    """What became of an account that was sent."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    REVISED = "revised"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender may rely on: the account is on the disk as this revision of this record."""

    record_id: str
    own_id: str | None
    revision: int
    outcome: Outcome
    record: Record | None = field(default=None, compare=False)  # as it was kept, where this call made it

    def remembered(self) -> dict[str, Any]:
        """Return what a retry is answered with."""
        names = ("record_id", "own_id", "revision", "outcome")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Post:
    """Accounts that were sent at one moment, to be kept all or none; made by `posted`."""

    accounts: Sequence[Account]
    fingerprints: Sequence[str]
    organisation: str
    caller: Caller
    key: str | None  # the idempotency key
    at: datetime

    @property
    def fingerprint(self) -> str:
        """The sha256 of everything that was sent."""
        return hashlib.sha256("\n".join(self.fingerprints).encode()).hexdigest()


def accept(
    context: Context, accounts: Sequence[Account], caller: Caller, idempotency_key: str | None = None
) -> list[Receipt]:
    """Keep accounts, all or none, and return one receipt for each, in the same order. They are not verified yet.

    An account under an own id that is known already changes nothing when it says the same, and becomes the next
    revision of that record when it says something else. The same content under the same idempotency key gives the
    receipts of the first time. Raises `Problem`: key needed; conflict, with the `conflicting_id`, when the key was
    used for other content; withdrawn, where one of them was, and nobody admitted it since.
    """
    post = posted(accounts, caller, idempotency_key)
    return context.store.write(lambda session: keep(session, post))


def posted(accounts: Sequence[Account], caller: Caller, idempotency_key: str | None = None) -> Post:
    """Return accounts as they are sent now. Raises `Problem` (key needed) where the caller may keep none."""
    if caller.organisation is None or not caller.may(Right.SEND):
        detail = "Records are kept under the name of an organisation."
        raise Problem(KEY_NEEDED, detail)
    fingerprints = [account.fingerprint() for account in accounts]
    return Post(accounts, fingerprints, caller.organisation, caller, idempotency_key, clock.now())


def keep(session: Session, post: Post) -> list[Receipt]:
    """Keep what was sent, as `accept` does, in a transaction of the caller's. Raises `Problem` (conflict)."""
    own_ids = {account.own_id for account in post.accounts if account.own_id is not None}
    if own_ids or post.key:
        keys.lock_organisation(session, post.organisation)
    before = receipts.find(session, post.organisation, post.key) if post.key else None
    if before is not None:
        return _same_answer(session, before, post)
    if post.caller.key_id is None:  # nobody's key, but the service's own command line: the organisation may be new
        keys.add_organisation(session, post.organisation, post.at)
    kept = revisions.kept(session, post.organisation, own_ids) if own_ids else {}
    given, news = _receive(post, kept)
    vouched = {before.id for before in kept.values() if before.released}
    sent = _sent(post, [one for one in news if one.record_id not in vouched])
    grounds = screening.screen(session, sent)
    revisions.add(session, [_screened(revision, grounds) for revision in news])
    given = [_told_of(receipt, grounds) for receipt in given]
    told = zip(given, post.fingerprints, strict=True)
    events.add(session, [event(post, *one) for one in told if one[0].outcome is not Outcome.UNCHANGED])
    if grounds:
        events.add(session, screening.set_aside(session, sent, grounds))
    if post.key:
        receipts.add(session, post.organisation, post.key, answer(post, given))
    return given


def answer(post: Post, given: Sequence[Receipt]) -> receipts.Answer:
    """Return what a retry under the same idempotency key is answered with."""
    return receipts.Answer(post.fingerprint, [receipt.remembered() for receipt in given], post.at)


def _receive(post: Post, kept: dict[str, revisions.Kept]) -> tuple[list[Receipt], list[revisions.Revision]]:
    """Return a receipt for each account, and what is to be kept of them; `kept` learns what was received."""
    given: list[Receipt] = []
    news: list[revisions.Revision] = []
    for account, fingerprint in zip(post.accounts, post.fingerprints, strict=True):
        before = kept.get(account.own_id) if account.own_id is not None else None
        if before is not None and before.refused:
            raise Problem(WITHDRAWN, _WITHDRAWN)
        receipt = _receipt(account, fingerprint, before) if before else first(post, account)
        given.append(receipt)
        if receipt.outcome is Outcome.UNCHANGED:
            continue
        news.append(revision(post, receipt, account, fingerprint))
        if account.own_id is not None:  # the same own id may stand twice in one batch
            released = before is not None and before.released
            kept[account.own_id] = revisions.Kept(
                receipt.record_id, account.own_id, receipt.revision, fingerprint, released=released
            )
    return given, news


def _same_answer(session: Session, answered: receipts.Answer, post: Post) -> list[Receipt]:
    given = [Receipt(**{**receipt, "outcome": Outcome(receipt["outcome"])}) for receipt in answered.receipts]
    if answered.fingerprint != post.fingerprint:
        detail = f"The idempotency key was used at {answered.created_at:%Y-%m-%d %H:%M:%S} UTC for other content."
        raise Problem(CONFLICT, detail, conflicting_id=given[0].record_id if given else None)
    if withdrawals.any_refused(session, [receipt.record_id for receipt in given]):
        raise Problem(WITHDRAWN, _WITHDRAWN)
    return given


def first(post: Post, account: Account) -> Receipt:
    """Return the receipt of an account that makes a new record, and begins a community."""
    record = Record(
        id=new_id(),
        organisation=post.organisation,
        revision=1,
        state=RecordState.PENDING,
        account=account,
        created_at=post.at,
        updated_at=post.at,
        verdict=None,
        p_absent=None,
        findings=(),
        flag_id=None,
        community_id=new_id(),
    )
    return Receipt(record.id, account.own_id, 1, Outcome.CREATED, record)


def _receipt(account: Account, fingerprint: str, before: revisions.Kept) -> Receipt:
    if before.fingerprint == fingerprint:
        return Receipt(before.id, account.own_id, before.revision, Outcome.UNCHANGED)
    return Receipt(before.id, account.own_id, before.revision + 1, Outcome.REVISED)


def revision(post: Post, receipt: Receipt, account: Account, fingerprint: str) -> revisions.Revision:
    """Return what is kept of an account; it waits to be verified."""
    return revisions.Revision(
        record_id=receipt.record_id,
        number=receipt.revision,
        organisation=post.organisation,
        account=account,
        fingerprint=fingerprint,
        key_id=post.caller.key_id,
        created_at=post.at,
        community_id=receipt.record.community_id if receipt.record else None,
        tags=kept_tags(account),
    )


def _sent(post: Post, news: Sequence[revisions.Revision]) -> screening.Sent:
    first = {revision.record_id for revision in news if revision.number == 1}
    accounts = {revision.record_id: revision.account for revision in news}
    return screening.of_accounts(post.organisation, accounts, frozenset(accounts.keys() - first), post.at)


def _screened(revision: revisions.Revision, grounds: screening.Grounds) -> revisions.Revision:
    own = grounds.get(revision.record_id)
    return replace(revision, grounds=own, community_id=None) if own else revision


def _told_of(receipt: Receipt, grounds: screening.Grounds) -> Receipt:
    own = grounds.get(receipt.record_id)
    if not own or receipt.record is None:
        return receipt
    aside = replace(receipt.record, state=RecordState.QUARANTINED, quarantine=own, community_id=None)
    return replace(receipt, record=aside)


def event(post: Post, receipt: Receipt, fingerprint: str) -> events.Event:
    """Return the event of an account that was kept; it names the account's sha256, and nothing else of it."""
    data = {"revision": receipt.revision, "sha256": fingerprint}
    return events.Event(f"record.{receipt.outcome}", receipt.record_id, post.at, post.caller, data)
