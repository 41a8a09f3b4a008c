"""Patience: when a message goes again that was not received, and when an address is given up."""

from __future__ import annotations

from datetime import timedelta
from random import SystemRandom

#: How long after each attempt the next one follows: ten of them in 75 hours, as Standard Webhooks advises.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)

ATTEMPTS = len(WAITS) + 1

#: How long nothing is sent at most to an address that failed, so that what is new goes soon after it is back.
LONGEST_REST = timedelta(minutes=10)

#: What a receiver may ask for at most (Retry-After).
LONGEST_ASKED = timedelta(days=1)

_JITTER = 0.2  # a fifth longer at most, so that those who failed together do not come together again


def wait(attempts: int, asked_s: float | None = None) -> timedelta | None:
    """Return how long after so many attempts the next one follows; None: it was the last.

    What the receiver asks for, in seconds, is waited at least.
    """
    if attempts >= ATTEMPTS:
        return None
    usual = WAITS[attempts - 1] * (1 + _JITTER * SystemRandom().random())
    return max(usual, _asked(asked_s))


def rest(failures: int, asked_s: float | None = None) -> timedelta:
    """Return for how long nothing is sent to an address at which so many attempts failed, one after the other."""
    return max(min(WAITS[min(failures, len(WAITS)) - 1], LONGEST_REST), _asked(asked_s))


def _asked(seconds: float | None) -> timedelta:
    return min(timedelta(seconds=min(seconds or 0.0, LONGEST_ASKED.total_seconds())), LONGEST_ASKED)
