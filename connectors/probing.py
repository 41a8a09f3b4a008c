"""Whether a source has anything new, asked cheaply: a connector may know a question whose answer tells.

A connector that offers it has a method `state` beside `fetch`. What it returns is compared, never read: a release, a
date of database, the commit of a file, of the source as it is asked for with exactly these options.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Protocol, runtime_checkable

from connectors.base import Connector
from connectors.client import Client
from connectors.errors import ConnectorError

#: What is said of a state holds for so long. After that everything is fetched once more, whatever is said.
TRUSTED_FOR = timedelta(days=30)

#: A day, unless a time of it follows; midnight is how a day is written where a time is wanted.
_DAY = re.compile(
    r"(\d{4}-\d\d-\d\d)(?![T ]\d\d:\d\d)|(\d{4}-\d\d-\d\d)[T ]00:00(?!:\d\d)|(\d{4}-\d\d-\d\d)[T ]00:00:00"
)
_ANYWHERE = timedelta(days=1)  # it is still that day somewhere


@runtime_checkable
class Probing(Protocol):
    """A connector whose source tells cheaply that nothing changed."""

    def state(self, client: Client, request: Mapping[str, str]) -> str | None:
        """Return the present state of what `fetch` would bring with this request, in a word; None for not known.

        One small question, or a few. Two states that differ have different words. Raises a `ConnectorError`, which is
        as good as not knowing: the source is fetched then.
        """
        ...


def probe(connector: Connector, client: Client, request: Mapping[str, str]) -> str | None:
    """Return the state that a source says it is in; None where that is not to be had, for whatever reason."""
    if not isinstance(connector, Probing):
        return None
    try:
        with client.hurried():
            said = connector.state(client, request)
    except ConnectorError:
        return None
    except Exception:  # noqa: BLE001 - a stranger's mistake in what can be done without
        return None
    return (said.strip() or None) if isinstance(said, str) else None


def holds(state: str, fetched_at: datetime, at: datetime) -> bool:
    """Return whether a state that was told before fetching at a moment, and again now, means that nothing changed.

    A state that is a day says nothing of what came later that day, so it holds only from what was fetched after it.
    """
    days = [date.fromisoformat(day) for found in _DAY.findall(state) for day in found if day and _is_day(day)]
    over = all(day + _ANYWHERE < fetched_at.date() for day in days)
    return over and timedelta(0) <= at - fetched_at < TRUSTED_FOR


def digest(said: object) -> str:
    """Return a short word for values that would be a long one: the same for the same."""
    return sha256(repr(said).encode()).hexdigest()[:16]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
