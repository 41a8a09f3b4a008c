"""What one look at an installation came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from service.errors import Problem


class State(StrEnum):
    """How it stands with one thing."""

    WELL = "well"
    MIND = "mind"  # nothing is broken, but somebody should know
    WRONG = "wrong"
    UNKNOWN = "unknown"  # could not be looked at, because of something else that is wrong


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, how it stands, what was seen, and how to mend it where it is not well."""

    what: str
    state: State
    seen: str
    mend: str = ""


def well(what: str, seen: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(what, State.WELL, seen)


def looked(what: str, look: Callable[[], Finding], mend: str) -> Finding:
    """Return what a look came to; one that fails is a finding too, whatever it fails with."""
    try:
        return look()
    except Problem as problem:
        return Finding(what, State.WRONG, problem.detail, mend)
    except Exception as error:  # noqa: BLE001 - a doctor looks at what is broken, and breaking is what it finds
        return Finding(what, State.WRONG, f"{type(error).__name__}: {str(error).partition(chr(10))[0]}", mend)
