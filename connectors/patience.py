"""How often a source is asked again, and when: as it says itself, else a little later each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom

import httpx
from stamina.instrumentation import set_on_retry_hooks

#: How often a question is asked at most.
TRIES = 5

#: What a failure means for whoever waits; the more particular first.
_MEANING: dict[type[httpx.RequestError], str] = {
    httpx.ConnectTimeout: "no connection came about in time",
    httpx.ConnectError: "it cannot be reached from here",
    httpx.ReadTimeout: "it stopped sending",
    httpx.RemoteProtocolError: "its answer broke off",
    httpx.ReadError: "the connection was lost",
    httpx.DecodingError: "its answer cannot be unpacked",
}

_LONGEST_WAIT_S = 120.0  # a source that asks for more is asked again at the next sync


class Later(Exception):
    """The source asks to come back, perhaps saying when."""

    def __init__(self, status: int, retry_after: str | None) -> None:
        """Take the status and the header Retry-After."""
        super().__init__(f"HTTP {status}")
        self.wait_s = seconds_of(retry_after)


class Failed(Exception):
    """No answer came, or none that can be unpacked; `passing` says whether that may be otherwise in a moment."""

    def __init__(self, said: str, *, passing: bool) -> None:
        """Say what happened, without secrets."""
        super().__init__(said)
        self.passing = passing


def told(error: httpx.RequestError) -> str:
    """Return what went wrong in plain words, with the library's own behind them for whoever mends it."""
    own = f"{type(error).__name__} {error}".strip()
    meanings = [words for kind, words in _MEANING.items() if isinstance(error, kind)]
    return f"{meanings[0]} ({own})" if meanings else own


def tell_retries(hear: Callable[[str, float], None]) -> None:
    """Have every wait before another try told in this process, with what went wrong and the seconds, and not logged."""
    set_on_retry_hooks([lambda details: hear(str(details.caused_by), details.wait_for)])


def wait(error: Exception) -> bool | float:
    """Decide whether to ask again, and after how many seconds where the source said so."""
    if isinstance(error, Later):
        if error.wait_s is None:
            return True
        return error.wait_s + SystemRandom().random() if error.wait_s <= _LONGEST_WAIT_S else False
    return isinstance(error, Failed) and error.passing


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
