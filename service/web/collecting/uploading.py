"""A file on its way from a page: taken in, held until its sender has looked at the preview, and then imported.

Between the two forms nothing is kept but the file. That it is theirs the second form proves by a seal, which follows
from the secret of their browser; a file nobody comes back for is swept away (`service.importing.uploads`).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from service.callers.caller import Right
from service.callers.permission import not_permitted
from service.errors import FORGED, INVALID, KEY_NEEDED, Mistake, Problem
from service.http.callers import the_context
from service.http.forms import FormWithFile
from service.http.seats import Seat, require_own_form
from service.http.uploads import one_of_few, plain_name, write
from service.importing import uploads
from service.importing.plan import Mode, Upload, Wish
from service.login.sessions import FORGERY_FIELD
from service.running import disk
from service.web.reader import PageReader

#: Where a file was swept away before its sender came back.
GONE = "The file is no longer here: nobody came back for it in time. Send it again."

_ID = re.compile("[0-9a-f]{32}")
_COLUMN = "column."  # how fields of the form begin that say what a column is


@dataclass(frozen=True, slots=True)
class Held:
    """A file that waits for its sender's word, and how they want it read."""

    upload: Upload
    wish: Wish
    seal: str


def sender(reader: PageReader) -> Seat:
    """Return who sends through a form. Raises `Problem`: key needed, not permitted, not from here for a program."""
    if reader.seat is None:
        raise Problem(KEY_NEEDED, "To send a file, open your collections with a key or sign in first.")
    if not reader.caller.holds(Right.SEND):
        raise not_permitted(reader.caller, Right.SEND)
    if reader.seat.token is None:
        raise Problem(FORGED, "Forms are for browsers; a program sends the file to the API.")
    return reader.seat


async def take(request: Request, reader: PageReader, collection: str) -> Held:
    """Take in the file of a form. Raises `Problem`: as `sender`, not from here, invalid without a file, too large."""
    found, context = sender(reader), the_context(request)
    form = FormWithFile(request)
    fields, given = await form.fields()
    require_own_form(request, found, fields.get(FORGERY_FIELD, ""))  # before anything of the file is on the disk
    name = plain_name(given or "")
    if not name:
        wrong = Mistake("/file", "No file was chosen.", "Choose a spreadsheet, a CSV or an export of your survey.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])
    with one_of_few(request, reader.caller.key_id):
        import_id, path = await run_in_threadpool(uploads.fresh, context)
        try:
            with disk.written():
                size = await write(context.settings, form.file(), path)
        except BaseException:
            await run_in_threadpool(uploads.remove, context, import_id)
            raise
    upload = Upload(import_id, path, name, collection)
    if not size:
        await run_in_threadpool(uploads.remove, context, import_id)
        wrong = Mistake("/file", "The file is empty.", "Choose another one.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])
    return Held(upload, _wish(fields), _seal(found, upload))


def held(request: Request, reader: PageReader, sent: tuple[str, Mapping[str, str]]) -> Held:
    """Return the file that a second form (collection, fields) speaks of.

    Raises `Problem`: as `sender`, not from here. The file may be gone meanwhile.
    """
    found, (collection, fields) = sender(reader), sent
    require_own_form(request, found, fields.get(FORGERY_FIELD, ""))
    import_id, name = fields.get("upload", ""), plain_name(fields.get("name", ""))
    if not _ID.fullmatch(import_id):
        raise Problem(FORGED, "This form does not say which file it is about.")
    upload = Upload(import_id, uploads.path_of(the_context(request), import_id), name, collection)
    if not hmac.compare_digest(fields.get("seal", "").encode(), _seal(found, upload).encode()):
        raise Problem(FORGED, "This file was not sent from this browser.")
    return Held(upload, _wish(fields), fields["seal"])


def _wish(fields: Mapping[str, str]) -> Wish:
    mode = fields.get("mode", "")
    columns = {
        field.strip(): name.removeprefix(_COLUMN)
        for name, field in fields.items()
        if name.startswith(_COLUMN) and field.strip()
    }
    return Wish(
        Mode(mode) if mode in set(Mode) else Mode.APPEND, columns, None, fields.get("sheet", "").strip() or None
    )


def _seal(found: Seat, upload: Upload) -> str:
    told = f"{upload.import_id}\0{upload.collection}\0{upload.name}"
    return hmac.new((found.token or "").encode(), f"upload\0{told}".encode(), sha256).hexdigest()
