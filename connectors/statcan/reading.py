"""One sync of Statistics Canada: questions by POST, hundreds of series at a time, and the items of their answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.client import Client, Question
from connectors.errors import RequestRefused, SourceChanged
from connectors.outcomes import Outcome, agreed_shape, require, text
from connectors.snapshot import Exchange
from connectors.statcan.answers import Item, classify, read_items
from connectors.statcan.cubes import Cube, read_cube
from connectors.statcan.series import Asked

_AT_ONCE = 300  # series in one question
_LOCKED = "ask again after 08:30 Eastern time; what was fetched before stays in use"


@dataclass
class Reader:
    """Asks, classifies, and remembers every exchange."""

    client: Client
    endpoint: str
    source: str
    exchanges: list[Exchange] = field(default_factory=list)

    def ask(self, method: str, content: Sequence[Mapping[str, Any]] = ()) -> list[Item]:
        """Return the items of an answer, one for each thing asked for."""
        body = json.dumps(list(content)).encode() if content else None
        answer = self.client.get(Question(self.source, f"{self.endpoint}/{method}", content=body))
        self.exchanges.append(answer.exchange)
        found = classify(answer)
        if found.outcome is not Outcome.INVALID_REQUEST or len(content) < 2:  # noqa: PLR2004 - of several some may fail
            require(found, source=self.source, asked=method, hint=_LOCKED if "Eastern" in found.said else None)
        items = read_items(answer)
        if len(items) != max(len(content), 1):
            msg = f"{method}: {len(content)} were asked for, and {len(items)} came"
            raise SourceChanged(msg, source=self.source, hint="try again; tell the maintainers if it stays")
        return items

    def series(self, method: str, asked: Sequence[Mapping[str, Any]]) -> list[Item]:
        """Return what came for each series, failed ones among them. Raises `RequestRefused` when all failed."""
        parts = [asked[start : start + _AT_ONCE] for start in range(0, len(asked), _AT_ONCE)]
        items = [item for part in parts for item in self.ask(method, part)]
        if not any(item.usable for item in items):
            msg = f"{method}: none of {len(items)} series can be had: {items[0].found.said}"
            raise RequestRefused(msg, source=self.source, hint="check the numbers asked for")
        return items

    def cubes(self, numbers: Sequence[str]) -> dict[str, Cube]:
        """Return the metadata of tables."""
        items = self.ask("getCubeMetadata", [{"productId": int(number)} for number in numbers])
        read = [read_cube(item) for item in items if item.usable]
        if missing := sorted(set(numbers) - {cube.id for cube in read}):
            msg = f"there is no table {', '.join(missing)}"
            raise RequestRefused(msg, source=self.source, hint="write its number as on its page, e.g. 98-10-0264-01")
        return {cube.id: cube for cube in read}

    def units(self, series: Sequence[Asked]) -> dict[int, str]:
        """Return the names of units, asked for only where a series has one."""
        if not any(asked.cube.unit(asked.coordinate) for asked in series):
            return {}
        (codes,) = self.ask("getCodeSets")
        with agreed_shape(self.source, "the code sets"):
            return {int(one["memberUomCode"]): text(one["memberUomEn"] or "") for one in codes.object["uom"]}
