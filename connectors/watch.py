"""A watch over the head of an answer: a server that drips its headers is hung up on.

Time limits of HTTP libraries count from one byte to the next, so a byte a minute outlives them all. Of a body the
client measures the rate; before the headers have ended nothing comes back to measure, and only shutting the
connection ends it.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any

_NEW_CONNECTION = ("connect_tcp.complete", "start_tls.complete")


class HeadTooSlow(Exception):
    """The headers of an answer did not end in time."""


class Watch:
    """Knows the connections of one client, which asks one question at a time.

    Give `trace` to httpx as the extension of that name (https://www.encode.io/httpcore/extensions/#trace): it is told
    about every connection that is made.
    """

    def __init__(self) -> None:
        """Know of none."""
        self._sockets: list[socket.socket] = []
        self._timer: Timer | None = None
        self._ended = False

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember a connection that was made."""
        if event.endswith(_NEW_CONNECTION):
            known = info["return_value"].get_extra_info("socket")
            alive = [one for one in self._sockets if one.fileno() >= 0]
            self._sockets = [*alive, known] if isinstance(known, socket.socket) else alive

    @contextmanager
    def head(self, seconds: float) -> Iterator[None]:
        """Hang up when `arrived` is not called within so many seconds. Raises `HeadTooSlow` then."""
        self._ended = False
        self._timer = Timer(seconds, self._hang_up)
        self._timer.daemon = True
        self._timer.start()
        try:
            yield
        except Exception:
            if self._ended:
                raise HeadTooSlow from None  # the cause holds the request, and with it the key
            raise
        finally:
            self._timer.cancel()

    def arrived(self) -> None:
        """Stop watching: the headers are here."""
        if self._timer is not None:
            self._timer.cancel()

    def _hang_up(self) -> None:
        self._ended = True
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
