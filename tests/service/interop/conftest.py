"""What other programs meet is what callers of the API meet: the same application, with the same keys."""

from __future__ import annotations

from tests.service.api.conftest import api, sqlite_api

__all__ = ["api", "sqlite_api"]
