"""Examples run as people run them: as scripts, against a real service on the loopback."""

from __future__ import annotations

from tests.service.client.conftest import address, keys
from tests.service.conftest import scene

__all__ = ["address", "keys", "scene"]
