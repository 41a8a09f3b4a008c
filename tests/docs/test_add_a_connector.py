"""The tutorial works as it stands: what it tells to write is understood, and what it tells to type brings figures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from connectors import catalogue
from connectors.errors import RequestRefused
from connectors.sdmx import SdmxConnector
from connectors.sdmx.description import Description, read_description
from connectors.sdmx.sources import shipped
from service import sync
from service.context import Context

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "add-a-connector.md").read_text(encoding="utf-8")
SPECIMENS = ROOT / "tests" / "specimens" / "sdmx"


def block(language: str, start: str) -> str:
    """Return the one block of this language that begins so."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    (one,) = (text for said, text in found if said == language and text.startswith(start))
    return str(one)


class Office(BaseHTTPRequestHandler):
    """Answers as the office of the tutorial does."""

    def do_GET(self) -> None:
        """Give the structure, or the figures that were asked for."""
        structure = self.path.startswith("/rest/dataflow/XY/DF_HOMES/1.2")
        body = (SPECIMENS / ("structure.xml" if structure else "data.csv")).read_bytes()
        if self.path.startswith("/rest/data/XY,DF_HOMES,1.2/.BOAT"):
            header, *rows = body.splitlines(keepends=True)
            body = b"".join([header, *(row for row in rows if b",BOAT," in row)])
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    """Serve the office on a free port of this machine."""
    server = HTTPServer(("127.0.0.1", 0), Office)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/rest"
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the connector that the project declares, whenever it was installed."""
    declared = EntryPoints([EntryPoint("sdmx", "connectors.sdmx:SdmxConnector", catalogue.GROUP)])
    monkeypatch.setattr(catalogue, "entry_points", lambda group: declared.select(group=group))


def typed(start: str) -> list[dict[str, str]]:
    """Return the options of the commands of a block, each with the source's name and connector."""
    commands = []
    for line in block("", start).splitlines():
        words = line.split()
        pairs = [words[place + 1].split("=", 1) for place, word in enumerate(words) if word == "--set"]
        commands.append({"source": words[2], "connector": words[words.index("--connector") + 1], **dict(pairs)})
    return commands


def test_a_description_brings_figures(
    sqlite_context: Context, endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of the page, written as it stands, and its two commands, against a server on this machine."""
    monkeypatch.chdir(tmp_path)
    Path("homes.toml").write_text(block("toml", "[homes]"), encoding="utf-8")
    figures = []
    for command in typed("uncounted sync homes"):
        source, connector = command.pop("source"), command.pop("connector")
        sync.configure(sqlite_context, source, connector, {**command, "endpoint": endpoint})
        monkeypatch.chdir("/")  # the next sync may start from another folder
        figures.append(sync.sync(sqlite_context, source).observations)
        monkeypatch.chdir(tmp_path)
    assert figures == [6, 3]


def test_a_misspelt_option_is_refused(sqlite_context: Context, endpoint: str, tmp_path: Path) -> None:
    """As the page says, with the names there are."""
    path = tmp_path / "homes.toml"
    path.write_text(block("toml", "[homes]"), encoding="utf-8")
    sync.configure(sqlite_context, "homes", "sdmx", {"description": str(path), "endpoint": endpoint, "KINDS": "BOAT"})
    with pytest.raises(RequestRefused, match="KINDS is neither a dimension") as caught:
        sync.sync(sqlite_context, "homes")
    assert caught.value.hint == "its dimensions are REF_AREA, KIND"


def test_every_described_source_is_told() -> None:
    """The page of official sources names each of sources.toml, and no other."""
    page = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([\w-]+)` \|", page.partition("## Services of SDMX")[2], flags=re.MULTILINE)
    assert told == sorted(shipped())


def test_the_table_of_keys_is_whole() -> None:
    """Every key a description may have is explained, and nothing else is."""
    told = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\|([^|]*)\|", PAGE, flags=re.MULTILINE))))
    assert told == set(Description.__dataclass_fields__) - {"id"}


def test_the_statuses_are_those_of_a_cell() -> None:
    """A description with any status the page names can be read."""
    told = re.findall(r"`(\w+)`", re.search(r"Statuses are those of a cell:(.*?)\. An", PAGE, re.DOTALL)[1])  # type: ignore[index]
    table = tomllib.loads(block("toml", "[homes]"))["homes"]
    statuses = {f"S{number}": status for number, status in enumerate(told)}
    assert len(read_description("homes", {**table, "statuses": statuses}).statuses) == 13


def test_the_connector_of_the_page_keeps_its_promises(tmp_path: Path) -> None:
    """Both files, written as they stand, pass the test that the page shows; so they do with the second method."""
    written, state = block("python", '"""Residents'), block("python", "    def state")
    (tmp_path / "office.py").write_text(written, encoding="utf-8")
    tests = block("python", '"""The office')
    (tmp_path / "test_office.py").write_text(tests, encoding="utf-8")
    (tmp_path / "asked.py").write_text(
        written.replace("\n\n\ndef classify", f"\n\n{state}\n\ndef classify"), encoding="utf-8"
    )
    (tmp_path / "test_asked.py").write_text(tests.replace("from office", "from asked"), encoding="utf-8")
    assert "def state" in (tmp_path / "asked.py").read_text(encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = subprocess.run(  # noqa: S603 - our own page
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout


def test_the_entry_point_of_the_page_is_the_one_that_is_looked_for() -> None:
    """What a stranger's package declares is found under this group."""
    points = tomllib.loads(block("toml", "[project"))["project"]["entry-points"]
    assert points == {catalogue.GROUP: {"office": "office:OfficeConnector"}}
    assert isinstance(catalogue.connector("sdmx"), SdmxConnector)
