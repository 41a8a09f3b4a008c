"""Readiness: what this process needs for its work, each by its name, and whether it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import structlog

from service.context import Context
from service.errors import OUT_OF_DATE, Problem
from service.running import disk
from service.running.logs import told_safely
from service.store.migrate import require_current
from service.store.probing import can_be_written

log = structlog.get_logger(__name__)

FAILED, LOADING = "failed", "loading"


class Stands(StrEnum):
    """What can be asked of the process."""

    READY = "ready"
    READING_ONLY = "reading only"  # what is there is served; nothing new can be kept
    NOT_READY = "not ready"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found, by the name of what was looked at."""

    checks: dict[str, str]

    @property
    def waiting(self) -> list[str]:
        """What has to come right before anything can be asked."""
        return [name for name, state in self.checks.items() if state in {FAILED, LOADING, _STOPPING, _OTHER_VERSION}]

    @property
    def stands(self) -> Stands:
        """What can be asked of the process."""
        if self.waiting:
            return Stands.NOT_READY
        return Stands.READING_ONLY if {_LOW, _READ_ONLY} & set(self.checks.values()) else Stands.READY


_STOPPING, _OTHER_VERSION = "being stopped", "of another version"
_LOW, _READ_ONLY = "nearly full", "read only"


def readiness(context: Context, *, stopping: bool = False) -> Readiness:
    """Look at everything that the work of this process needs; nothing is raised, and nothing waited for."""
    checks = {"process": _STOPPING if stopping else "serving"}
    checks |= _database(context)
    checks["lists"] = _looked("lists", lambda: _lists(context))
    checks["disk"] = _looked("disk", lambda: _disk(context))
    return Readiness(checks)


def _database(context: Context) -> dict[str, str]:
    """Return how the database answers, whether it is of this version, and whether it can be written to."""
    try:
        require_current(context.store)
    except Problem as problem:
        if problem.kind is OUT_OF_DATE:
            return {"database": "reachable", "migrations": _OTHER_VERSION}
        log.warning("ready.database", **told_safely(problem.__cause__ or problem))
        return {"database": FAILED}
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is: not ready
        log.warning("ready.database", **told_safely(error))
        return {"database": FAILED}
    writing = _looked("writing", lambda: "possible" if can_be_written(context.store) else _READ_ONLY)
    return {"database": "reachable", "migrations": "current", "writing": writing}


def _lists(context: Context) -> str:
    if context.lists.loading:  # whoever asks again and again must not take every thread while a long list is read
        return LOADING
    return f"{len(context.lists.current())} loaded"


def _disk(context: Context) -> str:
    settings = context.settings
    if settings.data_dir.exists() and not disk.is_writable(settings.data_dir):
        return _READ_ONLY
    return _LOW if disk.is_low(settings) else "enough room"


def _looked(name: str, look: Callable[[], str]) -> str:
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is: not ready
        log.warning("ready.failed", check=name, **told_safely(error))
        return FAILED
