"""Carrying out: each decision taken for itself, as one reviewer takes it, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus

from service import review
from service.context import Context
from service.deciding.asking import Asked, Outcome, What
from service.deciding.checking import Deciding
from service.deciding.foreseeing import foresee, taken_meanwhile
from service.errors import STALE_STATE, Problem


def carry_out(context: Context, asked: Sequence[Asked], by: Deciding) -> Iterator[Outcome]:
    """Yield what became of each decision, in their order; each is a transaction of its own.

    Those of which it can be foreseen that they are refused are not tried. Sent again, what was decided is unchanged.
    Where the service itself fails (no room on the disk, a busy database) the rest is not tried, and says so.
    """
    failed: Problem | None = None
    for foreseen in foresee(context, asked, by):
        if failed is not None and foreseen.what is What.DECIDED:
            yield replace(foreseen, what=What.REFUSED, version=None, problem=failed)
            continue
        done = _carried_out(context, foreseen, by)
        if done.problem is not None and done.problem.kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            failed = done.problem
        yield done


def _carried_out(context: Context, foreseen: Outcome, by: Deciding) -> Outcome:
    if foreseen.what is not What.DECIDED:
        return foreseen
    one = foreseen.asked
    try:
        flag = review.decide(context, one.flag_id, one.decision_asked(), by.caller)
    except Problem as problem:
        if problem.kind is STALE_STATE and (same := taken_meanwhile(context, one, by.caller)) is not None:
            return replace(foreseen, what=What.UNCHANGED, before=same.status, version=same.version)
        return replace(foreseen, what=What.REFUSED, version=None, problem=problem)
    return replace(foreseen, version=flag.version)
