"""What the crawls begin with: a context with two official lists of one source, older and newer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.context import Context, close, open_context
from tests.crawl.ground import settings_of
from tests.crawl.lists import publish


@pytest.fixture
def listed(sqlite_databases: Any, tmp_path: Path) -> Iterator[Context]:
    """Give a context on SQLite in which lists are published."""
    context = open_context(settings_of(tmp_path, sqlite_databases.fresh(tmp_path)))
    publish(context)
    yield context
    close(context)


@pytest.fixture
def listed_on_both(context: Context) -> Context:
    """Give the same on SQLite and on PostgreSQL."""
    publish(context)
    return context


@pytest.fixture
def postgres_listed(postgres_databases: Any, tmp_path: Path) -> Iterator[Context]:
    """Give the same on PostgreSQL alone."""
    url = postgres_databases.fresh(tmp_path)
    context = open_context(settings_of(tmp_path, url))
    publish(context)
    yield context
    close(context)
    postgres_databases.drop(url)
