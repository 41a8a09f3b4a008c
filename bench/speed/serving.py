"""A page of 200 flags as JSON: encoded as this service does, and as FastAPI does where nobody says otherwise.

Both are routes of one application, asked in-process without a network; each returns the same flags, those of the Kibera
sample over and over. What maps are sent is measured in `bench.speed.drawing`. Run: python -m bench serving
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from bench.table import Table
from service import demo
from service.api.answers_flag import FlagPage
from service.app import create_app
from service.callers.caller import ANONYMOUS, Role
from service.configuration.settings import Settings
from service.context import close, open_context
from service.http.answers import Answer, reply
from service.store.migrate import upgrade
from service.writing.formats import json_text

FLAGS = 200
ROUNDS = 60
OURS, THEIRS = "orjson, as this service answers, with its ETag", "FastAPI with its response model"
COLUMNS = ("way", "median ms", "on the CPU, ms", "KiB", "ours is faster by")


def run() -> list[Table]:
    """Ask both routes by turns."""
    page = _page()
    app = FastAPI()

    @app.get("/ours", response_model=FlagPage)
    def ours(request: Request) -> Response:
        return reply(request, ANONYMOUS, Answer(json_text(page)))

    @app.get("/theirs", response_model=FlagPage)
    def theirs() -> dict[str, Any]:
        return page

    took: dict[str, list[tuple[float, float]]] = {OURS: [], THEIRS: []}
    with TestClient(app) as client:
        assert client.get("/ours").json() == client.get("/theirs").json()
        size = len(client.get("/ours").content)
        for _ in range(ROUNDS):
            for way, path in ((OURS, "/ours"), (THEIRS, "/theirs")):
                began, used = time.perf_counter(), time.process_time()
                client.get(path)
                took[way].append((time.perf_counter() - began, time.process_time() - used))
    medians = {
        way: [1000 * statistics.median(column) for column in zip(*rounds, strict=True)] for way, rounds in took.items()
    }
    rows = [
        (way, f"{wall:.2f}", f"{cpu:.2f}", f"{size / 1024:,.0f}", f"{wall / medians[OURS][0]:.1f}")
        for way, (wall, cpu) in medians.items()
    ]
    return [Table("serving", f"A page of {FLAGS} flags as JSON, median of {ROUNDS} rounds", COLUMNS, tuple(rows))]


def _page() -> dict[str, Any]:
    """Return a page of flags as the service shows them to a reviewer."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), log_level="error")
        upgrade(settings.database)
        context = open_context(settings)
        demo.load(context, demo.samples(context)[0], lambda *_: None)
        headers = {"Authorization": f"Bearer {demo.role_keys(context)[Role.REVIEWER]}"}
        with TestClient(create_app(context), headers=headers) as client:
            shown = client.get("/v1/flags", params={"limit": FLAGS}).raise_for_status().json()
        close(context)
    flags = shown["items"]
    assert flags, "the sample raised no flag"
    return {"numberReturned": FLAGS, "next": None, "items": [flags[at % len(flags)] for at in range(FLAGS)]}
