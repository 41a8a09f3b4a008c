"""What an answer is, before anybody parses it. An HTTP status alone does not say: sources answer errors with 200."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from connectors.errors import AccessRefused, RequestRefused, SourceChanged, SourceUnavailable


class Outcome(StrEnum):
    """The six things an answer can be; only `OK` reaches a parser."""

    OK = "ok"
    NO_DATA = "no_data"  # the question is right and the answer is: nothing
    INVALID_REQUEST = "invalid_request"
    ACCESS_PROBLEM = "access_problem"
    RETRYABLE = "retryable"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Classified:
    """An outcome, and what the source said about it in its own words."""

    outcome: Outcome
    said: str = ""


_FAILURES = {
    Outcome.INVALID_REQUEST: RequestRefused,
    Outcome.ACCESS_PROBLEM: AccessRefused,
    Outcome.RETRYABLE: SourceUnavailable,
    Outcome.CHANGED: SourceChanged,
}
_HINTS = {
    Outcome.INVALID_REQUEST: "check the codes, the period and the source asked for",
    Outcome.ACCESS_PROBLEM: "check the key",
    Outcome.RETRYABLE: "try again later; what was fetched before stays in use",
    Outcome.CHANGED: "what was fetched before stays in use; tell the maintainers of the connector",
}


def require(classified: Classified, *, source: str, asked: str, hint: str | None = None) -> bool:
    """Return whether there is data; raise the matching `ConnectorError` when there should be and is not.

    `asked` names the question in a few words, without secrets.
    """
    failure = _FAILURES.get(classified.outcome)
    if failure is None:
        return classified.outcome is Outcome.OK
    msg = f"{asked}: {classified.said}" if classified.said else asked
    raise failure(msg, source=source, hint=hint or _HINTS[classified.outcome])


def text(value: Any) -> str:
    """Return a text as it is. Raises `TypeError` for anything else, for `agreed_shape` to tell."""
    if not isinstance(value, str):
        msg = f"{value!r} is no text"
        raise TypeError(msg)
    return value


@contextmanager
def agreed_shape(source: str, what: str) -> Iterator[None]:
    """Turn the stumble of a parser over an answer of another shape into `SourceChanged`."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        msg = f"{what} no longer has the agreed shape: {type(error).__name__} {error}"
        raise SourceChanged(msg, source=source, hint=_HINTS[Outcome.CHANGED]) from error
