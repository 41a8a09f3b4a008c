"""Coalition: organisations that see one another's records, because both agreed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import AfterValidator

from service.access import sharing
from service.api.answers_access import PartnerShown, PartnersShown
from service.api.fields import SEEN, seen
from service.api.responses import ALWAYS, problems
from service.errors import FORGED, INVALID, KEY_NEEDED, NOT_PERMITTED
from service.http.answers import Answer, reply
from service.http.bodies import Bodiless, Route
from service.http.callers import Calling, the_context
from service.store.coalition import Partner
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/coalition", tags=["access"], route_class=Route)
agreeing = APIRouter(prefix="/v1/coalition", tags=["access"], route_class=Bodiless)

Other = Annotated[
    str,
    Path(min_length=1, max_length=200, description="the other organisation's short name", json_schema_extra=SEEN),
    AfterValidator(seen),
]


@router.get(
    "",
    operation_id="listCoalition",
    summary="Your coalition",
    response_model=PartnersShown,
    responses=problems((*ALWAYS, KEY_NEEDED, NOT_PERMITTED)),
)
def list_coalition(request: Request, by: Calling) -> Response:
    """Return how your organisation stands with each to which it agreed, or that agreed to it."""
    found = sharing.standing(the_context(request), by)
    return reply(request, by, Answer(json_text({"items": [_shown(one) for one in found]})))


@agreeing.put(
    "/{partner}",
    operation_id="agreeToShare",
    summary="Agree to share with another organisation",
    response_model=PartnerShown,
    responses=problems((*ALWAYS, KEY_NEEDED, NOT_PERMITTED, FORGED, INVALID)),
)
def agree_to_share(request: Request, partner: Other, by: Calling) -> Response:
    """Agree that it sees your records, as soon as it agreed that you see its own.

    It sees those whose communities consent to `partners` or more, and none that is closed, held or withdrawn. Numbers
    are counted for each organisation as before. The answer is the same whether there is such an organisation or not.
    """
    return reply(request, by, Answer(json_text(_shown(sharing.agree(the_context(request), partner, by)))))


@agreeing.post(
    "/{partner}/leave",
    status_code=200,
    operation_id="leaveCoalition",
    summary="Share with another organisation no more",
    response_model=PartnerShown,
    responses=problems((*ALWAYS, KEY_NEEDED, NOT_PERMITTED, FORGED, INVALID)),
)
def leave_coalition(request: Request, partner: Other, by: Calling) -> Response:
    """End it at once, for both: from this answer on neither sees the other's records."""
    return reply(request, by, Answer(json_text(_shown(sharing.leave(the_context(request), partner, by)))))


def _shown(partner: Partner) -> dict[str, Any]:
    return {
        "organisation": partner.organisation,
        "shared": partner.shared,
        "given_at": partner.given_at,
        "received_at": partner.received_at,
    }
