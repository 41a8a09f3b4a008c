"""Where to listen; a taken port is said before anything is loaded."""

from __future__ import annotations

import socket
from dataclasses import dataclass


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
