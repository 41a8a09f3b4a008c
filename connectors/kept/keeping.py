"""Between a client and the network: what a source publishes as a file is asked for only when it changed.

A file that is kept is asked for with the validator it came with, and given back when the source confirms it (304). One
that broke off is continued (206) from where it was whole, by RFC 9110, sections 13 and 14. Whatever does not fit, a
validator of another state, a range that was not asked for, a body that is too long, begins again from the first byte.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import cast

import httpx

from connectors.kept.bodies import Kept, Passing
from connectors.kept.shelf import FILE, Note, Place, Shelf
from connectors.kept.validators import strong
from connectors.kept.writing import Growing, begun
from connectors.offline.files import address_of
from connectors.redaction import secrets_of

_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
_DESCRIBING = ("Content-Type", "Content-Encoding")
_UNKNOWN = -1  # the size of a body that does not say it, or that is packed on the way: it cannot be continued

_OK, _PARTIAL, _UNCHANGED, _BEYOND = 200, 206, 304, 416


class Keeping(httpx.BaseTransport):
    """Keeps files on a shelf, of sources that need no key; every other question passes as it is."""

    def __init__(self, shelf: Shelf, keys: tuple[str, ...], network: httpx.BaseTransport) -> None:
        """Say where to keep files, which keys the source was given, and through what it is asked."""
        self._shelf = shelf
        self._keys = keys
        self._network = network

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Ask for what is not here yet, and answer with the whole."""
        if not self._keeps(request):
            return self._network.handle_request(request)
        place = self._shelf.place(request)
        return self._continued(request, place) or self._confirmed(request, place) or self._anew(request, place)

    def close(self) -> None:
        """Close the connections."""
        self._network.close()

    def _keeps(self, request: httpx.Request) -> bool:
        """Return whether an answer depends on nothing but an address that anybody may see."""
        secret = self._keys or secrets_of(dict(request.url.params), dict(request.headers))
        plain = not secret and address_of(request) == str(request.url) and "Cookie" not in request.headers
        return request.method == "GET" and FILE in request.extensions and plain

    def _continued(self, request: httpx.Request, place: Place) -> httpx.Response | None:
        """Return the answer to a question for the rest, None where there is no rest to be had."""
        if (found := begun(place)) is None:
            return None
        note, whole, digest = found
        try:
            growing = Growing(place, note, whole, digest)
        except OSError:
            return None
        response = self._ask(request, {"Range": f"bytes={whole}-", "If-Range": note.validator})
        if response.status_code == _PARTIAL and _fits(response, note, whole):
            return _whole_of(response, place, growing)
        growing.leave()
        if response.status_code not in {_OK, _PARTIAL, _BEYOND}:
            return response  # what is there may do another time
        place.forget_part()
        if response.status_code == _OK:
            return _kept(response, request, place)
        response.close()
        return None

    def _confirmed(self, request: httpx.Request, place: Place) -> httpx.Response | None:
        """Return the answer to a question for another state than the one kept, None where none is kept."""
        if (note := place.whole()) is None:
            return None
        response = self._ask(request, dict([note.strong.condition]))
        if response.status_code != _UNCHANGED:
            return _kept(response, request, place)
        response.close()
        if not note.strong.agrees(response.headers):
            place.forget()
            return None
        return httpx.Response(
            _OK,
            headers={**note.headers, "Content-Length": str(note.size)},
            stream=Kept(place.body),
            extensions={"retrieved_at": note.retrieved_at, "confirmed_at": datetime.now(UTC), "held": note.size},
        )

    def _anew(self, request: httpx.Request, place: Place) -> httpx.Response:
        return _kept(self._network.handle_request(request), request, place)

    def _ask(self, request: httpx.Request, headers: dict[str, str]) -> httpx.Response:
        asked = request.headers.copy()
        asked.update(headers)
        question = httpx.Request(request.method, request.url, headers=asked, extensions=request.extensions)
        return self._network.handle_request(question)


def _kept(response: httpx.Response, request: httpx.Request, place: Place) -> httpx.Response:
    """Return an answer that is kept as it is read, or as it is where it says too little of itself to be kept."""
    validator, announced = strong(response.headers), response.headers.get("Content-Length", "")
    measured = announced.isdecimal() or "chunked" in response.headers.get("Transfer-Encoding", "")
    if response.status_code != _OK or validator is None or not measured:
        return response
    packed = response.headers.get("Content-Encoding", "identity") != "identity"
    note = Note(
        address=address_of(request),
        validator=validator.text,
        size=int(announced) if announced.isdecimal() and not packed else _UNKNOWN,
        sha256="",
        retrieved_at=datetime.now(UTC),
        headers={name: response.headers[name] for name in _DESCRIBING if name in response.headers},
    )
    try:
        growing = Growing(place, note, 0, sha256())
    except OSError:  # no room, or another process is at it: the sync goes on without
        return response
    stream = Passing(cast("httpx.SyncByteStream", response.stream), place, growing, note.size)
    return httpx.Response(_OK, headers=response.headers, stream=stream, extensions=response.extensions)


def _whole_of(response: httpx.Response, place: Place, growing: Growing) -> httpx.Response:
    """Return the rest of a body behind what is there of it, as one answer."""
    headers = response.headers.copy()
    for name in ("Content-Range", "Transfer-Encoding"):
        headers.pop(name, None)
    headers["Content-Length"] = str(growing.note.size)
    stream = Passing(cast("httpx.SyncByteStream", response.stream), place, growing, growing.note.size)
    return httpx.Response(_OK, headers=headers, stream=stream, extensions={**response.extensions, "held": growing.size})


def _fits(response: httpx.Response, note: Note, whole: int) -> bool:
    """Return whether this is the rest that was asked for, of the same state, to its end."""
    told = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if told is None or "Content-Encoding" in response.headers or not note.strong.agrees(response.headers):
        return False
    length = response.headers.get("Content-Length", str(note.size - whole))
    right = (whole, note.size - 1, note.size)
    return tuple(map(int, told.groups())) == right and length == str(note.size - whole)
