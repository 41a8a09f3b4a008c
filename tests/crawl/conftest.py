"""What the crawls begin with: a context with two official lists of one source, older and newer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.context import Context, close, open_context
from service.settings import Settings
from tests.crawl.lists import publish


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


@pytest.fixture
def postgres_listed(postgres_databases: Any, tmp_path: Path) -> Iterator[Context]:
    """Give the same on PostgreSQL alone."""
    url = postgres_databases.fresh(tmp_path)
    options: dict[str, Any] = {"data_dir": tmp_path, "database_url": url, "_env_file": None}
    context = open_context(Settings(**options))
    publish(context)
    yield context
    close(context)
    postgres_databases.drop(url)
