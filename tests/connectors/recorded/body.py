"""A recorded body: which connector reads it, and what comes of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from connectors.client import Answer, Client, Question
from connectors.errors import ConnectorError
from connectors.outcomes import Classified, require

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded"


@dataclass(frozen=True, eq=False)
class Body:
    """One file under `RECORDED`. It is to be read, or refused with this error and no other."""

    source: str  # name of the connector
    file: str
    read: Callable[[Body], int]  # returns how much there was to read
    expected: int = 0
    refused: type[ConnectorError] | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where it stands."""
        return RECORDED / self.file

    def answer(self) -> Answer:
        """Return it as it comes out of the client."""
        content = b"" if self.path.suffix == ".http" else self.path.read_bytes()
        transport = httpx.MockTransport(lambda _: httpx.Response(self.status, headers=self.headers, content=content))
        with Client(transport=transport) as client:
            return client.get(Question(self.source, "https://example.org/"))

    def came(self) -> tuple[int, type[ConnectorError] | None]:
        """Return what came of it: how much was read, or the error."""
        try:
            return self.read(self), None
        except ConnectorError as error:
            return 0, type(error)


def answered(
    classify: Callable[[Answer], Classified], read: Callable[[Answer], int] = lambda _: 0
) -> Callable[[Body], int]:
    """Return how an answer is read: classified first, and parsed only when it is data."""

    def through(body: Body) -> int:
        answer = body.answer()
        require(classify(answer), source=body.source, asked=body.file)
        return read(answer)

    return through
