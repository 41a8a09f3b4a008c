"""Keeping single new records together: compared in one go, then accepted with what was found, in one transaction.

What stands out goes its own way (`service.posting.alone`), after the others: a correction, a retry, an account that is
set aside, a key that was revoked, and whatever fails. So one broken record never takes its neighbours with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from weakref import WeakKeyDictionary

import structlog

from matchers.communities.quarantine import COPIES, FLOOD
from service import submit, verify
from service.aside import screening
from service.context import Context
from service.errors import PASSING, Problem
from service.posting import alone
from service.posting.alone import Kept
from service.running import clock
from service.running.logs import told_safely
from service.store import events, findings, footing, keys, parameter_sets, receipts, revisions
from service.store.engine import Session, Store
from service.store.marks import Marks
from service.store.records import Standing
from service.store.revisions import Settled
from service.store.values import Record, RecordState
from service.submit import Outcome, Post, Receipt
from service.verifying.judging import PARAMETERS
from service.verifying.raising import Judged, Keeping, gather, raise_flags

log = structlog.get_logger(__name__)

#: What stood when records were last kept here. Whoever compares takes it to stand still, and finds out when keeping.
_seen: WeakKeyDictionary[Store, Marks] = WeakKeyDictionary()

Answer = Kept | Exception


class _Unfit(Exception):
    """Some of what was to be kept together has to go its own way."""

    def __init__(self, ids: Collection[str]) -> None:
        super().__init__()
        self.ids = frozenset(ids)


@dataclass(frozen=True, slots=True)
class _New:
    """One posted account, and the record it makes unless it turns out to be known."""

    post: Post
    receipt: Receipt
    record: Record

    @classmethod
    def of(cls, post: Post) -> _New:
        receipt = submit.first(post, post.accounts[0])
        assert receipt.record is not None  # noqa: S101 - for mypy: a first receipt comes with its record
        return cls(post, receipt, receipt.record)


def keep(context: Context, posts: Sequence[Post]) -> list[Answer]:
    """Keep posts of one account each, and return what became of each, in the same order: it is kept, or why not.

    Nothing is raised for one of them: a failure is answered to the one whom it concerns.
    """
    news = {at: _New.of(post) for at, post in enumerate(posts)}
    try:
        kept = _together(context, _first_of_each(context, list(news.values())))
    except Problem as problem:
        if problem.kind in PASSING:  # for each of them too: nobody is helped by waiting as long again
            return [problem for _ in posts]
        kept = _none(problem, posts)
    except Exception as error:  # noqa: BLE001 - whatever it was, each is tried by itself, and answered for itself
        kept = _none(error, posts)
    return [kept.get(one.record.id) or _alone(context, one.post) for one in news.values()]


def _none(error: Exception, posts: Sequence[Post]) -> dict[str, Kept]:
    log.warning("posting.one_by_one", records=len(posts), **told_safely(error))
    return {}


def _alone(context: Context, post: Post) -> Answer:
    try:
        (kept,) = alone.keep(context, post)
    except Exception as error:  # noqa: BLE001 - it is raised again where its sender is answered
        return error
    return kept


def _first_of_each(context: Context, news: Sequence[_New]) -> list[_New]:
    """Return those that may go together: no two under one identifier or key, none that is known to be known."""
    named: set[tuple[str, str, str]] = set()
    some: list[_New] = []
    for one in news:
        own = {(one.post.organisation, *name) for name in _names(one)}
        if not named & own:
            some.append(one)
        named |= own
    if named:
        with context.store.glance() as session:
            known = _known(session, some)
        some = [one for one in some if one.record.id not in known]
    return some


def _names(one: _New) -> list[tuple[str, str]]:
    """Return under what an account may have been sent before: its own id, and the key of the request."""
    given = (("id", one.record.account.own_id), ("key", one.post.key))
    return [(kind, name) for kind, name in given if name is not None]


def _together(context: Context, news: Sequence[_New]) -> dict[str, Kept]:
    """Compare and keep, and return what was kept by record; again while the ground moves or some turn out unfit."""
    parameter_sets.keep(context.store, PARAMETERS)
    lists, seen = context.lists.held(), _seen.get(context.store)
    attempts = 0
    while news and attempts < verify.ATTEMPTS:
        judged, used = verify.compared(context, [one.record for one in news], lists, seen)
        try:
            kept = context.store.write_ahead(partial(_keep, news=news, judged=judged, used=used))
        except verify.GroundMoved:
            lists, seen = context.lists.current(), None
            attempts += 1
        except _Unfit as unfit:  # each time there are fewer
            news = [one for one in news if one.record.id not in unfit.ids]
        else:
            _seen[context.store] = used
            return kept
    return {}


def _keep(session: Session, news: Sequence[_New], judged: Sequence[Judged], used: Marks) -> dict[str, Kept]:
    unfit = _unfit(session, news, used)
    if unfit:
        raise _Unfit(unfit)
    at = clock.now()
    standing = {one.record.id: _standing(one.record) for one in judged}
    keeping = Keeping(standing, frozenset(standing), at, unkept=frozenset(standing))
    gathered = gather(session, judged, keeping)  # read before anything is written: the rest is sent without waiting
    summaries = {one.record.id: one.summary for one in judged}
    revisions.add(session, [_revision(one, summaries.get(one.record.id), at) for one in news])
    findings.add(session, {one.record.id: one.findings for one in judged})
    for one in news:
        if one.post.key:
            receipts.add(session, one.post.organisation, one.post.key, submit.answer(one.post, [one.receipt]))
    created = [submit.event(one.post, one.receipt, one.post.fingerprints[0]) for one in news]
    events.add(session, created + [verify.told(one, at) for one in judged])
    raised = raise_flags(session, judged, keeping, gathered)
    settled = {one.record.id: verify.as_settled(one, raised, at) for one in judged}
    return {one.record.id: Kept(settled.get(one.record.id, one.record), Outcome.CREATED) for one in news}


def _revision(one: _New, summary: tuple[str, float | None] | None, at: datetime) -> revisions.Revision:
    kept = submit.revision(one.post, one.receipt, one.record.account, one.post.fingerprints[0])
    return replace(kept, settled=Settled(*summary, at)) if summary else kept


def _standing(record: Record) -> Standing:
    """Return where a record stands between being accepted and being verified, which both happen now."""
    return Standing(1, None, record.created_at, record.community_id, RecordState.PENDING, released=False)


def _unfit(session: Session, news: Sequence[_New], used: Marks) -> set[str]:
    """Return those that have to go their own way; by record. Raises `GroundMoved` as `verify.check_ground`.

    One statement for each organisation says that there are none. Only where it does not, it is asked which they are.
    """
    unfit: set[str] = set()
    for organisation, some in sorted(_by_organisation(news).items()):  # in order: nobody waits in a circle
        sent = _sent(organisation, some)
        if sent.own_ids or sent.keys:
            keys.lock_organisation(session, organisation)
        held = footing.of(session, sent, FLOOD + 1)
        if held.marks != used:
            raise verify.GroundMoved
        if held.revoked:
            unfit |= _revoked(session, some)
        if held.known:
            unfit |= _known(session, some)
        flood = held.before and held.today + len(some) > FLOOD
        if flood or held.on_one_spot >= COPIES or any(screening.bounded(one.record.account) for one in some):
            unfit |= _standing_out(session, some)
    return unfit


def _sent(organisation: str, news: Sequence[_New]) -> footing.Sent:
    accounts = [one.record.account for one in news]
    return footing.Sent(
        organisation,
        key_ids={key_id for one in news if (key_id := one.post.caller.key_id)},
        own_ids={own_id for account in accounts if (own_id := account.own_id) is not None},
        keys={key for one in news if (key := one.post.key) is not None},
        spots=[spot for account in accounts if (spot := screening.spot(account)) is not None],
        midnight=screening.midnight(news[0].post.at),
    )


def _revoked(session: Session, news: Sequence[_New]) -> set[str]:
    """Return those whose key opens nothing any more; by record."""
    gone = keys.revoked(session, {one.post.caller.key_id for one in news if one.post.caller.key_id})
    return {one.record.id for one in news if one.post.caller.key_id in gone}


def _known(session: Session, news: Sequence[_New]) -> set[str]:
    """Return those that were sent before, under the same own id or the same key; by record."""
    known: set[str] = set()
    for organisation, some in _by_organisation(news).items():
        own_ids = {own_id for one in some if (own_id := one.record.account.own_id) is not None}
        sent = {one.post.key for one in some if one.post.key is not None}
        before = revisions.known(session, organisation, own_ids) if own_ids else frozenset()
        answered = receipts.known(session, organisation, sent) if sent else frozenset()
        known |= {one.record.id for one in some if one.record.account.own_id in before or one.post.key in answered}
    return known


def _standing_out(session: Session, news: Sequence[_New]) -> set[str]:
    """Return those of organisations of which anything now sent is to be set aside; by record."""
    out: set[str] = set()
    for organisation, some in _by_organisation(news).items():
        accounts = {one.record.id: one.record.account for one in some}
        if screening.screen(session, screening.of_accounts(organisation, accounts, frozenset(), some[0].post.at)):
            out |= accounts.keys()
    return out


def _by_organisation(news: Sequence[_New]) -> dict[str, list[_New]]:
    found: dict[str, list[_New]] = defaultdict(list)
    for one in news:
        found[one.post.organisation].append(one)
    return found
