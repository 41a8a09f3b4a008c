"""What services of SDMX answer: classified before anybody parses it.

404 is a result (nothing there), an error may come with status 200 in an error message or a footer, and a large
question is answered with a promise. Codes: https://github.com/sdmx-twg/sdmx-rest (status codes).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from connectors.client import Answer
from connectors.outcomes import Classified, Outcome
from connectors.sdmx.xml import every, kind, parse, text

SOURCE = "sdmx"

#: Codes of SDMX error messages and footers, and of HTTP.
_CODES = {
    100: Outcome.NO_DATA,
    204: Outcome.NO_DATA,
    110: Outcome.ACCESS_PROBLEM,
    130: Outcome.INVALID_REQUEST,  # the answer would be too large
    140: Outcome.INVALID_REQUEST,
    150: Outcome.INVALID_REQUEST,
    400: Outcome.INVALID_REQUEST,
    401: Outcome.ACCESS_PROBLEM,
    403: Outcome.ACCESS_PROBLEM,
    404: Outcome.NO_DATA,
    406: Outcome.CHANGED,
    413: Outcome.INVALID_REQUEST,
    414: Outcome.INVALID_REQUEST,
    500: Outcome.RETRYABLE,
    501: Outcome.INVALID_REQUEST,
    503: Outcome.RETRYABLE,
    510: Outcome.INVALID_REQUEST,
}
_TOO_MUCH = frozenset({130, 413, 414, 510})
_WORDS = {
    406: "this format is no longer served (HTTP 406)",
    413: "that is too much for one answer",
    414: "that is too much for one question",
    501: "the service cannot answer this question (HTTP 501)",
}
_LATER = re.compile(r"ASYNCHRONOUS|will be written to a file|later|period", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"(could not|cannot|can't|not) (be )?f(i|ou)nd.{0,40}(dataflow|dsd|structure)|(dataflow|structure).{0,60}"
    r"(not (be )?found|does not exist|unknown)",
    re.IGNORECASE | re.DOTALL,
)


def classify(answer: Answer) -> Classified:
    """Return what an answer is; only `OK` has a message to read."""
    body = answer.text.lstrip()
    page = bool(re.match(r"(<!doctype\s+)?<?html", body, re.IGNORECASE))
    said = "" if page else _shortened(body)
    if answer.status == 200:  # noqa: PLR2004 - HTTP
        if page:
            return Classified(Outcome.CHANGED, "a page instead of a message")
        return _in_message(body)
    if found := _told(body):
        return _of(*found)
    if answer.status == 404 and (body.startswith("<") or _UNKNOWN.search(said)):  # noqa: PLR2004 - HTTP
        return Classified(Outcome.INVALID_REQUEST, said or "the address is not known (HTTP 404)")
    if answer.status in _CODES:
        return _of(answer.status, said)
    where = f", sent on to {answer.headers['location'][:200]}" if "location" in answer.headers else ""
    return Classified(Outcome.CHANGED, f"HTTP {answer.status}{where}")


def _in_message(body: str) -> Classified:
    """Look for an error that came with status 200."""
    if not body:
        return Classified(Outcome.RETRYABLE, "an empty answer")
    return _of(*found) if (found := _told(body)) else Classified(Outcome.OK)


def _told(body: str) -> tuple[int, str] | None:
    """Return the code and the words of an SDMX error message or of a footer that reports an error."""
    start = body[:2000]
    if not body.startswith("<") or not ("Error" in start or "Footer" in body[-4000:] or "Footer" in start):
        return None
    try:
        root = parse(body.encode())
    except ValueError:
        return None  # whoever reads it will say so
    for one in every(root, "ErrorMessage", "Message"):
        if not str(one.get("code", "")).isdecimal() or (kind(one) == "Message" and one.get("severity") == "Warning"):
            continue
        words = dict.fromkeys(text(part) for part in every(one, "Text") if text(part))
        return int(one.get("code", "0")), _shortened(" ".join(words))
    return None


def _of(code: int, said: str) -> Classified:
    outcome = _CODES.get(code, Outcome.CHANGED)
    if code in _TOO_MUCH and _LATER.search(said):  # it is being written to a file
        outcome = Outcome.RETRYABLE
    return Classified(outcome, ": ".join(dict.fromkeys(filter(None, (_WORDS.get(code, ""), said)))) or f"code {code}")


def hint(found: Classified, dimensions: Iterable[str]) -> str | None:
    """Return how to ask better, where the answer tells."""
    if found.outcome in {Outcome.INVALID_REQUEST, Outcome.RETRYABLE} and "too much" in found.said:
        return f"ask for less: codes of {', '.join(dimensions)}, or start and end"
    return None


def _shortened(words: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]{0,2000}>", " ", words[:2000])).strip()[:300]
