"""A body as it comes: measured, kept whole or in a file, and left when it never ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING, BinaryIO

import httpx

from connectors.errors import SourceChanged, SourceUnavailable
from connectors.progress import Progress, silent

if TYPE_CHECKING:
    from hashlib import _Hash

_PATIENCE_S = 60.0  # after so long a body must have come at _SLOWEST or faster, else it is a drip that never ends
_SLOWEST = 1_000  # bytes a second, a tenth of a poor modem line
_HEAD = 65_536  # bytes of a saved body that stay in the answer, enough to tell what it is


@dataclass
class Body:
    """A body as it comes: measured, and kept whole, or in a file with only its head beside it."""

    most: int  # bytes
    file: BinaryIO | None = None
    progress: Progress = silent
    size: int = 0
    digest: _Hash = field(default_factory=sha256)
    kept: bytearray = field(default_factory=bytearray)

    def receive(self, response: httpx.Response, source: str) -> None:
        """Take all of it, in bounded time. Raises `SourceChanged` for too much, `SourceUnavailable` for a drip."""
        announced = response.headers.get("Content-Length", "")
        total = int(announced) if announced.isdecimal() and "Content-Encoding" not in response.headers else None
        who, began = response.request.url.host, monotonic()
        held = int(response.extensions.get("held", 0))  # bytes that are here from before, and come first
        counted = _words(response, held)
        for part in response.iter_bytes():
            self._take(part)
            fresh = response.num_bytes_downloaded - held if held else self.size
            if fresh > 0 or self.size == total:
                self.progress(self.size, total, counted)
            else:
                began = monotonic()
            if self.size > self.most:
                msg = f"{who} sent more than {self.most:,} bytes"
                raise SourceChanged(msg, source=source, hint="ask for less, or raise the limit")
            taken = monotonic() - began
            if taken > _PATIENCE_S and fresh < taken * _SLOWEST:
                msg = f"{who} sent {fresh:,} bytes in {taken:.0f} s and was not done"
                raise SourceUnavailable(msg, source=source, hint="try again later, or fetch the file by hand")

    def _take(self, part: bytes) -> None:
        self.size += len(part)
        self.digest.update(part)
        if self.file is None:
            self.kept += part
            return
        self.kept += part[: max(0, _HEAD - len(self.kept))]
        self.file.write(part)


def _words(response: httpx.Response, held: int) -> str:
    if "confirmed_at" in response.extensions:
        return "bytes kept, unchanged"
    return f"bytes fetched, continued at {held:,}" if held else "bytes fetched"
