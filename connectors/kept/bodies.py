"""Bodies as a client reads them: off the disk, off the network and onto the disk, or the one and then the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx

from connectors.kept.shelf import Place, bytes_of
from connectors.kept.writing import Growing


class Kept(httpx.SyncByteStream):
    """A body that is here."""

    def __init__(self, path: Path) -> None:
        """Name its file."""
        self._path = path

    def __iter__(self) -> Iterator[bytes]:
        """Yield it, a part at a time."""
        try:
            yield from bytes_of(self._path)
        except OSError as error:  # as if the connection had been lost: it is asked for again
            msg = f"what was kept cannot be read: {error.strerror}"
            raise httpx.ReadError(msg) from error


class Passing(httpx.SyncByteStream):
    """A body on its way, kept as it passes. A disk that is full does not keep the client from reading it."""

    def __init__(self, body: httpx.SyncByteStream, place: Place, growing: Growing, size: int) -> None:
        """Take what comes, where it is kept, and its size in bytes (-1: not known)."""
        self._body = body
        self._place = place
        self._growing: Growing | None = growing
        self._size = size
        self._whole = growing.size  # bytes that are there already
        self._passed = growing.size

    def __iter__(self) -> Iterator[bytes]:
        """Yield what is there, then what comes. Raises `httpx.RemoteProtocolError` for more or less than announced."""
        if self._whole:
            yield from self._before()
        for part in self._body:
            self._passed += len(part)
            self._keep(part)
            if 0 <= self._size < self._passed:
                self._spoilt("more")
            yield part
        if 0 <= self._size != self._passed:
            self._spoilt("less")
        self._finish()

    def close(self) -> None:
        """Let go of the connection; what came can be continued."""
        self._body.close()
        self._leave()

    def _before(self) -> Iterator[bytes]:
        left = self._whole
        for part in Kept(self._place.part):
            yield part[:left]
            left -= len(part[:left])
            if not left:
                return

    def _keep(self, part: bytes) -> None:
        if self._growing is not None:
            try:
                self._growing.add(part)
            except OSError:
                self._give_up()

    def _finish(self) -> None:
        if self._growing is not None:
            try:
                self._growing.finish()
                self._growing = None
            except OSError:
                self._give_up()

    def _leave(self) -> None:
        """Leave what came for another time, where that can be continued."""
        if self._growing is None:
            return
        if self._size < 0 or self._passed >= self._size:
            self._give_up()
            return
        with suppress(OSError):
            self._growing.mark()
        with suppress(OSError):
            self._growing.leave()
        self._growing = None

    def _give_up(self) -> None:
        if self._growing is not None:
            with suppress(OSError):
                self._growing.leave()
        self._growing = None
        self._place.forget_part()

    def _spoilt(self, what: str) -> None:
        self._give_up()
        msg = f"{what} came than the {self._size:,} bytes that were announced"
        raise httpx.RemoteProtocolError(msg)
