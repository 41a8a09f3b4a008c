"""The processes that answer, and how they end: by themselves with status 0, or at once at a second signal."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess

from service.app import create_app
from service.configuration.settings import Settings
from service.context import Context
from service.running.metrics import FOLDER_VARIABLE
from service.serving.address import Address
from service.serving.connection import Connection
from service.serving.memory import share_stores

#: Connections of one process; what comes then is refused before it is read. Requests are refused kindly long before
#: (`service.http.crowding`); this keeps file descriptors for the database.
MOST_CONNECTIONS = 2_000

#: Seconds for which an idle connection is kept: longer than the pause between two records of somebody who types, and
#: than load balancers keep theirs, which would otherwise send into one that is just being closed.
KEEP_ALIVE_S = 75

#: Seconds in which a worker has to say that it lives before it is replaced. One that is only busy says so late.
HEALTHY_S = 30

_JOBS_S = 2  # of the grace, which jobs have after the last answer
_LOOK_S = 0.1


def serve(context: Context, address: Address) -> None:
    """Serve until interrupted, with the context given."""
    signal.signal(signal.SIGTERM, _leave)
    share_stores()
    app = create_app(context)
    try:
        with suppress(KeyboardInterrupt):  # Ctrl-C is how people stop it; requests under way were answered by then
            Server(Config(app, **_how(address, context.settings))).run()
    finally:
        if app.state.stopping.gave_up:  # a thread that works on while Python is taken down under it may crash
            os._exit(0)


def serve_many(address: Address) -> None:
    """Serve with several processes, each of which opens a context of its own from the environment.

    Their metrics meet in a folder that goes with them.
    """
    settings = Settings()
    share_stores()
    with TemporaryDirectory(prefix="uncounted-metrics-") as folder:
        os.environ[FOLDER_VARIABLE] = folder  # for the processes to come; this one counts nothing
        config = Config("service.app:from_environment", factory=True, **_how(address, settings))
        _Workers(config, settings.drain_s + settings.grace_s).run()


def _how(address: Address, settings: Settings) -> dict[str, Any]:
    return {
        "host": address.host,
        "port": address.port,
        "workers": address.workers,
        "http": Connection,
        "ws": "none",
        "limit_concurrency": MOST_CONNECTIONS,
        "timeout_keep_alive": KEEP_ALIVE_S,
        "timeout_worker_healthcheck": HEALTHY_S,
        "timeout_graceful_shutdown": max(int(settings.grace_s) - _JOBS_S, 1),
        "server_header": False,
        "proxy_headers": False,  # whom to believe is for `service.http.addresses`
        "log_config": None,
    }


def _leave(*_: object) -> NoReturn:
    """End a process that nobody asks anything any more, or that has not begun to serve."""
    raise SystemExit(0)


class _Workers(Multiprocess):
    """Several processes behind one port. One that dies is replaced; at the end none outlives the time it was given."""

    def __init__(self, config: Config, within_s: float) -> None:
        super().__init__(config, [config.bind_socket()])
        self._within_s = within_s

    def join_all(self) -> None:
        until = time.monotonic() + self._within_s + _JOBS_S
        self.signal_queue.clear()
        while any(one.process.is_alive() for one in self.processes):
            if self.signal_queue or time.monotonic() > until:
                for one in self.processes:
                    one.process.kill()
            time.sleep(_LOOK_S)
        for one in self.processes:
            one.process.join()
