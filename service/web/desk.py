"""The pages of the desk: the queue, one case with both sides, and the forms by which reviewers claim and decide.

They work without scripts, by keyboard alone, on a telephone. Whoever comes without a session is asked to sign in, or
where nobody signs in here, for their key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from service import review
from service.context import codes_of_reasons
from service.desk import case, claiming, queue
from service.errors import INVALID, NOT_FOUND, Problem
from service.http.callers import the_context
from service.http.seats import Seat, require_own_form, seat
from service.login.sessions import FORGERY_FIELD
from service.running import clock
from service.store.queue import Assigned
from service.web import desk_filters
from service.web.desk_deciding import choices, decision_of, offered
from service.web.desk_map import draw
from service.web.desk_opening import PRIVATE, Form, opening, seated
from service.web.page import page
from service.web.wording import VERDICTS

router = APIRouter(prefix="/desk", include_in_schema=False)

_SEE_OTHER = 303
_FLAG = re.compile(r"[0-9a-f]{32}")


@router.get("")
def waiting(request: Request) -> Response:
    """Show the queue, narrowed by what stands in the address."""
    found = seat(request)
    if found is None:
        return opening(request)
    asked, fields, wrong = desk_filters.read(request.query_params)
    try:
        shown = queue.page(the_context(request), asked, found.caller)
    except Problem as problem:
        if problem.kind is not INVALID:
            raise
        wrong.append(problem.detail)
        shown = queue.Shown([], None)
    values = {
        "items": shown.items,
        "fields": fields,
        "blind": asked.blind,
        "wrong": wrong,
        "here": desk_filters.address(fields, blind=asked.blind),
        "other": desk_filters.address(fields, blind=not asked.blind),
        "next_page": desk_filters.address(fields, blind=asked.blind, cursor=shown.next_cursor)
        if shown.next_cursor
        else None,
        "later": asked.cursor is not None,
        "nothing_left": "done" in request.query_params,
        "verdicts": VERDICTS,
    }
    return _shown(request, "desk.html", found, values)


@router.get("/{flag_id}")
def one(request: Request, flag_id: str) -> Response:
    """Show one case: both sides, the map, the evidence, what happened, and the form to decide by."""
    found = seat(request)
    if found is None:
        return opening(request)
    return _case(request, found, flag_id)


@router.post("/next")
def take_next(request: Request, form: Form) -> Response:
    """Claim the most urgent flag among those asked for, and go there."""
    found = seated(request)
    require_own_form(request, found, form.get(FORGERY_FIELD, ""))
    return _go_on(request, found, form)


@router.post("/{flag_id}")
def act(request: Request, flag_id: str, form: Form) -> Response:
    """Claim a flag, let it go, or decide about it; then go on to the next."""
    found, context = seated(request), the_context(request)
    require_own_form(request, found, form.get(FORGERY_FIELD, ""))
    flag_id = _known(flag_id)
    try:
        if form.get("do") == "claim":
            claiming.claim(context, flag_id, found.caller)
        elif form.get("do") == "release":
            claiming.release(context, flag_id, found.caller)
            return _to(f"/desk{_kept(form)}")
        else:
            case.case(context, flag_id, found.caller)  # what is hidden from this reviewer does not exist for them
            review.decide(context, flag_id, decision_of(form), found.caller)
            return _go_on(request, found, form)
    except Problem as problem:
        if problem.kind is NOT_FOUND or problem.kind.status >= 500:  # noqa: PLR2004 - failures of our own
            raise
        return _case(request, found, flag_id, _Refused(problem, form))
    return _to(f"/desk/{flag_id}{_kept(form)}")


def _go_on(request: Request, found: Seat, form: dict[str, str]) -> Response:
    asked, fields, _ = desk_filters.read(form)
    if asked.assigned is Assigned.ME:
        fields.pop("assigned")
        asked, fields, _ = desk_filters.read({**fields, "blind": form.get("blind", "")})
    wanted = queue.wanted_by(asked, found.caller, clock.now())
    taken = claiming.claim_next(the_context(request), wanted, found.caller)
    kept = desk_filters.address(fields, blind=asked.blind)
    if taken is None:
        return _to(f"/desk{kept}{'&' if kept else '?'}done=1")
    return _to(f"/desk/{taken[0].id}{kept}")


@dataclass(frozen=True, slots=True)
class _Refused:
    """A form that was refused: why, and what stood in it."""

    problem: Problem
    form: dict[str, str]


def _case(request: Request, found: Seat, flag_id: str, refused: _Refused | None = None) -> Response:
    given = request.query_params if refused is None else refused.form
    context, blind = the_context(request), given.get("blind") == "1"
    shown = case.case(context, _known(flag_id), found.caller, blind=blind)
    _, fields, _ = desk_filters.read(given)
    values = {
        "case": shown,
        "map": draw(shown),
        "choices": choices(shown),
        "reasons": offered(shown, codes_of_reasons(context.settings)),
        "problem": refused.problem if refused else None,
        "typed": refused.form if refused else {},
        "fields": fields,
        "blind": blind,
        "here": desk_filters.address(fields, blind=blind),
        "other": desk_filters.address(fields, blind=not blind),
    }
    answer = _shown(request, "desk_case.html", found, values)
    if refused is not None:
        answer.status_code = refused.problem.kind.status
    return answer


def _shown(request: Request, template: str, found: Seat, values: dict[str, Any]) -> Response:
    told = {"seat": found, "csrf": found.proof, "field": FORGERY_FIELD}
    return page(request, template, {**values, **told}, headers=PRIVATE)


def _known(flag_id: str) -> str:
    if not _FLAG.fullmatch(flag_id):
        detail = f"There is no flag {flag_id}."
        raise Problem(NOT_FOUND, detail)
    return flag_id


def _kept(form: dict[str, str]) -> str:
    _, fields, _ = desk_filters.read(form)
    return desk_filters.address(fields, blind=form.get("blind") == "1")


def _to(address: str) -> Response:
    return RedirectResponse(address, _SEE_OTHER, {"Cache-Control": "no-store"})
