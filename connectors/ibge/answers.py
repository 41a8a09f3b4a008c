"""What the services of IBGE answer: classified first, then lists, whether they come as an array or as one object.

Contracts: https://servicodados.ibge.gov.br/api/docs/localidades, and agregados?versao=3 beside it. What is read with
care: an unknown id is answered with 200 and nothing, one id with an object where several give an array, and too many
values with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.client import Answer
from connectors.documents import loads
from connectors.outcomes import Classified, Outcome

SOURCE = "ibge"

#: Values in one answer, as the service says when it refuses; older pages say 100,000.
MOST_VALUES = 50_000

_TOO_MANY = "excedeu o limite"


def classify(answer: Answer) -> Classified:
    """Return what an answer is; status and body may contradict one another."""
    for found in (_by_status(answer), _by_text(answer.text, answer.status)):
        if found is not None:
            return found
    document = loads(answer.text)
    if isinstance(document, dict) and "statusCode" in document:
        said = str(document.get("message", document["statusCode"]))
        later = str(document["statusCode"]).startswith("5")
        return Classified(Outcome.RETRYABLE if later else Outcome.INVALID_REQUEST, said)
    if answer.status != 200:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.INVALID_REQUEST, f"HTTP {answer.status} {answer.text.strip()[:300]}")
    if not isinstance(document, list | dict):
        return Classified(Outcome.CHANGED, "neither an object nor a list of them")
    return Classified(Outcome.OK if document else Outcome.NO_DATA)


def too_many_values(answer: Answer) -> bool:
    """Return whether the service refuses because more values were asked for than it gives at once."""
    return _TOO_MANY in answer.text


def items(answer: Answer) -> list[Mapping[str, Any]]:
    """Return the objects of a usable answer: an array as it is, one object as a list of one."""
    document = loads(answer.text)
    return document if isinstance(document, list) else [document]


def _by_status(answer: Answer) -> Classified | None:
    if 300 <= answer.status < 400:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.CHANGED, f"HTTP {answer.status}, sent on to {answer.headers.get('location')}")
    if too_many_values(answer):
        return Classified(Outcome.INVALID_REQUEST, answer.text.strip()[:300])
    if answer.status == 404:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.INVALID_REQUEST, "nothing is known by this number (HTTP 404)")
    return None


def _by_text(text: str, status: int) -> Classified | None:
    said = text.strip()
    if not said:
        return Classified(Outcome.INVALID_REQUEST, "nothing is known by this number: the answer is empty")
    if said.startswith("<"):
        return Classified(Outcome.CHANGED, f"HTTP {status} with a page instead of data")
    try:
        loads(text)  # as it came: JSON knows fewer blanks than `strip`
    except ValueError:
        wrong = Outcome.INVALID_REQUEST if status == 400 else Outcome.CHANGED  # noqa: PLR2004 - HTTP
        told = said[:300] if status == 400 else f"HTTP {status} with a body that is not JSON"  # noqa: PLR2004 - HTTP
        return Classified(wrong, told)
    return None
