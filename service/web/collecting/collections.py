"""The pages of collections: which there are, what each is worth and why, and where its files are sent from."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from service.callers.caller import Right
from service.errors import FORGED, KEY_UNKNOWN, NOT_FOUND, NOT_PERMITTED, Problem
from service.http.seats import form_of, leave, open_with_key, put, require_own_form
from service.login.sessions import FORGERY_FIELD
from service.web.reader import PageReader, reader_of

router = APIRouter(prefix="/collections", include_in_schema=False)

Form = Annotated[dict[str, str], Depends(form_of)]

_SEE_OTHER = 303
_UNSTORED = {"Cache-Control": "no-store"}
_IMPORTS = "20"  # the newest are the last of the list; the API has all


@router.get("")
async def collections_page(request: Request) -> Response:
    """List the collections the reader may see, and their files; whoever is unknown can sign in or type in a key."""
    return await _collections(await reader_of(request))


@router.post("/open")
async def begin(request: Request, form: Form) -> Response:
    """Open the pages with a key, where people do not sign in."""
    if request.app.state.desk is not None:
        raise Problem(NOT_FOUND, "People sign in here: keys are for programs.")
    try:
        token = await run_in_threadpool(open_with_key, request, form.get("key", ""), Right.SEND)
    except Problem as refused:
        if refused.kind not in {KEY_UNKNOWN, NOT_PERMITTED, FORGED}:
            raise
        return await _collections(await reader_of(request), refused)
    answer = RedirectResponse("/collections", _SEE_OTHER, _UNSTORED)
    put(request, answer, token)
    return answer


@router.post("/leave")
async def end(request: Request, form: Form) -> Response:
    """End the session of a key in this browser."""
    reader = await reader_of(request)
    answer = RedirectResponse("/collections", _SEE_OTHER, _UNSTORED | {"Clear-Site-Data": '"cache"'})
    if reader.seat is not None:
        require_own_form(request, reader.seat, form.get(FORGERY_FIELD, ""))
        await run_in_threadpool(leave, request, answer)
    return answer


@router.get("/{collection_id}")
async def collection_page(request: Request, collection_id: str) -> Response:
    """Show one collection: what is declared of it, its grade and what would raise it, and how to send a file."""
    reader = await reader_of(request)
    whose = request.query_params.get("organisation", "").strip()
    query = [("organisation", whose)] if whose else []
    shown = await reader.ask(f"/v1/collections/{collection_id}", query)
    own = shown["organisation"] == reader.caller.organisation
    return await reader.show("collection.html", {"collection": shown, "own": own, "problem": None}, forms=True)


async def _collections(reader: PageReader, refused: Problem | None = None) -> Response:
    told = await reader.ask("/v1/collections")
    jobs = await reader.ask("/v1/imports", [("limit", _IMPORTS)]) if reader.sends else {"items": [], "next": None}
    values = {"items": told["items"], "jobs": list(reversed(jobs["items"])), "more": jobs["next"], "problem": refused}
    status = refused.kind.status if refused else 200
    return await reader.show("collections.html", values, forms=True, status=status)
