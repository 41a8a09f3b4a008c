"""Every source, one after another: one that fails is told, and the others are brought up to date all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

import structlog

from connectors.errors import ConnectorError
from service.context import Context
from service.errors import Problem
from service.running.logs import told_safely
from service.sources.fetching import How
from service.store import sources
from service.sync import SyncResult, sync

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the sync of one source came to: a result, or why there is none and how to mend that."""

    source: str
    result: SyncResult | None = None
    stopped: str = ""
    hint: str = ""


class Step(Protocol):
    """Hears how far a sync is: bytes and rows that came, then records verified."""

    def __call__(self, done: int, total: int | None = None, what: str = "") -> None:
        """Take how much is done, of how much, and of what."""


def _silent(done: int, total: int | None = None, what: str = "") -> None:
    """Hear nothing."""


def _quietly(_source: str) -> AbstractContextManager[Step]:
    return nullcontext(_silent)


def every(
    context: Context,
    source_ids: Iterable[str],
    showing: Callable[[str], AbstractContextManager[Step]] = _quietly,
    how: How | None = None,
) -> Iterator[Attempt]:
    """Bring sources up to date in this order and yield what each came to, as soon as it is known.

    `showing` gives, for each source, what shows how far it is.
    """
    for source_id in source_ids:
        with showing(source_id) as progress:
            heard = replace(how or How(), heard=progress)
            attempt = attempted(context, source_id, partial(sync, context, source_id, progress, heard))
        yield attempt


def attempted(context: Context, source_id: str, work: Callable[[], SyncResult]) -> Attempt:
    """Do the work on a source and return what it came to, whatever goes wrong."""
    try:
        return Attempt(source_id, work())
    except ConnectorError as error:
        return Attempt(source_id, stopped=str(error), hint=error.hint)
    except Problem as problem:
        return Attempt(source_id, stopped=problem.detail, hint=problem.kind.hint)
    except Exception as error:  # noqa: BLE001 - a connector's own mistake must not keep the other sources from coming
        log.warning("sync.failed", source=source_id, **told_safely(error))
        stopped = f"{source_id} stumbled over its own code: {type(error).__name__}"
        with context.store.begin() as session:
            sources.set_checked(session, source_id, datetime.now(UTC), stopped)
        return Attempt(source_id, stopped=stopped, hint="tell the maintainers of the connector")
