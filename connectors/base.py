"""What every connector promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from connectors.client import Client
from connectors.snapshot import Snapshot


class Connector(Protocol):
    """One kind of official source. Implementations are stateless; what they need arrives in the call."""

    name: ClassVar[str]  # as in `uncounted sync NAME`
    title: ClassVar[str]
    needs: ClassVar[Mapping[str, str]]  # setting -> what it is for, e.g. {"key": "a free key from the Census Bureau"}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring the source's present state.

        `request` holds the options of the source as configured (paths, codes, keys), all text.
        Raises a `ConnectorError` and never returns half a snapshot.
        """
        ...
