"""What the US Census Data API answers, read: classified first, then cells with their sentinels and annotations.

Contract: https://www.census.gov/data/developers/guidance/api-user-guide.html; meanings of the negative numbers and of
the annotation columns: https://www.census.gov/data/developers/data-sets/acs-1year/notes-on-acs-estimate-and-annotation-values.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.client import Answer
from connectors.documents import loads
from connectors.outcomes import Classified, Outcome, agreed_shape
from geodata.cells import Cell, CellStatus

SOURCE = "census"

#: Numbers that are words.
SENTINELS = {
    "-666666666": CellStatus.UNRELIABLE,  # too few samples, or not computable
    "-999999999": CellStatus.SUPPRESSED,  # too few cases to publish
    "-888888888": CellStatus.NOT_APPLICABLE,
    "-222222222": CellStatus.NOT_AVAILABLE,  # error not computable
    "-333333333": CellStatus.OPEN_ENDED_BOUND,  # median in an open interval
    "-555555555": CellStatus.CONTROLLED,  # fixed to a population estimate: no sampling error, by construction
}

_ANNOTATIONS = {
    "-": CellStatus.UNRELIABLE,
    "N": CellStatus.SUPPRESSED,
    "(X)": CellStatus.NOT_APPLICABLE,
    "**": CellStatus.NOT_AVAILABLE,
    "***": CellStatus.OPEN_ENDED_BOUND,
    "*****": CellStatus.CONTROLLED,
}

_BOUND = re.compile(r"([\d,]+)[+-]")  # "250,000+", "2,500-"


def classify(answer: Answer) -> Classified:
    """Return what an answer is; a missing or wrong key is answered with a redirect, or with a page and status 200."""
    for found in (_key_trouble(answer), _by_status(answer)):
        if found is not None:
            return found
    try:
        document = loads(answer.text)
    except ValueError:
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with a body that is not JSON")
    if answer.status != 200 or not _is_table(document):  # noqa: PLR2004 - HTTP
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with something else than rows")
    return Classified(Outcome.OK if len(document) > 1 else Outcome.NO_DATA)


def _is_table(document: Any) -> bool:
    return isinstance(document, list) and bool(document) and all(isinstance(row, list) for row in document)


def _key_trouble(answer: Answer) -> Classified | None:
    where = answer.headers.get("location", "")
    title = answer.text[:2000] if answer.text.lstrip().startswith("<") else ""
    if "x-datawebapi-keyerror" in answer.headers or "_key.html" in where or "Key</title>" in title:
        missing = "missing" in (where + title).casefold()
        return Classified(Outcome.ACCESS_PROBLEM, f"the key is {'missing' if missing else 'not valid'}")
    if where:
        return Classified(Outcome.CHANGED, f"HTTP {answer.status}, sent on to {where}")
    return None


def _by_status(answer: Answer) -> Classified | None:
    said = answer.text.strip()[:300]
    if answer.status == 204:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.NO_DATA)
    if answer.status == 400:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.INVALID_REQUEST, re.sub(r"^(error:\s*)+", "", said))
    if answer.status == 404:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.INVALID_REQUEST, "there is no such year or dataset (HTTP 404)")
    return None


def read_rows(answer: Answer) -> list[dict[str, str | None]]:
    """Return the rows of a usable answer by the names in its first row. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "the table"):
        header, *rows = loads(answer.text)
        for cell in (*header, *(cell for row in rows for cell in row if cell is not None)):
            if not isinstance(cell, str):
                msg = f"{cell!r} is no text"
                raise TypeError(msg)
        return [dict(zip(header, row, strict=True)) for row in rows]


def read_cell(value: str | None, annotation: str | None = None) -> Cell:
    """Return a number, or the reason the sentinel or the annotation gives. Raises `ValueError` for any other text."""
    raw = annotation if value is None and annotation else "null" if value is None else value
    status = SENTINELS.get((value or "").removesuffix(".0")) or _ANNOTATIONS.get(annotation or "")
    if annotation and (bound := _BOUND.fullmatch(annotation)):
        return Cell(Decimal(bound.group(1).replace(",", "")), CellStatus.OPEN_ENDED_BOUND, annotation)
    if status is not None:
        return Cell(None, status, raw)
    if value is None:
        return Cell(None, CellStatus.NOT_AVAILABLE, raw)
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        msg = f"{value!r} is neither a number nor a known sentinel"
        raise ValueError(msg) from error
    return Cell(number, CellStatus.OBSERVED if number else CellStatus.TRUE_ZERO, raw)


def read_estimate(row: Mapping[str, str | None], variable: str) -> tuple[Cell, str | None]:
    """Return the cell of a variable, and its margin of error where the row has one (American Community Survey).

    An estimate that is controlled to a population estimate says so and has margin 0.
    """
    cell = read_cell(row[variable], row.get(f"{variable}A"))
    column = f"{variable[:-1]}M"
    if not variable.endswith("E") or column not in row:
        return cell, None
    margin = read_cell(row[column], row.get(f"{column}A"))
    if margin.status is CellStatus.CONTROLLED and cell.value is not None:
        return Cell(cell.value, CellStatus.CONTROLLED, cell.raw), "0"
    return cell, None if margin.value is None else f"{margin.value:f}"
