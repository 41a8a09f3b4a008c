"""What pulls submissions from the server of a survey tool, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from connectors.client import Client


@dataclass(frozen=True, slots=True)
class Pulled:
    """Submissions, each once, as their server writes them."""

    submissions: tuple[Mapping[str, Any], ...]
    cursor: str | None  # until when they are known (ISO 8601, UTC), for the next pull; None: nothing tells
    notes: tuple[str, ...] = ()  # what the server could not be asked


class Puller(Protocol):
    """Asks one kind of server for the submissions of one form."""

    name: ClassVar[str]
    needs: ClassVar[Mapping[str, str]]  # secrets, from the settings -> what each is
    options: ClassVar[Mapping[str, str]]  # -> what each is; all have to be given

    def origin(self, request: Mapping[str, str]) -> str:
        """Return which form of which server is meant, without secrets. Raises `RequestRefused`."""

    def pull(self, client: Client, request: Mapping[str, str], since: str | None) -> Pulled:
        """Bring what arrived or changed since a cursor, or everything: all of it, or a `ConnectorError`."""
