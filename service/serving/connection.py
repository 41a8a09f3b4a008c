"""One connection: whoever sends its head too slowly, or does not take the answer, is let go of.

The time between two parts of a body is bounded where bodies are read (`service.http.patience`).
"""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Seconds from the first byte of a request, or from connecting, to the end of its head.
HEAD_S = 20

#: Seconds in which a client that is being sent an answer has to take some of it.
TAKING_S = 60

#: Bytes that the head of a request may have, with its address.
MOST_HEAD = 65_536


class Connection(HttpToolsProtocol):
    """Uvicorn's own connection with limits that it does not have."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Begin with no time running."""
        super().__init__(*arguments, **named)
        self._head: TimerHandle | None = None
        self._taking: TimerHandle | None = None
        self._left = 0  # bytes that were waiting to be taken when it was last looked
        self._head_bytes = 0
        self._in_body = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Wait for a head."""
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Take bytes; the first of a request begin its head."""
        if not self._in_body:
            self._head_bytes += len(data)
            if self._head is None:
                self._wait_for_head()
        super().data_received(data)
        if self._head is not None and self._head_bytes > MOST_HEAD:
            self.send_400_response("The head of the request is too large.")

    def on_headers_complete(self) -> None:
        """Begin to answer; a body has a time of its own."""
        self._head_bytes, self._in_body = 0, True
        _stop(self._head)
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait for the next request."""
        self._in_body = False
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the connection."""
        _stop(self._head)
        _stop(self._taking)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for the client to take what was sent."""
        super().pause_writing()
        if self._taking is None:
            self._left = self.transport.get_write_buffer_size()
            self._taking = self.loop.call_later(TAKING_S, self._look)

    def resume_writing(self) -> None:
        """Go on: the client took it."""
        _stop(self._taking)
        self._taking = None
        super().resume_writing()

    def _look(self) -> None:
        """Go on waiting for a client that took something; the others are let go of."""
        left = self.transport.get_write_buffer_size()
        if left >= self._left:
            self.transport.abort()
            return
        self._left = left
        self._taking = self.loop.call_later(TAKING_S, self._look)

    def _wait_for_head(self) -> None:
        self._head = self.loop.call_later(HEAD_S, self.transport.abort)


def _stop(timer: TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
