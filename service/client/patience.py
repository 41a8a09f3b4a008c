"""How often the client asks again, and when: as the service says, else a little later each time.

Everything the client sends may be sent twice: reading changes nothing, and what is posted carries an Idempotency-Key,
an identifier of its own, or is a file that changes nothing when it comes again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

_AGAIN = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the client tries. Times in seconds."""

    attempts: int = 6  # of one request, the first among them
    longest_wait: float = 60.0  # between two; where the service asks for more, its answer is raised at once
    connect: float = 10.0
    answer: float = 120.0  # from asking to the first byte, and between two

    @property
    def timeout(self) -> httpx.Timeout:
        """As httpx takes it."""
        return httpx.Timeout(self.answer, connect=self.connect)

    def hook(self) -> Callable[[Exception], bool | float]:
        """Return what decides whether to ask again after an error, and after how many seconds."""

        def again(error: Exception) -> bool | float:
            if isinstance(error, httpx.TransportError):
                return True
            if not isinstance(error, Later):
                return False
            if error.wait_s is None:
                return True
            return error.wait_s if error.wait_s <= self.longest_wait else False

        return again


class Later(Exception):
    """An answer that may be another one in a moment."""

    def __init__(self, response: httpx.Response) -> None:
        """Keep it: should it stay so, it is what is told."""
        super().__init__(f"HTTP {response.status_code}")
        self.response = response
        self.wait_s = seconds_of(response.headers.get("retry-after"))


def settled(response: httpx.Response) -> httpx.Response:
    """Return an answer that will not change by asking again. Raises `Later` for any other."""
    if response.status_code in _AGAIN:
        raise Later(response)
    return response


def seconds_of(retry_after: str | None) -> float | None:
    """Read Retry-After, which is seconds or a date; None when it is neither."""
    if retry_after is None:
        return None
    seconds = retry_after.strip()
    if seconds.isdecimal():
        return float(seconds)
    try:
        at = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):  # a day, or a year, that no calendar has
        return None
    return max(0.0, (at - datetime.now(UTC)).total_seconds()) if at.tzinfo else None
