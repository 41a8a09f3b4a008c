"""What the Web Data Service answers: classified first, then its items, each of which succeeded or failed by itself.

Contract: https://www.statcan.gc.ca/en/developers/wds/user-guide. What is read with care: an item may have failed inside
an answer of status 200, and inside an item that says SUCCESS there is a status of its own; tables are locked every
working day until 08:30 Eastern time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.client import Answer
from connectors.documents import loads
from connectors.outcomes import Classified, Outcome, agreed_shape

SOURCE = "statcan"

#: `responseStatusCode` of an item, and what it is.
_CODES = {
    1: (Outcome.INVALID_REQUEST, "invalid date"),
    2: (Outcome.INVALID_REQUEST, "invalid combination of table and series"),
    3: (Outcome.RETRYABLE, "the request failed"),
    4: (Outcome.INVALID_REQUEST, "invalid vector"),
    5: (Outcome.INVALID_REQUEST, "invalid table"),
    6: (Outcome.RETRYABLE, "the table is being published"),
    7: (Outcome.INVALID_REQUEST, "the table is not available"),
    8: (Outcome.INVALID_REQUEST, "invalid number of periods"),
}
_LOCKED = "tables are locked until 08:30 Eastern time"
_SUCCESS = "SUCCESS"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an answer: what was asked for, or why it failed."""

    found: Classified
    object: Mapping[str, Any]

    @property
    def usable(self) -> bool:
        """Whether it holds what was asked for."""
        return self.found.outcome is Outcome.OK


def classify(answer: Answer) -> Classified:
    """Return what an answer is; one that holds an item to be asked for later is none yet."""
    if (found := _by_status(answer)) is not None:
        return found
    try:
        document = loads(answer.text)
    except ValueError:
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with a body that is not JSON")
    items = document if isinstance(document, list) else [document]
    if not items or not all(isinstance(one, dict) and "status" in one and "object" in one for one in items):
        return Classified(Outcome.CHANGED, "the answer is not a list of status and object")
    found_all = [_item(one).found for one in items]
    later = [one for one in found_all if one.outcome is Outcome.RETRYABLE]
    usable = [one for one in found_all if one.outcome is Outcome.OK]
    return (later or usable or found_all)[0]


def read_items(answer: Answer) -> list[Item]:
    """Return the items of an answer that `classify` found usable, failed ones among them, in the order asked for."""
    with agreed_shape(SOURCE, "the answer"):
        document = loads(answer.text, parse_float=Decimal)
        return [_item(one) for one in (document if isinstance(document, list) else [document])]


def _by_status(answer: Answer) -> Classified | None:
    if where := answer.headers.get("location"):
        return Classified(Outcome.CHANGED, f"HTTP {answer.status}, sent on to {where}")
    text = answer.text.strip()
    if answer.status == 409 or (answer.status == 404 and '"object"' in text):  # noqa: PLR2004 - HTTP
        return Classified(Outcome.RETRYABLE, f"{_LOCKED} (HTTP {answer.status})")
    if answer.status == 404:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.CHANGED, "the method is not known (HTTP 404)")
    if text.startswith("<"):
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with a page instead of data")
    if answer.status not in {200, 400}:
        return Classified(Outcome.CHANGED, f"HTTP {answer.status}")
    return None


def _item(said: Mapping[str, Any]) -> Item:
    held = said["object"]
    code = held.get("responseStatusCode", 0) if isinstance(held, dict) else 0
    if not isinstance(code, int):
        return Item(Classified(Outcome.CHANGED, f"responseStatusCode is {code!r}"), {})
    if said["status"] == _SUCCESS and code == 0:
        return Item(Classified(Outcome.OK), held if isinstance(held, dict) else {})
    words = held if isinstance(held, str) and held else f"status {said['status']}"
    outcome, meaning = _CODES.get(code, (Outcome.INVALID_REQUEST, words if code == 0 else f"code {code}"))
    return Item(Classified(outcome, meaning), held if isinstance(held, dict) else {})
