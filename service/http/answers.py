"""How an answer is given: the format asked for, an ETag, and 304 when the caller already has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from service.callers.caller import ANONYMOUS, Caller
from service.errors import NOT_ACCEPTABLE, Problem
from service.writing.spool import Spool


class Format(StrEnum):
    """A way to write an answer, as named in `?f=`."""

    JSON = "json"
    GEOJSON = "geojson"
    CSV = "csv"
    SVG = "svg"
    XLSX = "xlsx"
    HTML = "html"
    PDF = "pdf"


MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.GEOJSON: "application/geo+json",
    Format.CSV: "text/csv; charset=utf-8",
    Format.SVG: "image/svg+xml",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.HTML: "text/html; charset=utf-8",
    Format.PDF: "application/pdf",
}

#: What lists of communities are written as.
LISTED = (Format.JSON, Format.GEOJSON, Format.CSV)


@dataclass(frozen=True, slots=True)
class Answer:
    """A body ready to be sent."""

    body: bytes
    media_type: str = MEDIA_TYPES[Format.JSON]
    headers: dict[str, str] = field(default_factory=dict)
    version: int | None = None  # of the thing answered, where it has one


def format_asked(request: Request, f: Format | None, offered: Sequence[Format] = LISTED) -> Format:
    """Return the format of `?f=`, else the first one of `Accept` among those offered here, else JSON.

    Raises the problem `not-acceptable` when `Accept` leaves none of ours.
    """
    if f is not None:
        return f
    accepted = request.headers.get("accept", "*/*")
    for _, kind in sorted(_weighed(accepted), key=lambda pair: -pair[0]):
        for ours in offered:
            if kind == MEDIA_TYPES[ours].partition(";")[0]:
                return ours
        if kind in {"*/*", "application/*", "text/html"}:  # a browser that came to look gets JSON
            return Format.JSON
    raise Problem(NOT_ACCEPTABLE, f"None of {accepted[:120]!r} can be written here.")


def _weighed(accepted: str) -> list[tuple[float, str]]:
    weighed = []
    for part in accepted.split(","):
        kind, _, parameters = part.partition(";")
        weight = parameters.strip().removeprefix("q=")
        number = float(weight) if weight.replace(".", "", 1).isdecimal() else 1.0
        if number > 0:
            weighed.append((number, kind.strip().lower()))
    return weighed


def reply(request: Request, calling: Caller, answer: Answer) -> Response:
    """Return the answer with an ETag of its content, or 304 when the caller already holds that content."""
    content = blake2b(answer.body, digest_size=12).hexdigest()
    # Weak: the same content may travel compressed or not. With a version, so that If-Match can name it.
    etag = f'W/"{content}"' if answer.version is None else f'W/"{answer.version}.{content}"'
    headers = _headers(calling, etag) | answer.headers | {"ETag": etag}
    if _held(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, media_type=answer.media_type, headers=headers)


def streamed(request: Request, calling: Caller, content: Spool, media_type: str) -> Response:
    """Return a long answer with an ETag of its content, piece by piece, or 304 as `reply` does."""
    headers = _headers(calling, f'W/"{content.digest}"')
    if _held(request.headers.get("if-none-match", ""), headers["ETag"]):
        content.close()
        return Response(status_code=304, headers=headers)
    return StreamingResponse(content.pieces(), media_type=media_type, headers=headers)


def _headers(calling: Caller, etag: str) -> dict[str, str]:
    return {
        "Vary": "Accept, Authorization, X-API-Key, Cookie",
        "Cache-Control": "no-cache" if calling == ANONYMOUS else "private, no-cache",
        "ETag": etag,
    }


def _held(given: str, etag: str) -> bool:
    """Compare weakly (RFC 9110, 13.1.2), which is what If-None-Match asks for."""
    wanted = etag.removeprefix("W/")
    return given.strip() == "*" or any(one.strip().removeprefix("W/") == wanted for one in given.split(","))


def created(body: bytes, location: str, *, anew: bool = True) -> Response:
    """Return something that was just written: 201, or 200 when it was there already, and where it is."""
    headers = {"Location": location, "Cache-Control": "no-store"}
    return Response(body, 201 if anew else 200, headers, media_type=MEDIA_TYPES[Format.JSON])
