"""What Nomis answers: the definition of a dataset as JSON, its figures as CSV.

Contract: https://www.nomisweb.co.uk/api/v01/help. What is read with care: an answer that is refused for asking too
often has status 200 and is no CSV; a header without rows means that nothing matches; and an answer cut at the limit of
rows says so nowhere but in RECORD_COUNT.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.client import Answer
from connectors.documents import loads
from connectors.outcomes import Classified, Outcome, agreed_shape

SOURCE = "nomis"

_BUSY_S = 20.0  # the limits are not published; a pause has been enough


@dataclass(frozen=True, slots=True)
class Definition:
    """What the definition of a dataset says."""

    id: str
    name: str
    updated: str
    units: str
    dimensions: tuple[str, ...]  # apart from area, time, frequency and measures; capital letters
    texts: tuple[str, ...]  # what Nomis says about the dataset, at length


def classify_definition(answer: Answer) -> Classified:
    """Return what an answer to a question for a definition is."""
    if (found := _no_answer(answer)) is not None:
        return found
    try:
        document = loads(answer.text)
    except ValueError:
        return Classified(Outcome.RETRYABLE, f"no definition but {answer.text.strip()[:200]!r}")
    if isinstance(document, dict) and "error" in document:
        return Classified(Outcome.INVALID_REQUEST, str(document["error"])[:300])
    held = document.get("structure") if isinstance(document, dict) else None
    if not (isinstance(held, dict) and "keyfamilies" in held):
        return Classified(Outcome.CHANGED, "the answer is no definition of a dataset")
    known = bool(held["keyfamilies"])
    return Classified(Outcome.OK) if known else Classified(Outcome.INVALID_REQUEST, "there is no such dataset")


def classify_figures(answer: Answer, columns: Sequence[str]) -> Classified:
    """Return what an answer that should be a table with these columns is."""
    if (found := _no_answer(answer)) is not None:
        return found
    header, _, rest = answer.text.lstrip().partition("\n")
    names = next(csv.reader([header]), [])
    if set(columns) <= {name.strip().upper() for name in names}:
        return Classified(Outcome.OK if rest.strip() else Outcome.NO_DATA)
    if "OBS_VALUE" in header.upper() or len(names) > 2:  # noqa: PLR2004 - a sentence has fewer
        missing = ", ".join(name for name in columns if name not in header.upper())
        return Classified(Outcome.CHANGED, f"the table lacks {missing}")
    said = answer.text.strip()[:200]
    if "error" in said.casefold() or "incomplete" in said.casefold():
        return Classified(Outcome.INVALID_REQUEST, said)
    return Classified(Outcome.RETRYABLE, f"no table but {said!r}: asked too often, it seems")


def busy(answer: Answer) -> float | None:
    """Return how many seconds to leave Nomis alone when its answer is neither a table nor JSON; None for any other."""
    text = answer.text.lstrip()
    if answer.status != 200 or text.startswith(("{", "<", '"')) or "OBS_VALUE" in text[:2000].upper():  # noqa: PLR2004
        return None
    return _BUSY_S


def read_definition(answer: Answer) -> Definition:
    """Read the definition of a dataset. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "the definition of the dataset"):
        (family,) = loads(answer.text)["structure"]["keyfamilies"]["keyfamily"]
        notes = {str(one["annotationtitle"]): one["annotationtext"] for one in family["annotations"]["annotation"]}
        dimensions = [str(one["conceptref"]).upper() for one in family["components"]["dimension"]]
        return Definition(
            id=family["id"],
            name=family["name"]["value"],
            updated=str(notes["LastUpdated"]),
            units=str(notes.get("Units", "")),
            dimensions=tuple(one for one in dimensions if one not in {"GEOGRAPHY", "MEASURES", "FREQ", "TIME"}),
            texts=tuple(str(text) for title, text in notes.items() if title.startswith("MetadataText")),
        )


def read_rows(answer: Answer) -> list[Mapping[str, str]]:
    """Return the rows of a usable table by its columns, in capital letters. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "the table"):
        try:
            header, *rows = csv.reader(io.StringIO(answer.text.lstrip()), strict=True)
        except csv.Error as error:
            msg = f"the table is no CSV: {error}"
            raise ValueError(msg) from error
        names = [name.strip().upper() for name in header]
        return [dict(zip(names, row, strict=True)) for row in rows if row]


def _no_answer(answer: Answer) -> Classified | None:
    if 300 <= answer.status < 400:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.CHANGED, f"HTTP {answer.status}, sent on to {answer.headers.get('location')}")
    if answer.text.lstrip().startswith("<"):
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with a page instead of data")
    if answer.status == 404:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.INVALID_REQUEST, "there is no such dataset (HTTP 404)")
    if answer.status != 200:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.INVALID_REQUEST, f"HTTP {answer.status} {_error(answer.text)}")
    return None


def _error(text: str) -> str:
    try:
        document: Any = loads(text)
    except ValueError:
        return text.strip()[:200]
    return str(document.get("error", document))[:200] if isinstance(document, dict) else text.strip()[:200]
