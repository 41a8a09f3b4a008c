"""One sync of the World Bank: page after page, with every exchange and date of database remembered on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.client import Answer, Client, Question
from connectors.documents import loads
from connectors.errors import SourceChanged, SourceUnavailable
from connectors.outcomes import Classified, require, text
from connectors.snapshot import Exchange
from connectors.worldbank.answers import Page, classify, read_page

_READ_S = 120.0
_PER_PAGE = "5000"
_MOST = 2_000_000  # rows of one answer, a hundred times what one indicator has


@dataclass(frozen=True, slots=True)
class Shape:
    """How one kind of answer is told and read."""

    classify: Callable[[Answer], Classified]
    read: Callable[[Answer], Page]


INDICATOR = Shape(classify, read_page)


class Reader:
    """Asks page after page; `dates` are the dates of database that the answers named."""

    def __init__(self, client: Client, endpoint: str, source: str) -> None:
        """Say whom to ask, where, and for which source."""
        self.endpoint = endpoint
        self.source = source
        self.exchanges: list[Exchange] = []
        self._client = client
        self._dates: set[str] = set()

    def rows(self, path: str, parameters: Mapping[str, str], shape: Shape = INDICATOR) -> list[Mapping[str, Any]]:
        """Return the rows of every page. Raises a `ConnectorError`, also when fewer come than were announced."""
        rows: list[Mapping[str, Any]] = []
        number = 1
        while True:
            asked = {"format": "json", "per_page": _PER_PAGE, "page": str(number), **parameters}
            answer = self._ask(path, asked)
            if not require(shape.classify(answer), source=self.source, asked=path) and number == 1:
                return rows
            page = shape.read(answer)
            self._dates |= {page.lastupdated} if page.lastupdated else set()
            rows += page.rows
            if page.page != number or page.page >= page.pages or not page.rows or len(rows) > _MOST:
                break
            number += 1
        if page.page != number or len(rows) != page.total:
            msg = f"{path}: {len(rows)} rows came where {page.total} were announced"
            raise SourceChanged(msg, source=self.source, hint="try again; tell the maintainers if it stays")
        return rows

    def date_of(self, path: str, parameters: Mapping[str, str]) -> str | None:
        """Return when the database was last updated, by asking for one row."""
        answer = self._ask(path, {"format": "json", "per_page": "1", **parameters})
        return read_page(answer).lastupdated if require(classify(answer), source=self.source, asked=path) else None

    def vintage(self) -> str:
        """Return the one date of the database. Raises `SourceUnavailable` when it changed under the reader."""
        if len(self._dates) > 1:
            msg = "the database was updated while it was being read"
            raise SourceUnavailable(msg, source=self.source, hint="try again now")
        if not self._dates:
            msg = "the answer does not say when the database was last updated"
            raise SourceChanged(msg, source=self.source, hint="tell the maintainers of the connector")
        return next(iter(self._dates))

    def licences(self, codes: list[str], database: str) -> tuple[str, ...]:
        """Return a caveat for every series whose own licence is not the usual one."""
        path = f"sources/{database}/series/{';'.join(codes)}/metadata"
        answer = self._ask(path, {"format": "json", "per_page": _PER_PAGE})
        try:
            variables = loads(answer.text)["source"][0]["concept"][0]["variable"]
            licences = {
                text(variable["id"]): next(
                    (text(meta["value"]) for meta in variable["metatype"] if meta["id"] == "License_Type"), "not stated"
                )
                for variable in variables
            }
        except (ValueError, KeyError, IndexError, TypeError):
            return ("the licence of each series could not be read; the Bank's default is given",)
        return tuple(f"{code}: licence {terms}" for code, terms in sorted(licences.items()) if not _usual(terms))

    def _ask(self, path: str, parameters: Mapping[str, str]) -> Answer:
        answer = self._client.get(Question(self.source, f"{self.endpoint}/{path}", parameters, read_s=_READ_S))
        self.exchanges.append(answer.exchange)
        return answer


def _usual(terms: str) -> bool:
    return terms.upper().replace("-", " ").replace("  ", " ").strip() == "CC BY 4.0"
