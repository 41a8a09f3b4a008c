"""What the crawls begin with: a context with two official lists of one source, older and newer."""

from __future__ import annotations

import pytest

from service.context import Context
from service.http import evenly
from tests.crawl.lists import publish


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let not-founds leave at once: what is said is looked at here, not when."""
    monkeypatch.setattr(evenly, "EVERY_S", 0.0001)


@pytest.fixture
def listed(sqlite_context: Context) -> Context:
    """Give a context on SQLite in which lists are published."""
    publish(sqlite_context)
    return sqlite_context


@pytest.fixture
def listed_on_both(context: Context) -> Context:
    """Give the same on SQLite and on PostgreSQL."""
    publish(context)
    return context
