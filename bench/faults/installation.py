"""An installation of its own: a folder, a database, keys, a source, and the processes that serve it."""

from __future__ import annotations

import atexit
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from service import sync
from service.callers.caller import Role
from service.configuration.settings import Settings
from service.context import Context, close, open_context
from service.store import keys
from service.store.migrate import upgrade

ROOT = Path(__file__).resolve().parents[2]
READY_S = 180.0
WHO = {
    "first": ("first-survey", Role.CONTRIBUTOR),
    "second": ("second-survey", Role.CONTRIBUTOR),
    "reviewer": ("statistics-office", Role.REVIEWER),
    "admin": ("desk", Role.ADMIN),
}
#: So that a file of a few rows is imported after the answer, by whichever process gets there.
_INLINE_ROWS = 5
#: Where the source is, which is no public address.
_NETWORKS = ("127.0.0.0/8",)
#: What is measured is how much the service can take, not how much it lets one key ask.
_UNLIMITED = {
    f"UNCOUNTED_RATE_{name}": "1000000/minute" for name in ("READS", "WRITES", "EXPORTS", "ADDRESS", "ADDRESS_EXPORTS")
}


@dataclass(frozen=True)
class Installation:
    """Where everything lies, and the secrets of its keys."""

    folder: Path
    url: str | None
    secrets: Mapping[str, str]
    told: Mapping[str, str] = field(default_factory=dict)  # further variables of its environment

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to know."""
        told = {"UNCOUNTED_DATA_DIR": str(self.folder), "UNCOUNTED_IMPORT_INLINE_ROWS": str(_INLINE_ROWS)}
        told |= {"UNCOUNTED_LOG_LEVEL": "warning", "UNCOUNTED_DRAIN_S": "0"}
        told |= {"UNCOUNTED_ALLOWED_NETWORKS": json.dumps(_NETWORKS)} | _UNLIMITED
        told |= {"UNCOUNTED_DATABASE_URL": self.url} if self.url else {}
        return os.environ | told | dict(self.told)

    def open(self) -> Context:
        """Open it in this process."""
        return open_context(_settings(self.folder, self.url))


def install(folder: Path, url: str | None, source_url: str) -> Installation:
    """Make an installation in an empty folder and an empty database, and bring its source once."""
    settings = _settings(folder, url)
    upgrade(settings.database)
    context = open_context(settings)
    with context.store.begin() as session:
        secrets = {who: keys.create(session, *WHO[who], "faults") for who in WHO}
    sync.configure(context, "places", "gnis", {"url": source_url})
    sync.sync(context, "places")
    close(context)
    return Installation(folder, url, secrets)


def _settings(folder: Path, url: str | None) -> Settings:
    return Settings(data_dir=folder, database_url=url, allowed_networks=_NETWORKS, _env_file=None)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Serving:
    """One `uncounted serve` of an installation, which may be killed and started again on the same port."""

    installation: Installation
    workers: int = 1
    module: str = "service"  # that is run as a command
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process; 0 before it was started."""
        return 0 if self.process is None else self.process.pid

    def start(self) -> float:
        """Start it and return the seconds until it was ready. Raises `TimeoutError`."""
        began = time.monotonic()
        self.launch()
        while time.monotonic() - began < READY_S:
            if self.process is not None and self.process.poll() is not None:
                self.launch()
            if self.is_ready():
                return time.monotonic() - began
            time.sleep(0.05)
        message = "the service was not ready in time"
        raise TimeoutError(message)

    def launch(self) -> None:
        """Start it without waiting. Whatever becomes of the run, it does not outlive this process."""
        atexit.register(self.kill)
        command = [sys.executable, "-m", self.module, "serve", "--port", str(self.port)]
        command += ["--workers", str(self.workers)] if self.workers > 1 else []
        log = self.installation.folder.parent / f"serve-{self.port}.log"
        with log.open("ab") as sink:
            quiet: dict[str, Any] = {"stdout": sink, "stderr": sink, "start_new_session": True, "cwd": ROOT}
            self.process = subprocess.Popen(command, env=self.installation.environment, **quiet)  # noqa: S603 - ours

    def kill(self) -> None:
        """Kill every process of it, as a power cut would."""
        atexit.unregister(self.kill)
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(READY_S)

    def stop(self) -> int:
        """Ask it to end and return its exit status."""
        if self.process is None:
            return 0
        self.process.terminate()
        return self.process.wait(READY_S)

    def is_ready(self) -> bool:
        """Return whether it says that it is ready."""
        try:
            return asked(self.port, "GET", "/readyz", timeout=20)[0] == 200
        except (OSError, http.client.HTTPException):
            return False


def asked(port: int, method: str, path: str, timeout: float = 60, **sent: Any) -> tuple[int, Any, Mapping[str, str]]:
    """Ask once over a connection of its own; return status, the answer (JSON where it is) and its headers.

    `sent` may hold `secret`, `body` (JSON or bytes), `kind` of the body, and `key`, the idempotency key. Raises
    `OSError` or `HTTPException` where the answer did not come whole.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    headers = {"Content-Type": sent.get("kind", "application/json")}
    headers |= {"Authorization": f"Bearer {sent['secret']}"} if sent.get("secret") else {}
    headers |= {"Idempotency-Key": sent["key"]} if sent.get("key") else {}
    body = sent.get("body")
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    try:
        connection.request(method, path, content, headers)
        answer = connection.getresponse()
        said = answer.read()
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status, json.loads(said) if is_json else said, dict(answer.headers)
    finally:
        connection.close()
