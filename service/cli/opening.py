"""Opening what a command works on: the installation that the settings name, as whoever operates the machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.callers.caller import Caller, Role
from service.configuration.settings import Settings
from service.context import Context, close, open_context
from service.errors import INVALID, Problem
from service.running import logs
from service.store.migrate import upgrade

#: The operator of the machine sees what an admin sees; nobody's key is involved.
OPERATOR = Caller(organisation=None, key_id=None, role=Role.ADMIN)


def prepare(settings: Settings) -> None:
    """Bring the database of the settings up to date; an embedded one is made where there is none."""
    if not settings.database_url:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade(settings.database)


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Context]:
    """Open what the settings name, its database brought up to date first, and let go of it afterwards."""
    settings = settings or Settings()
    try:
        logs.configure(settings.log_level)  # to standard error, out of the way of what a pipe reads
    except ValueError as error:
        detail = f"UNCOUNTED_LOG_LEVEL: {error}."
        raise Problem(INVALID, detail) from error
    prepare(settings)
    context = open_context(settings)
    try:
        yield context
    finally:
        close(context)
