"""Keys: to see what one's own is for, to exchange it, and to list and revoke those of one's organisation."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from service.access import holding_keys
from service.api.answers_access import KeyMade, KeyShown, KeysShown
from service.api.identifiers import Identifier, known_form
from service.api.responses import ALWAYS, FINDING, WRITING, problems
from service.api.submission import Given
from service.callers.territory import plain
from service.errors import KEY_NEEDED, NOT_PERMITTED, STALE_STATE
from service.http.answers import Answer, created, reply
from service.http.bodies import Bodiless, Route
from service.http.callers import Calling, forget, the_context
from service.store.keys import KeyEntry
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/keys", tags=["access"], route_class=Route)
revoking = APIRouter(prefix="/v1/keys", tags=["access"], route_class=Bodiless)


class ExchangeGiven(Given):
    """How long the key that is exchanged opens yet."""

    overlap_hours: int = Field(
        default=168, ge=1, le=2_160, description="hours in which both open, lest an answer be lost; 90 days at most"
    )


@router.get(
    "",
    operation_id="listKeys",
    summary="Keys of your organisation",
    response_model=KeysShown,
    responses=problems((*ALWAYS, KEY_NEEDED, NOT_PERMITTED)),
)
def list_keys(request: Request, by: Calling) -> Response:
    """Return every key of your organisation, oldest first, without secrets; to admins those of all."""
    found = holding_keys.of_organisation(the_context(request), by)
    return reply(request, by, Answer(json_text({"items": [shown(one) for one in found]})))


@router.post(
    "/rotate",
    status_code=201,
    operation_id="rotateKey",
    summary="Exchange your key for a new one",
    response_model=KeyMade,
    responses=problems((*WRITING, STALE_STATE)),
)
def rotate_key(request: Request, given: ExchangeGiven, by: Calling) -> Response:
    """Return a new key for the same, shown this once. The one you send opens for the time of the overlap yet.

    For publishing both count as one hand: who confirmed with the old key does not publish with the new one.
    """
    made, secret = holding_keys.exchange(the_context(request), timedelta(hours=given.overlap_hours), by)
    return created(json_text({**shown(made), "key": secret}), "/v1/keys")


@revoking.post(
    "/{key_id}/revoke",
    status_code=200,
    operation_id="revokeKey",
    summary="Revoke a key of your organisation",
    response_model=KeyShown,
    responses=problems((*FINDING, KEY_NEEDED, NOT_PERMITTED)),
)
def revoke_key(request: Request, key_id: Identifier, by: Calling) -> Response:
    """Let a key open nothing from now on; one that may more than yours is an admin's to revoke. Also your own."""
    revoked = holding_keys.revoke(the_context(request), known_form(key_id, "key"), by)
    forget(request)
    return reply(request, by, Answer(json_text(shown(revoked))))


def shown(key: KeyEntry) -> dict[str, Any]:
    """Return a key as those of its organisation see it, member by member."""
    names = ("id", "organisation", "role", "label", "created_at", "expires_at", "revoked_at", "last_used_on")
    return {
        **{name: getattr(key, name) for name in names},
        "rights": sorted(key.role.rights),
        "areas": None if key.areas is None else plain(key.areas),
        "steward_of": [asdict(charge) for charge in key.charges],
    }
