"""Embargo: how long a flag that people published waits for its organisation and community before all read it."""

from __future__ import annotations

from datetime import timedelta

#: Days from the moment a flag was raised, which is when its organisation is told (methods.md §6.2 takes 30 and 90).
DAYS = 30

#: Where showing a community could do more harm, it and its organisation have three times as long.
_TIMES = {"restricted": 3, "closed": 3}


class _Installed:
    """The embargo of this process. A rule about who may be shown has to hold at every door, whoever opens it."""

    days: int = DAYS


def install(days: int) -> None:
    """Put an embargo of so many days in force, in this process, from now on."""
    _Installed.days = days


def lasting(sensitivity: str) -> timedelta:
    """Return how long the embargo of a flag lasts whose record is of this class."""
    return timedelta(days=_Installed.days * _TIMES.get(sensitivity, 1))


def shortest() -> timedelta:
    """Return how long the embargo of a flag lasts at least."""
    return timedelta(days=_Installed.days)
