"""Serve the application: one process by default, several when asked; a taken port is said before anything is loaded."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from service.context import Context

#: Seconds that answers under way are given to finish when the service is asked to stop.
GRACE_S = 10


class PortTaken(Exception):
    """Somebody else listens there; `hint` says what to do."""

    def __init__(self, host: str, port: int) -> None:
        """Say where."""
        super().__init__(f"Port {port} on {host} is taken.")
        self.hint = f"Choose another one (PORT={port + 1}), or stop what listens there."


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, and with how many processes."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1


def require_free(port: int, host: str = "127.0.0.1") -> None:
    """Raise `PortTaken` when somebody already listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(host, port) from error


def serve(context: Context, address: Address) -> None:
    """Serve until interrupted, with the context given."""
    import uvicorn  # noqa: PLC0415 - with the application it takes a second to load, and most commands never serve

    from service.app import create_app  # noqa: PLC0415

    server = uvicorn.Server(
        uvicorn.Config(
            create_app(context),
            host=address.host,
            port=address.port,
            log_config=None,
            timeout_graceful_shutdown=GRACE_S,
        )
    )
    with suppress(KeyboardInterrupt):  # Ctrl-C is how people stop it; requests under way were answered by then
        server.run()


def serve_many(address: Address) -> None:
    """Serve with several processes, each of which opens a context of its own from the environment.

    Their metrics meet in a folder that goes with them.
    """
    import uvicorn  # noqa: PLC0415 - as above

    from service.metrics import FOLDER_VARIABLE  # noqa: PLC0415 - as above

    with TemporaryDirectory(prefix="uncounted-metrics-") as folder:
        os.environ[FOLDER_VARIABLE] = folder  # for the processes to come; this one counts nothing
        uvicorn.run(
            "service.app:from_environment",
            factory=True,
            host=address.host,
            port=address.port,
            workers=address.workers,
            log_config=None,
            timeout_graceful_shutdown=GRACE_S,
        )
