"""A sync whose process is killed in the middle of a file is begun again, and asks only for the rest of the file."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from connectors.kept.shelf import Shelf
from service import sync
from service.sources import turns
from service.sources.fetching import How
from service.store import leases
from service.sync import Outcome
from service.syncing import kept, pruning

ROOT = Path(__file__).parents[3]

HEADER = "feature_id|feature_name|feature_class|state_name|county_name|date_edited|prim_lat_dec|prim_long_dec\n"
ROWS = "".join(f"{n}|Place {n}|Populated Place|Maine|Penobscot|2022-06-08|44.{n:05}|-68.5\n" for n in range(60_000))
CONTENT = (HEADER + ROWS).encode()
STALLS_AT = 3_000_000
MARKED_WITHIN = (1 << 20) + 100_000  # bytes that a killed process may not have marked yet

SYNC = """
import sys
from service import sync
from service.context import open_context
from service.configuration.settings import Settings
settings = Settings(data_dir=sys.argv[1], database_url=sys.argv[2], allowed_networks=("127.0.0.1/32",))
sync.sync(open_context(settings), "gnis")
"""


@dataclass
class Board:
    """What the server was asked for, and what it sent."""

    url: str = ""
    ranges: list[str | None] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    stalling: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)


@pytest.fixture
def board() -> Iterator[Board]:
    """Run a server that sends the half of a file and then nothing, and to a question for the rest the rest."""
    given = Board()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1]) if asked else 0
            given.ranges.append(asked)
            self.send_response(206 if start else 200)
            self.send_header("ETag", '"2026-03"')
            self.send_header("Content-Length", str(len(CONTENT) - start))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
            self.end_headers()
            first = not given.sent
            given.sent.append(self.wfile.write(CONTENT[start : STALLS_AT if first else None]))
            if first:
                given.stalling.set()
                given.ended.wait(60)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        given.url = f"http://127.0.0.1:{server.server_port}/DomesticNames_ME_Text.txt"
        yield given
        given.ended.set()
        server.shutdown()
        thread.join()


def test_a_killed_sync_asks_only_for_the_rest(context, board):
    """All places come, no byte but the last few is sent twice, and progress says where it goes on."""
    sync.configure(context, "gnis", "gnis", {"url": board.url})
    url = context.store.url.render_as_string(hide_password=False)
    words = [sys.executable, "-c", SYNC, str(context.settings.data_dir), url]
    process = subprocess.Popen(words, cwd=ROOT)  # noqa: S603 - our own code
    try:
        assert board.stalling.wait(60)
        part = _grown(context.settings.kept / "gnis")
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
    assert part.stat().st_size <= STALLS_AT
    with context.store.begin() as session:
        died = turns.under_way(session)["gnis"]
        leases.renew(session, died, datetime.now(UTC) - timedelta(seconds=1))  # as if a minute had passed
    told = []
    again = sync.sync(context, "gnis", how=How(lambda done, total, what: told.append((done, total, what))))
    assert (again.outcome, again.places, again.broken_off) == (Outcome.UPDATED, 60_000, died.since)
    asked, rest = board.ranges[1], board.sent[1]
    start = len(CONTENT) - rest
    assert asked == f"bytes={start}-"
    assert STALLS_AT - MARKED_WITHIN <= start <= STALLS_AT
    assert any(what == f"bytes fetched, continued at {start:,}" for _, _, what in told)
    assert len(board.sent) == 2


def _grown(folder: Path) -> Path:
    """Return the file that grows there, as soon as everything that was sent has come."""
    for _ in range(600):
        parts = list(folder.glob("*.part"))
        if parts and parts[0].stat().st_size > STALLS_AT - 70_000:  # the last few bytes may wait in a buffer
            return parts[0]
        time.sleep(0.1)
    message = "nothing came"
    raise AssertionError(message)


def test_what_nobody_waits_for_is_pruned(context):
    """Files the last sync did not ask for, and downloads that broke off, go after a day; the rest is shown."""
    folder = context.settings.kept / "gnis"
    assert (kept.weights(context), kept.spare(context), pruning.plan(context, 1).files) == ({}, (), 0)
    folder.mkdir(parents=True)
    wanted, left, part = (folder / f"{name}" for name in ("a.body", "b.body", "a.part"))
    for path in (wanted, left, part):
        path.write_bytes(b"x" * 100)
        os.utime(path, (1_000_000_000, 1_000_000_000))
    (folder / "asked").write_text("a")
    (folder / "c.part").write_bytes(b"young")
    assert kept.weights(context) == {"gnis": 305}
    assert pruning.plan(context, 1).files == 200
    assert wanted.exists() and left.exists()  # noqa: PT018 - nothing is changed by a plan
    assert pruning.prune(context, 1).files == 200
    assert sorted(path.name for path in folder.iterdir()) == ["a.body", "asked", "c.part"]
    Shelf(folder).forget()
    assert kept.weights(context) == {}
