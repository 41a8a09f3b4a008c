"""Blind reviews: matters judged without knowing what others decided, and how far people agree on them."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.api.answers_review import AgreementShown, BlindShown
from service.api.reading import Reader
from service.api.responses import ALWAYS, problems
from service.callers.caller import Right
from service.errors import FORGED, KEY_NEEDED, NOT_FOUND, NOT_PERMITTED, Problem
from service.http.answers import Answer, reply
from service.http.bodies import Bodiless, Route
from service.http.callers import Calling, Opened, the_context
from service.review import agreement, blind
from service.store.engine import Session
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/agreement", tags=["flags"], route_class=Route)
drawing = APIRouter(prefix="/v1/blind-reviews", tags=["flags"], route_class=Bodiless)


@drawing.post(
    "",
    status_code=200,
    operation_id="drawBlindReview",
    summary="Be handed a matter to judge blind",
    response_model=BlindShown,
    responses=problems((*ALWAYS, KEY_NEEDED, NOT_PERMITTED, FORGED)),
)
def draw_blind_review(request: Request, by: Calling) -> Response:
    """Return a matter to judge without scores: nobody judged it, or somebody did and you are the second opinion.

    You are not told which, and until you have judged it, it is shown to your key as if nobody had. Decide with
    `POST /v1/flags/{flag_id}/reviews`, as always; whoever has a matter and asks again gets the same for a day. What
    you took part in is never handed to you. `flag` is null where there is nothing for you.
    """
    context = the_context(request)

    def may_see(session: Session, flag_id: str) -> bool:
        try:
            community = Reader(session, by).flag_by_id(flag_id)["community"]
        except Problem as problem:
            if problem.kind is not NOT_FOUND:
                raise
            return False
        return by.at(community["country"], community["admin"].items()).may(Right.REVIEW)

    flag_id = blind.hand_out(context, by, may_see)
    if flag_id is None:
        return reply(request, by, Answer(json_text({"flag": None})))
    with context.store.read() as session:
        shown = Reader(session, by).flag_by_id(flag_id)
    return reply(request, by, Answer(json_text({"flag": shown}), version=shown["version"]))


@router.get(
    "",
    operation_id="getAgreement",
    summary="How far reviewers agree",
    response_model=AgreementShown,
    responses=problems((*ALWAYS, KEY_NEEDED, NOT_PERMITTED)),
)
def get_agreement(request: Request, by: Calling, context: Opened) -> Response:
    """Return how far two reviewers who judged the same matters apart agree: the share, and Cohen's kappa.

    A sample of decisions is judged a second time by somebody who does not know of the first. For reviewers.
    """
    return reply(request, by, Answer(json_text(agreement.agreement(context).as_dict())))
