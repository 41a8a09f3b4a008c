"""Taking in files: streamed to a private place on the disk, never held in memory, given up as soon as too large."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path, PureWindowsPath
from typing import Any, BinaryIO

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from service.configuration.settings import Settings
from service.errors import MALFORMED, RATE_LIMITED, TOO_LARGE, UNSUPPORTED, Problem
from service.http.callers import caller, needs_some_key, the_context
from service.http.contract import refuse_unknown_parameters
from service.http.patience import parts
from service.importing import uploads
from service.importing.plan import Upload
from service.running import disk

_AGAIN_S = 5  # until a key that sends too many files at once may try again
_AT_ONCE = 1 << 20  # bytes written in one go
_LONGEST_NAME = 200
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")

#: What a file is called that says only what it is; what it is in truth its content tells.
ENDINGS = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/geo+json": "geojson",
    "application/zip": "zip",
    "application/geopackage+sqlite3": "gpkg",
    "application/vnd.google-earth.kml+xml": "kml",
    "application/vnd.apache.parquet": "parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/octet-stream": "",
}


class UploadRoute(APIRoute):
    """A route whose body is a file. `upload_of` gives it; the route removes it unless somebody calls `keep_upload`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the file on the disk before the framework answers."""
        answer = super().get_route_handler()
        template = self.path_format

        async def handle(request: Request) -> Response:
            given = [name for name, _ in request.query_params.multi_items()]
            refuse_unknown_parameters(request.app, template, (request.method, given))
            needs_some_key(request)
            calling = await caller(request, None, None)  # first: nobody unknown fills the disk
            with one_of_few(request, calling.key_id):
                return await received(request)

        async def received(request: Request) -> Response:
            import_id, path = await run_in_threadpool(uploads.fresh, the_context(request))
            request.state.upload_kept = False
            try:
                with disk.written():
                    await _receive(request, path)
                request.state.upload = Upload(import_id, path, _name(request), "")
                async with request.app.state.writing[template]:
                    return await answer(request)
            finally:
                if not request.state.upload_kept:
                    await run_in_threadpool(uploads.remove, the_context(request), import_id)

        return handle


@contextmanager
def one_of_few(request: Request, key_id: str | None) -> Iterator[None]:
    """Let a key send only so many files at the same time. Raises the problem `rate-limited`."""
    sending: Counter[str | None] = request.app.state.uploads
    most = the_context(request).settings.uploads_at_once
    if sending[key_id] >= most:
        detail = f"Your key is sending {most} files already, which is the most at the same time."
        raise Problem(RATE_LIMITED, detail, retry_after=_AGAIN_S)
    sending[key_id] += 1
    try:
        yield
    finally:
        sending[key_id] -= 1
        if not sending[key_id]:
            del sending[key_id]


def upload_of(request: Request, collection: str) -> Upload:
    """Return the file that was sent for a collection."""
    upload: Upload = request.state.upload
    return replace(upload, collection=collection)


def keep_upload(request: Request) -> None:
    """Leave the file where it lies: an import goes on with it."""
    request.state.upload_kept = True


async def _receive(request: Request, path: Path) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("multipart/"):
        detail = "A form is not read here; send the file itself as the body, as `curl --data-binary @file.csv` does."
        raise Problem(UNSUPPORTED, detail)
    settings = the_context(request).settings
    most = settings.import_max_bytes
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large(most)
    disk.require_room(settings, int(announced) if announced.isdecimal() else 0)
    if not await write(settings, parts(request), path):
        raise Problem(MALFORMED, "There is no body; send the file itself, as `curl --data-binary @file.csv` does.")


async def write(settings: Settings, pieces: AsyncIterator[bytes], path: Path) -> int:
    """Put what comes into a new file, some at a time, and return its size in bytes.

    Raises `Problem`: too large, storage full, and what the pieces raise.
    """
    most = settings.import_max_bytes
    size, waiting = 0, bytearray()
    with path.open("xb") as file:
        async for part in pieces:
            size += len(part)
            if size > most:
                raise _too_large(most)
            waiting += part
            if len(waiting) >= _AT_ONCE:
                await run_in_threadpool(file.write, bytes(waiting))
                waiting.clear()
                disk.require_room(settings)  # a body that does not say how long it is
        file.write(waiting)
        await run_in_threadpool(_settle, file)
    return size


def _settle(file: BinaryIO) -> None:
    """Have a file on the disk before anybody is told that it lies here: after a power cut it would be half a file."""
    file.flush()
    os.fsync(file.fileno())


def _too_large(most: int) -> Problem:
    return Problem(TOO_LARGE, f"The file is larger than {most:,} bytes, the most that is imported here.")


def _name(request: Request) -> str:
    """Return what people call the file: by the query, by Content-Disposition, else by what it is said to be."""
    message = EmailMessage()
    # Next to line feeds, U+0085 and its like end a line for Python, and a header of several lines is refused.
    message["Content-Disposition"] = _UNSEEN.sub(" ", request.headers.get("content-disposition", "")[:2_000])
    given = request.query_params.get("name") or message.get_filename() or ""
    if name := plain_name(given):
        return name
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    ending = ENDINGS.get(kind, "")
    return f"upload.{ending}" if ending else "upload"


def plain_name(given: str) -> str:
    """Return what people call a file, without directories and what cannot be seen; empty where nothing is left."""
    return _UNSEEN.sub("", PureWindowsPath(given).name).strip()[-_LONGEST_NAME:]
