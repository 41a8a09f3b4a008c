"""Blind: a sample of decisions is judged again by somebody who does not know that, nor what was decided.

Which decisions are drawn follows from a secret of the installation, so that nobody can choose. Whoever asks for a
matter to judge blind gets one that waits for a second judgement or one that nobody has judged, and cannot tell which;
until they judge it, the service shows it to their key as if nobody had. Where the two differ, a third person settles
it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from service.callers.caller import Caller
from service.context import Context
from service.errors import INVALID, STALE_STATE, Problem
from service.review.beside import told_of
from service.review.following import TRANSITIONS, check_mandate
from service.running import clock
from service.store import appeals, editions, events, flags, keys, opinions, records, reviews
from service.store.engine import Session
from service.store.filters import FlagFilter
from service.store.flags import Matter
from service.store.identifiers import new_id
from service.store.opinions import Opinion
from service.store.reviews import note_digest
from service.store.values import JUDGEMENTS, FlagStatus, Review

#: Of three who judge one matter.
FIRST, SECOND, THIRD = 1, 2, 3

_SECRET = "second reviews"  # noqa: S105 - the name of the secret, not the secret
_UNJUDGED = FlagFilter(statuses=(FlagStatus.OPEN, FlagStatus.REGRESSED), speaking=True)
_LOOKED_AT = 200  # matters that nobody has judged, the oldest


def sampled(secret: bytes, flag_id: str, version: int, share: float) -> bool:
    """Return whether a decision about this version of a flag is drawn; `share` of all are, from 0 to 1."""
    return _fraction(secret, "drawn", flag_id, str(version)) < share


def draw(context: Context, session: Session, after: Matter, review: Review) -> None:
    """Put a decision that was just taken before a second person, where it is drawn. Raises nothing.

    What is closed is never drawn: the figures of agreement, which every reviewer reads, would tell that it is there.
    """
    if review.undo or review.decision not in JUDGEMENTS or _judged_again(session, after.id, review):
        return
    secret = editions.make_secret(session, _SECRET)
    if not sampled(secret, after.id, after.version - 1, context.settings.second_review_share):
        return
    if not told_of(flags.get(session, after.id)):
        return
    _keep(session, Opinion(new_id(), after.id, review.id, SECOND, review.created_at))


def _judged_again(session: Session, flag_id: str, review: Review) -> bool:
    """Return whether a decision is itself the second look at a matter: by appeal, or because two people differed."""
    if any(one.answered_by == review.id for one in appeals.of(session, flag_id)):
        return True
    return any(one.ordinal == THIRD and one.decided_at == review.created_at for one in opinions.of(session, flag_id))


def hand_out(context: Context, caller: Caller, may_see: Callable[[Session, str], bool]) -> str | None:
    """Hand somebody a matter to judge blind, and return its flag; None where there is none for them.

    Whoever has one gets the same again. `may_see` says whether they may see a flag.
    """
    key_id, at = caller.key_id or "", clock.now()

    def handed(session: Session) -> str | None:
        secret = editions.make_secret(session, _SECRET)
        held = opinions.held_by(session, key_id)
        if held is not None and may_see(session, held.flag_id):
            return held.flag_id
        for one in sorted(_for(session, key_id, at), key=lambda one: _fraction(secret, key_id, one.flag_id)):
            if may_see(session, one.flag_id):
                _hand(session, one, caller, at)
                return one.flag_id
        return None

    return context.store.write(handed)


def handed_to(context: Context, flag_id: str, key_id: str) -> Opinion | None:
    """Return what somebody was handed about a flag and has not judged yet."""
    with context.store.read() as session:
        held = opinions.held(session, key_id)
        mine = (one for one in opinions.of(session, flag_id) if one.handed_to == key_id and one.decision is None)
        return next(mine, None) if flag_id in held else None


def check_unjudged(context: Context, handed: Opinion | None) -> None:
    """Refuse a first judgement of what somebody else judged meanwhile, and show it as it stands from then on."""
    if handed is None or handed.ordinal > FIRST:
        return
    with context.store.read() as session:
        decided = reviews.of(session, [handed.flag_id]).get(handed.flag_id, ())
        since = [one for one in decided if handed.handed_at is not None and one.created_at > handed.handed_at]
        if not since:
            return
        matter = flags.get(session, handed.flag_id)
    context.store.write(lambda session: opinions.hand(session, handed.id, None, None))
    detail = f"While you judged it blind, {since[-1].organisation} decided {since[-1].decision}. Read it again."
    raise Problem(STALE_STATE, detail, version=matter.version, flag_status=matter.status.value)


def first_given(session: Session, handed: Opinion | None, review: Review, caller: Caller) -> None:
    """Keep that a first judgement was given blind; a decision that judges nothing, such as a deferral, ends it too."""
    if handed is None:
        return
    if review.decision in JUDGEMENTS and not review.undo:
        _give(session, replace(handed, review_id=review.id), review, caller)
    else:
        opinions.hand(session, handed.id, None, None)


def give(session: Session, handed: Opinion, upon: tuple[Review, int | None], caller: Caller) -> FlagStatus | None:
    """Keep a second or third judgement; return what the flag has to become where a third one settles it otherwise.

    `upon` is the judgement, and the version of the flag it was made on (None: whatever is present). Raises `Problem`:
    invalid for what judges nothing, stale state where the flag changed meanwhile, or somebody else
    was quicker.
    """
    review, expected = upon
    matter = flags.locked(session, handed.flag_id)
    check_mandate(records.get(session, matter.record_id), review.decision, caller)
    now = next(one for one in opinions.of(session, matter.id) if one.id == handed.id)
    if now.decision is not None or now.handed_to != caller.key_id or (expected not in {None, matter.version}):
        detail = "Somebody else judged it meanwhile, or what is known of it changed. Read it again, then decide."
        raise Problem(STALE_STATE, detail, version=matter.version, flag_status=FlagStatus.OPEN.value)
    if review.decision not in JUDGEMENTS or review.supersedes is not None:
        expected_words = f"expected one of {', '.join(JUDGEMENTS)}"
        detail = "What you were handed is there to be judged."
        raise Problem(INVALID, detail, errors=[{"pointer": "/decision", "message": expected_words}])
    _give(session, now, review, caller)
    earlier = {one.id: one for one in reviews.of(session, [matter.id]).get(matter.id, ())}
    first = earlier[now.review_id or ""]
    if now.ordinal == SECOND:
        if review.decision is not first.decision:
            _keep(session, Opinion(new_id(), matter.id, first.id, THIRD, review.created_at))
        return None
    return _settled(matter, first, review)


def _settled(matter: Matter, first: Review, third: Review) -> FlagStatus | None:
    """Return what a flag becomes after three people judged it; None where it stays, or has moved on since."""
    if third.decision is first.decision or matter.status not in {first.decision, FlagStatus.PUBLISHED}:
        return None
    return third.decision if third.decision in TRANSITIONS[matter.status] else FlagStatus.IN_REVIEW


def check_settled(session: Session, flag_id: str) -> None:
    """Refuse to publish what two people judged differently, until a third one has."""
    if any(one.ordinal == THIRD and one.decision is None for one in opinions.of(session, flag_id)):
        detail = "Two reviewers judged this flag differently: it is published once a third one has judged it."
        message = "wait until a third reviewer has judged it"
        raise Problem(INVALID, detail, errors=[{"pointer": "/decision", "message": message}])


def _for(session: Session, key_id: str, at: datetime) -> Iterator[Opinion]:
    """Yield what somebody could be handed: what they took no part in, and about as many that nobody has judged."""
    again = [one for one in opinions.waiting(session, at) if key_id not in took_part(session, one.flag_id)]
    yield from again
    for flag in flags.page(session, _UNJUDGED, None, min(max(len(again), 1), _LOOKED_AT)).items:
        if not flag.blind_to and key_id not in took_part(session, flag.id):
            yield Opinion("", flag.id, None, FIRST, at)


def took_part(session: Session, flag_id: str, until: datetime | None = None) -> frozenset[str]:
    """Return the keys that decided about a flag or judged it, whether that still holds or not, and their successors.

    All, or those that did before a moment.
    """
    ended = until or clock.now() + timedelta(days=1)
    decided = {one.key_id for one in reviews.of(session, [flag_id]).get(flag_id, ()) if one.created_at < ended}
    given = (one for one in opinions.of(session, flag_id) if one.decided_at is not None and one.decided_at < ended)
    judged = {one.key_id for one in given if one.key_id}
    return keys.of_the_same_hands(session, decided | judged)


def _hand(session: Session, one: Opinion, caller: Caller, at: datetime) -> None:
    if not one.id:
        one = replace(one, id=new_id())
        opinions.draw(session, [one])
    opinions.hand(session, one.id, caller.key_id, at)
    data = {"flag": one.flag_id, "ordinal": str(one.ordinal)}
    events.add(session, [events.Event("opinion.handed", one.id, at, caller, data)])


def _keep(session: Session, one: Opinion) -> None:
    opinions.draw(session, [one])
    data = {"flag": one.flag_id, "review": one.review_id, "ordinal": str(one.ordinal)}
    events.add(session, [events.Event("opinion.drawn", one.id, one.drawn_at, data=data)])


def _give(session: Session, one: Opinion, review: Review, caller: Caller) -> None:
    given = replace(
        one,
        decision=review.decision,
        reason_code=review.reason_code,
        note=review.note,
        organisation=review.organisation,
        key_id=review.key_id,
        decided_at=review.created_at,
    )
    data = {"flag": one.flag_id, "ordinal": str(one.ordinal), "sha256": opinions.give(session, given)}
    data |= {"note": noted} if (noted := note_digest(review.note)) else {}
    events.add(session, [events.Event("opinion.given", one.id, review.created_at, caller, data)])


def _fraction(secret: bytes, *parts: str) -> float:
    """Return a number from 0 to 1 that follows from the parts and tells nothing about the secret."""
    digest = hmac.new(secret, "\n".join(parts).encode(), sha256).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
