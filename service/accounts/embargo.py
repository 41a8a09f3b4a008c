"""Embargo: how long a flag that people published waits for its organisation and community before all read it.

It begins when the flag was raised, which is when its organisation is told; how long it lasts says the policy of its
class (`geodata.sensitivity`; methods.md §6.2 takes 30 and 90 days).
"""

from __future__ import annotations

from datetime import timedelta

from geodata import sensitivity as policy
from geodata.taxonomy import SensitivityClass
from service.accounts.account import Sensitivity

_CLASSES = dict(zip(Sensitivity, SensitivityClass, strict=True))


def lasting(sensitivity: str) -> timedelta:
    """Return how long the embargo of a flag lasts whose record is of this class."""
    return timedelta(days=policy.in_force().handlings[_CLASSES[Sensitivity(sensitivity)]].embargo_days)


def shortest() -> timedelta:
    """Return how long the embargo of a flag lasts at least."""
    return min(lengths())


def lengths() -> frozenset[timedelta]:
    """Return how long embargoes last, of every class."""
    return frozenset(timedelta(days=one.embargo_days) for one in policy.in_force().handlings.values())
