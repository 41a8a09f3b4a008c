"""Mappings: how files of one shape are read, proposed from a file, corrected by people, kept for the next one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from geodata.kinds import kind_of
from service.api.answers_import import ProfileShown, ProfilesShown, ProposalShown
from service.api.answers_quality import UsualShown
from service.api.collections import Name
from service.api.fields import NAMED, Country, Line, Phrase
from service.api.imports import FILE, FileQuery
from service.api.responses import ALWAYS, WRITING, problems
from service.api.submission import Given
from service.disclosure import Consent, Sensitivity
from service.disclosure.imports import redact_dropped
from service.errors import INVALID, KEY_NEEDED, NOT_FOUND, NOT_PERMITTED, Mistake, Problem
from service.http.answers import MEDIA_TYPES, Answer, Format, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened, the_context
from service.http.uploads import UploadRoute, upload_of
from service.importing import profiles
from service.importing.description import describe, key_of
from service.importing.plan import Usual
from service.store.descriptions import Profile
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/collections", tags=["collections"], route_class=Route)
proposing = APIRouter(prefix="/v1/collections", tags=["imports"], route_class=UploadRoute)


class ProfileGiven(Given):
    """How files of one shape are read."""

    name: Line = Field(default="default", description="of the profile; one of this name is replaced")
    headers: list[Line] = Field(min_length=1, max_length=2_000, description="of the files it is for, in any order")
    columns: dict[Line, Line] = Field(
        default={}, max_length=200, description="field to header", json_schema_extra=NAMED
    )
    left_out: list[Line] = Field(default=[], max_length=2_000, description="headers that are not read")


class UsualGiven(Given):
    """What holds for the records of a collection that do not say otherwise."""

    country: Country | None = Field(default=None, description="ISO 3166 code or English name; else its passport's")
    kind: Phrase | None = Field(default=None, description="kind of place, such as village")
    consent: Consent = Field(default=Consent.INTERNAL, description="a row may only be stricter")
    sensitivity: Sensitivity = Field(default=Sensitivity.OPEN, description="a row may only be stricter")

    def usual(self) -> Usual:
        """Return it as a value. Raises `Problem` (invalid) for a kind that is none."""
        kind = kind_of(self.kind)
        if self.kind is not None and kind is None:
            message = f"There is no kind of place {self.kind!r}."
            mistake = Mistake("/kind", message, "Write a kind such as village, school or camp, or leave it out.")
            raise Problem(INVALID, message, errors=[mistake.members()])
        return Usual(self.country, kind, self.consent.value, self.sensitivity.value)


@router.put(
    "/{collection_id}",
    operation_id="describeCollection",
    summary="Say what holds for a collection",
    response_model=UsualShown,
    responses=problems(WRITING),
)
def describe_collection(request: Request, collection_id: Name, given: UsualGiven, by: Calling) -> Response:
    """Say what holds for the records of one of your collections.

    Of files that are imported from now on, what a row does not say comes from here. Consent and sensitivity hold at
    once for every record of the collection, however it came: the stricter of the record's own and the collection's.
    How the records were made stands in the passport.
    """
    usual = describe(the_context(request), collection_id, given.usual(), by)
    return Response(json_text(asdict(usual)), media_type=MEDIA_TYPES[Format.JSON])


@router.get(
    "/{collection_id}/mapping",
    operation_id="listMappings",
    summary="How files of a collection are read",
    response_model=ProfilesShown,
    responses=problems((*ALWAYS, INVALID, KEY_NEEDED, NOT_PERMITTED)),
)
def list_mappings(request: Request, collection_id: Name, calling: Calling, context: Opened) -> Response:
    """Return the saved profiles of one of your collections, the last saved first."""
    found = profiles.saved(context, key_of(calling, collection_id))
    body = {"items": [_shown(profile) for profile in found]}
    return reply(request, calling, Answer(json_text(body)))


@router.put(
    "/{collection_id}/mapping",
    operation_id="saveMapping",
    summary="Save how files of one shape are read",
    response_model=ProfileShown,
    responses=problems(WRITING),
)
def save_mapping(request: Request, collection_id: Name, given: ProfileGiven, by: Calling) -> Response:
    """Save a profile under its name; the next file with the same headers is read by it."""
    wanted = Profile(given.name, tuple(given.headers), given.columns, tuple(given.left_out))
    kept = profiles.save(the_context(request), collection_id, wanted, by)
    return Response(json_text(_shown(kept)), media_type=MEDIA_TYPES[Format.JSON])


@proposing.post(
    "/{collection_id}/mapping/proposal",
    status_code=200,
    operation_id="proposeMapping",
    summary="See how a file would be read",
    response_model=ProposalShown,
    responses=problems((*WRITING, NOT_FOUND)),
    openapi_extra=FILE,
)
def propose_mapping(
    request: Request, collection_id: Name, query: Annotated[FileQuery, Query()], by: Calling
) -> Response:
    """Return for each column of a file the part it would play, with examples; nothing is kept.

    `profile` in the answer is what to correct and to save with PUT. Columns about people are named, never shown.
    """
    found = profiles.propose(the_context(request), upload_of(request, collection_id), query.wish(), by)
    profile = Profile(found.profile or "default", found.headers, found.columns_by_hand, found.left_out)
    body = {
        "profile_used": found.profile,
        "columns": [asdict(column) for column in found.columns],
        "dropped": redact_dropped(asdict(one) for one in found.dropped),
        "profile": _shown(profile),
    }
    return Response(json_text(body), media_type=MEDIA_TYPES[Format.JSON])


def _shown(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "headers": list(profile.headers),
        "columns": dict(profile.columns),
        "left_out": list(profile.left_out),
        "updated_at": profile.updated_at,
    }
