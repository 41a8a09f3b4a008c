"""A client for servers that the tests run themselves, on the loopback, where nothing is asked otherwise."""

from __future__ import annotations

from typing import Any

from connectors.client import Client
from connectors.reach import Allowed

LOOPBACK = Allowed.of(["127.0.0.0/8"])


class LoopbackClient(Client):
    """A client that is allowed the loopback from the beginning."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Make it as any other."""
        super().__init__(*arguments, **options)
        self.allow(LOOPBACK)
