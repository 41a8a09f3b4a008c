"""Foreseeing: what would become of many decisions, checked as each is when it is taken, many with a few questions.

It keeps nothing. What it says holds for now: who is quicker is told when the decisions are taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice

from service.caller import Caller
from service.context import Context
from service.deciding.asking import Asked, Outcome, What
from service.deciding.checking import Deciding, refusal, refused
from service.deciding.entries import unlisted
from service.disclosure import View, view_of
from service.disclosure.communities import community
from service.disclosure.openness import open_now
from service.errors import NOT_FOUND, Problem
from service.store import flags, keys, reviews
from service.store.engine import Session
from service.store.values import Flag, Review

TOGETHER = 500  # flags read at a time

#: The decision taken on a version of a flag.
Taken = dict[tuple[str, int], Review]


def foresee(context: Context, asked: Sequence[Asked], by: Deciding) -> Iterator[Outcome]:
    """Yield what would become of each decision, in their order. Of two about one flag the second does not go through.

    A flag that is hidden from the caller does not exist for them. A decision that the same person took just so on the
    same version is unchanged: what is sent twice is kept once.
    """
    first: dict[str, str] = {}
    rest = iter(asked)

    @cache
    def same_hand(one: str, other: str) -> bool:
        with context.store.read() as session:
            return keys.same_hand(session, one, other)

    while some := list(islice(rest, TOGETHER)):
        ids = list(dict.fromkeys(one.flag_id for one in some))
        with context.store.read() as session:
            found = {flag.id: flag for flag in flags.many(session, ids)}
            taken = _taken(session, found.values())
        seen = {flag_id: flag for flag_id, flag in found.items() if _view(flag, by.caller) is not View.NOTHING}
        wrong = _wrong(context, some, seen)
        for at, one in enumerate(some):
            earlier = first.setdefault(one.flag_id, one.where)
            flag = seen.get(one.flag_id)
            if flag is None:
                detail = f"There is no flag {one.flag_id}."
                yield Outcome(What.REFUSED, one, problem=Problem(NOT_FOUND, detail))
            elif earlier != one.where:
                hint = "Say once what becomes of it, and leave the other empty."
                problem = refused("/flag_id", f"This flag stands in {earlier} too.", hint)
                yield _outcome(flag, one, by, (What.REFUSED, problem))
            elif is_same(taken.get((one.flag_id, one.version)), one, by.caller):
                yield _outcome(flag, one, by, (What.UNCHANGED, None))
            else:
                stands = refusal(flag, one, by, same_hand) or wrong.get(at)
                yield _outcome(flag, one, by, (What.REFUSED if stands else What.DECIDED, stands))


def taken_meanwhile(context: Context, one: Asked, caller: Caller) -> Flag | None:
    """Return the flag when the very decision asked for was taken while it was being asked for; else None."""
    with context.store.read() as session:
        flag = flags.get(session, one.flag_id)
        taken = _taken(session, [flag])
    return flag if is_same(taken.get((one.flag_id, one.version)), one, caller) else None


def is_same(taken: Review | None, one: Asked, caller: Caller) -> bool:
    """Return whether a decision that was taken is the one asked for."""
    return (
        taken is not None
        and taken.key_id == caller.key_id
        and (taken.decision, taken.reason_code, taken.note) == (one.decision, one.reason_code, one.note)
    )


def _taken(session: Session, some: Iterable[Flag]) -> Taken:
    decided = [review for flag in some for review in flag.reviews]
    on = reviews.versions(session, {review.flag_id for review in decided}) if decided else {}
    return {(review.flag_id, on[review.id]): review for review in decided if review.id in on}


def _wrong(context: Context, some: Sequence[Asked], seen: dict[str, Flag]) -> dict[int, Problem]:
    """Return, by position, what is wrong with the entries that communities are said to be."""
    named = [(at, one.official_id) for at, one in enumerate(some) if one.official_id and one.flag_id in seen]
    wrong = unlisted(context, [(seen[some[at].flag_id], entry) for at, entry in named])
    return {named[position][0]: problem for position, problem in wrong.items()}


def _outcome(flag: Flag, one: Asked, by: Deciding, became: tuple[What, Problem | None]) -> Outcome:
    name = community(flag.record, _view(flag, by.caller))[0]["name"]
    version = flag.version + (became[0] is What.DECIDED)
    return Outcome(became[0], one, name, flag.status, version, became[1])


def _view(flag: Flag, caller: Caller) -> View:
    return view_of(flag.record, caller, published=open_now(flag))
