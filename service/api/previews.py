"""Dry runs: what an import would do, as its sender may see it."""

from __future__ import annotations

from fastapi import Response

from service.callers.caller import Caller
from service.context import Context
from service.http.answers import MEDIA_TYPES, Format
from service.importing.plan import Upload, Wish
from service.importing.preview import preview
from service.importing.showing import shown
from service.writing.formats import json_text


def answer(context: Context, upload: Upload, wish: Wish, caller: Caller) -> Response:
    """Return the answer to a dry run."""
    found = preview(context, upload, wish, caller)
    head = {"dry_run": True, "collection": upload.collection, "mode": wish.mode.value}
    body = json_text(head | shown(context, found, caller))
    return Response(body, 200, {"Cache-Control": "no-store"}, media_type=MEDIA_TYPES[Format.JSON])
