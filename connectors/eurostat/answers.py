"""What Eurostat answers, told apart before it is read.

Contract: https://ec.europa.eu/eurostat/web/user-guides/data-browser/api-data-access/api-detailed-guidelines. What is
read with care: errors come as an object or as a list, their status as a number or as a text; a status of 413 asks to
come back in a minute, unless it says that the extraction is too big; a wrong code may be answered with no values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.client import Answer
from connectors.documents import loads
from connectors.outcomes import Classified, Outcome

SOURCE = "eurostat"

_LATER = "ASYNCHRONOUS_RESPONSE"
_LATER_S = 45.0  # the guide says half a minute to a minute


def later(answer: Answer) -> float | None:
    """Return how many seconds Eurostat wants to prepare an extraction; None for any other answer."""
    return _LATER_S if _LATER in answer.text[:2000] else None


def classify(answer: Answer) -> Classified:
    """Return what an answer is."""
    if where := answer.headers.get("location"):
        return Classified(Outcome.CHANGED, f"HTTP {answer.status}, sent on to {where}")
    try:
        document = loads(answer.text)
    except ValueError:
        what = "a page" if answer.text.lstrip().startswith("<") else "a body that is not JSON"
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with {what}")
    if not isinstance(document, dict):
        return Classified(Outcome.CHANGED, "the answer is not a JSON-stat dataset")
    if (said := _said(document)) is not None:
        return said
    if answer.status != 200 or document.get("class") != "dataset":  # noqa: PLR2004 - HTTP
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with something else than a JSON-stat dataset")
    return Classified(Outcome.OK if _holds_something(document) else Outcome.NO_DATA)


def _holds_something(document: Mapping[str, Any]) -> bool:
    """Return whether there is a value, or a flag in place of one: what is all confidential is an answer."""
    values = document.get("value") or ()
    given = values.values() if isinstance(values, Mapping) else values
    return bool(document.get("status")) or any(value is not None for value in given)


def _said(document: Mapping[str, Any]) -> Classified | None:
    """Return what an error or a warning says; None where there is neither."""
    held = document.get("error", document.get("warning"))
    notes = [one for one in (held if isinstance(held, list) else [held]) if isinstance(one, Mapping)]
    if not notes:
        return None
    words = "; ".join(str(note.get("label", note.get("status", "an error without words"))) for note in notes)
    statuses = {str(note.get("status", "")) for note in notes}
    if _LATER in words:
        return Classified(Outcome.RETRYABLE, "the extraction is being prepared")
    if any(status.startswith("5") for status in statuses):
        return Classified(Outcome.RETRYABLE, words)
    return Classified(Outcome.INVALID_REQUEST, words)
