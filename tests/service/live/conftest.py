"""What the tests of pulls begin with: a server of KoboToolbox and one of ODK Central, both real and on the loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import stamina

from connectors.client import Client
from service.configuration.settings import Settings
from service.context import Context
from service.live.pulling import Brought, Wanted, pull
from service.store import records
from service.store.filters import RecordFilter
from service.store.values import Record


def kobo(number: int, name: str, lat: float, **more: Any) -> dict[str, Any]:
    """Return a submission about a village, as KoboToolbox gives it."""
    return {
        "_id": number,
        "_uuid": f"u{number}",
        "_submission_time": f"2026-03-{number:02}T10:00:00",
        "_validation_status": {},
        "_submitted_by": "collector_a",
        "name": name,
        "location": f"{lat} 35.0 0 40",
        "population": "90",
        **more,
    }


def odk(number: int, name: str, lat: float, **system: Any) -> dict[str, Any]:
    """Return a submission about a village, as ODK Central gives it."""
    times = {"submissionDate": f"2026-03-{number:02}T10:00:00.000Z", "updatedAt": None, "deletedAt": None}
    return {
        "__id": f"uuid:{number}",
        "__system": {**times, "submitterName": "Collector", "reviewState": None, **system},
        "name": name,
        "location": {"type": "Point", "coordinates": [35.0, lat, 0], "properties": {"accuracy": 40}},
        "population": 90,
    }


class Server:
    """A survey tool's server: what it holds, what it was asked, and what goes wrong with it."""

    def __init__(self) -> None:
        """Hold nothing."""
        self.rows: list[dict[str, Any]] = []
        self.deleted: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.trouble: tuple[int, bytes] | None = None
        self.echo = ""  # what the server repeats of its headers, where something is wrong
        self.url = ""

    def answer(self, path: str) -> tuple[int, bytes]:
        """Return the status and body of an answer."""
        self.asked.append(path)
        if self.trouble is not None:
            return self.trouble
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        if "/api/v2/" in path:
            return 200, json.dumps(self._kobo(query)).encode()
        if path.endswith("/v1/sessions"):
            return 200, b'{"token": "cGxhbnRlZCs/a2V5+b2Y/bm9ib2R5="}'
        return 200, json.dumps(self._odk(query)).encode()

    def _kobo(self, query: dict[str, str]) -> dict[str, Any]:
        since = json.loads(query.get("query", "{}")).get("_submission_time", {}).get("$gte", "")
        rows = [row for row in self.rows if row["_submission_time"] >= since]
        start = int(query.get("start", 0))
        more = {**query, "start": start + 2}
        following = f"{self.url}/x?" + "&".join(f"{name}={value}" for name, value in more.items())
        return {
            "count": len(rows),
            "next": following if start + 2 < len(rows) else None,
            "results": rows[start : start + 2],
        }

    def _odk(self, query: dict[str, str]) -> dict[str, Any]:
        condition = query.get("$filter", "")
        at = condition.rpartition(" ")[2]
        rows = self.deleted if "deletedAt" in condition else self.rows
        times = ("submissionDate", "updatedAt", "deletedAt")
        found = [row for row in rows if any((row["__system"][name] or "") >= at for name in times)] if at else rows
        return {"value": found, "@odata.count": len(found)}


@contextmanager
def _served(server: Server) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = server.answer(self.path)
            server.echo = str(self.headers.get("Authorization"))
            body = body.replace(b"ECHO", server.echo.encode())
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{listening.server_port}"
    thread = Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


class Pulling:
    """An organisation that pulls a form into its collection."""

    kobo = staticmethod(kobo)
    odk = staticmethod(odk)
    planted = "cGxhbnRlZCs/a2V5+b2Y/bm9ib2R5="  # has what addresses and headers escape

    def __init__(self, context: Context, caller: Any, server: Server) -> None:
        """Plant the keys."""
        keys: dict[str, Any] = dict.fromkeys(("kobo_token", "odk_email", "odk_password"), self.planted)
        settings: Settings = context.settings.model_copy(update=keys)
        self.context = type(context)(settings, context.store, context.archive, context.lists)
        self.caller = caller
        self.server = server

    def wanted(self, tool: str = "kobo", **more: Any) -> Wanted:
        """Return what is to be pulled."""
        options = {"url": self.server.url, "form": "villages"} | ({"project": "7"} if tool == "odk" else {})
        return Wanted(**{"collection": "live", "tool": tool, "options": options, **more})

    def pull(self, tool: str = "kobo", **more: Any) -> Brought:
        """Pull it."""
        with Client() as client:
            return pull(self.context, client, self.wanted(tool, **more), self.caller)

    def records(self) -> dict[str, Record]:
        """Return the records of the collection, by own id."""
        with self.context.store.read() as session:
            wanted = RecordFilter(organisation=self.caller.organisation, collection="live")
            found = records.page(session, wanted, None, 1_000)
        return {str(record.account.own_id): record for record in found.items}

    def states(self) -> dict[str, tuple[str, int]]:
        """Return the state and the revision of each record."""
        return {own_id: (str(record.state), record.revision) for own_id, record in self.records().items()}


@pytest.fixture(autouse=True)
def impatient() -> Iterator[None]:
    """Try as often as in earnest, without waiting."""
    with stamina.set_testing(True, attempts=5):
        yield


@pytest.fixture
def server() -> Iterator[Server]:
    """Give a server that holds nothing yet."""
    one = Server()
    with _served(one):
        yield one


@pytest.fixture
def pulling(context, scene, server):
    """Give an organisation that pulls, on both databases."""
    return Pulling(context, scene.caller(context.store), server)


@pytest.fixture
def sqlite_pulling(sqlite_context, scene, server):
    """Give an organisation that pulls, on SQLite only."""
    return Pulling(sqlite_context, scene.caller(sqlite_context.store), server)
