"""Foreseeing: what would become of many decisions, checked as each is when it is taken, many with a few questions.

It keeps nothing. What it says holds for now: who is quicker is told when the decisions are taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from service.callers.caller import Caller
from service.context import Context
from service.deciding.asking import Asked, Outcome, What
from service.deciding.checking import Deciding, Question, refusal, refused
from service.deciding.entries import unlisted
from service.disclosure import View, view_of
from service.disclosure.blind import unjudged
from service.disclosure.communities import community
from service.disclosure.openness import open_now
from service.errors import NOT_FOUND, Problem
from service.review.following import standing
from service.running import clock
from service.store import flag_claims, flags, reviews
from service.store.engine import Session
from service.store.values import Flag, Review

TOGETHER = 500  # flags read at a time

#: The decision that holds, taken on a version of a flag.
Taken = dict[tuple[str, int], Review]


def foresee(context: Context, asked: Sequence[Asked], by: Deciding) -> Iterator[Outcome]:
    """Yield what would become of each decision, in their order. Of two about one flag the second does not go through.

    A flag that is hidden from the caller does not exist for them. A decision that the same person took just so on the
    same version is unchanged: what is sent twice is kept once.
    """
    first: dict[str, str] = {}
    rest = iter(asked)
    while some := list(islice(rest, TOGETHER)):
        with context.store.read() as session:
            found = flags.many(session, list(dict.fromkeys(one.flag_id for one in some)))
            seen = {flag.id: flag for flag in found if _view(flag, by.caller) is not View.NOTHING}
            foreseen = _foreseen(session, some, seen, by)
        wrong = _wrong(context, some, seen)
        for at, one in enumerate(foreseen):
            earlier = first.setdefault(one.asked.flag_id, one.asked.where)
            if one.before is not None and earlier != one.asked.where:
                hint = "Say once what becomes of it, and leave the other empty."
                yield _refused(one, refused("/flag_id", f"This flag stands in {earlier} too.", hint))
            elif one.what is What.DECIDED and at in wrong:
                yield _refused(one, wrong[at])
            else:
                yield one


def taken_meanwhile(context: Context, one: Asked, caller: Caller) -> Flag | None:
    """Return the flag when the very decision asked for was taken while it was being asked for; else None."""
    with context.store.read() as session:
        flag = flags.get(session, one.flag_id)
        taken = _taken(session, [flag])
    return flag if _is_same(taken.get((one.flag_id, one.version)), one, caller) else None


def _foreseen(session: Session, some: Sequence[Asked], seen: dict[str, Flag], by: Deciding) -> list[Outcome]:
    taken = _taken(session, seen.values())
    matters = flags.matters(session, [flag.record.community_id or "" for flag in seen.values()])
    claims = flag_claims.of(session, list(seen), clock.now())
    foreseen = []
    for one in some:
        flag = seen.get(one.flag_id)
        if flag is None:
            missing = Problem(NOT_FOUND, f"There is no flag {one.flag_id}.")
            foreseen.append(Outcome(What.REFUSED, one, problem=missing))
        elif _is_same(taken.get((one.flag_id, one.version)), one, by.caller):
            foreseen.append(_outcome(flag, one, by.caller, (What.UNCHANGED, None)))
        else:
            question = Question(one, flag, matters[flag.record.community_id or ""], claims.get(flag.id))
            stands = refusal(session, question, by)
            foreseen.append(_outcome(flag, one, by.caller, (What.REFUSED if stands else What.DECIDED, stands)))
    return foreseen


def _is_same(taken: Review | None, one: Asked, caller: Caller) -> bool:
    """Return whether a decision that was taken is the one asked for."""
    said = (one.decision, one.reason_code, one.note, one.until)
    return (
        taken is not None
        and taken.key_id == caller.key_id
        and (taken.decision, taken.reason_code, taken.note, taken.until) == said
    )


def _taken(session: Session, some: Iterable[Flag]) -> Taken:
    holding = [review for flag in some for review in standing(flag.reviews)]
    on = reviews.versions(session, {review.flag_id for review in holding}) if holding else {}
    return {(review.flag_id, on[review.id]): review for review in holding if review.id in on}


def _wrong(context: Context, some: Sequence[Asked], seen: dict[str, Flag]) -> dict[int, Problem]:
    """Return, by position, what is wrong with the entries that communities are said to be."""
    named = [(at, one.official_id) for at, one in enumerate(some) if one.official_id and one.flag_id in seen]
    wrong = unlisted(context, [(seen[some[at].flag_id], entry) for at, entry in named])
    return {named[position][0]: problem for position, problem in wrong.items()}


def _outcome(flag: Flag, one: Asked, caller: Caller, became: tuple[What, Problem | None]) -> Outcome:
    flag = unjudged(flag) if caller.key_id in flag.blind_to else flag
    name = community(flag.record, _view(flag, caller))[0]["name"]
    version = flag.version + (became[0] is What.DECIDED)
    return Outcome(became[0], one, name, flag.status, version, became[1])


def _refused(one: Outcome, problem: Problem) -> Outcome:
    version = one.version if one.what is not What.DECIDED or one.version is None else one.version - 1
    return Outcome(What.REFUSED, one.asked, one.name, one.before, version, problem)


def _view(flag: Flag, caller: Caller) -> View:
    return view_of(flag.record, caller, published=open_now(flag))
