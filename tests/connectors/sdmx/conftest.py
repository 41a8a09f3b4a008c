"""Where the messages of the made-up office stand."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def homes(specimens: Path) -> Path:
    """Give a folder with a description and messages that fit it."""
    return specimens / "sdmx"
