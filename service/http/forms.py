"""Forms with a file, as browsers send them (RFC 7578): read as they come, the file never held in memory."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from fastapi import Request

from service.errors import MALFORMED, TOO_LARGE, UNSUPPORTED, Problem
from service.http.patience import parts

_LONGEST_HEAD = 8_000  # bytes of the headers of one part
_LONGEST_FIELDS = 20_000  # of all fields that are no file
_BOUNDARY = re.compile(r'boundary="?([A-Za-z0-9\'()+_,./:=? -]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(r'[;\s]name="([^"]*)"')
_FILE_NAME = re.compile(r'filename="([^"]*)"')
_LINE = b"\r\n"
_END = "The form ended before it was whole; send it again."


@dataclass(frozen=True, slots=True)
class Begun:
    """A part begins."""

    name: str
    file_name: str | None  # None: a field


Piece = Begun | bytes  # bytes are of the part that began last


class Multipart:
    """What a body of multipart/form-data says, piece by piece, whatever pieces it comes in."""

    def __init__(self, boundary: str) -> None:
        """Name what stands between two parts."""
        self._between = b"\r\n--" + boundary.encode()
        self._held = bytearray(_LINE)  # so that the first boundary is like the others
        self._inside = False
        self.ended = False

    def feed(self, some: bytes) -> Iterator[Piece]:
        """Yield what further bytes say. Raises `Problem` (malformed) for a part without a name."""
        self._held += some
        while not self.ended:
            at = self._held.find(self._between)
            if at < 0:
                yield from self._content(max(0, len(self._held) - len(self._between) + 1))
                return
            head = at + len(self._between)
            if self._held[head : head + 2] == b"--":
                yield from self._content(at)
                self.ended = True
                return
            end = self._held.find(b"\r\n\r\n", head)
            if (end if end >= 0 else len(self._held)) - head > _LONGEST_HEAD:
                raise Problem(MALFORMED, "A part of the form has headers without end.")
            if end < 0:
                yield from self._content(at)
                return
            yield from self._content(at)
            begun = _begun(bytes(self._held[head - at : end - at]))
            del self._held[: end - at + 4]
            self._inside = True
            yield begun

    def _content(self, until: int) -> Iterator[bytes]:
        content = bytes(self._held[:until])
        del self._held[:until]
        if content and self._inside:
            yield content


class FormWithFile:
    """A form whose fields come before its one file, as the pages here put them."""

    def __init__(self, request: Request) -> None:
        """Begin to read. Raises `Problem` (unsupported media type) for what is no form with a file."""
        kind = request.headers.get("content-type", "")
        found = _BOUNDARY.search(kind) if kind.lower().startswith("multipart/form-data") else None
        if found is None:
            raise Problem(UNSUPPORTED, "This takes a form with a file, as the page sends it.")
        self._pieces = _pieces(request, Multipart(found[1]))

    async def fields(self) -> tuple[dict[str, str], str | None]:
        """Return the fields that stand before the file, and what people call that; None where there is no file.

        Raises `Problem`: malformed, too large, too slow.
        """
        fields: dict[str, bytearray] = {}
        last, size = bytearray(), 0
        async for piece in self._pieces:
            if isinstance(piece, bytes):
                size += len(piece)
                if size > _LONGEST_FIELDS:
                    raise Problem(TOO_LARGE, f"The fields of the form are larger than {_LONGEST_FIELDS:,} bytes.")
                last += piece
            elif piece.file_name is None:
                last = fields.setdefault(piece.name, bytearray())
            else:
                return _texts(fields), piece.file_name
        return _texts(fields), None

    async def file(self) -> AsyncIterator[bytes]:
        """Yield the file. Raises `Problem` as above."""
        async for piece in self._pieces:
            if not isinstance(piece, bytes):
                return
            yield piece


async def _pieces(request: Request, reading: Multipart) -> AsyncIterator[Piece]:
    async for some in parts(request):
        for piece in reading.feed(some):
            yield piece
        if reading.ended:
            return  # what somebody sends after the end is read by nobody, and held by nobody
    raise Problem(MALFORMED, _END)


def _begun(head: bytes) -> Begun:
    for line in head.decode("utf-8", "replace").split("\r\n"):
        if line.lower().startswith("content-disposition:"):
            name, file_name = _NAME.search(line), _FILE_NAME.search(line)
            if name is not None:
                return Begun(name[1], file_name[1].replace("%22", '"') if file_name else None)
    raise Problem(MALFORMED, "A part of the form has no name.")


def _texts(fields: dict[str, bytearray]) -> dict[str, str]:
    return {name: bytes(value).decode("utf-8", "replace") for name, value in fields.items()}
