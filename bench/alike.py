"""Whether the time of an answer tells that a hidden record exists: hidden and unknown ids, asked over real HTTP.

A reviewer asks for closed records of another organisation and for identifiers that nothing bears, in random order, over
kept-alive connections to uvicorn on the loopback. AUC is the probability that a hidden one takes longer than an unknown
one: 0.5 says nothing, 1.0 says it all. Each operation is measured as it is, and with `service.http.evenly` made
ineffective, to show what would be told without it. Run: python -m bench alike
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
import uvicorn
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu

from bench.lists import SEED
from bench.table import Table
from service import submit, verify
from service.accounts.account import Account, Name
from service.app import create_app
from service.callers.caller import Caller, Role
from service.configuration.settings import Settings
from service.context import Context, close, open_context
from service.http import evenly
from service.store import keys
from service.store.identifiers import new_id
from service.store.migrate import upgrade
from tests.crawl.lists import publish

SAMPLES = int(os.environ.get("UNCOUNTED_BENCH_SAMPLES", "2000"))  # of each kind, for each operation
CONNECTIONS = 4
START_S = 120.0
FIGURE = Path(__file__).resolve().parents[1] / "docs" / "images" / "alike.svg"
COLUMNS = (
    "operation",
    "answers",
    "AUC",
    "noise of AUC",
    "p50 hidden ms",
    "p50 unknown ms",
    "p99 hidden ms",
    "p99 unknown ms",
)

REVIEW = b'{"decision": "confirmed", "reason_code": "field_visit"}'
RELEASE = b'{"reason_code": "checked"}'
OPERATIONS = {
    "GET /v1/records/{id}": ("record", "GET /v1/records/{} HTTP/1.1", b""),
    "GET /v1/flags/{id}": ("flag", "GET /v1/flags/{} HTTP/1.1", b""),
    "GET /v1/findings/{id}/certificate": ("finding", "GET /v1/findings/{}/certificate HTTP/1.1", b""),
    "POST /v1/flags/{id}/reviews": ("flag", "POST /v1/flags/{}/reviews HTTP/1.1", REVIEW),
    "POST /v1/records/{id}/release": ("record", "POST /v1/records/{}/release HTTP/1.1", RELEASE),
}
Times = dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]  # hidden, unknown; milliseconds


@dataclass(frozen=True, slots=True)
class Planted:
    """An installation with closed records in it."""

    settings: Settings
    secret: str  # of a reviewer who may not see them
    ids: dict[str, list[str]]


def run() -> list[Table]:
    """Measure both ways, draw the distributions and return the table."""
    with tempfile.TemporaryDirectory() as folder:
        planted = plant(Path(folder))
        even, uneven = (measured(planted, Path(folder), every_s) for every_s in (evenly.EVERY_S, 1e-6))
    draw(even, uneven)
    rows = [row for way, times in (("even", even), ("as they come", uneven)) for row in _rows(way, times)]
    return [Table("alike", "Hidden and unknown identifiers, told apart by time", COLUMNS, tuple(rows))]


def plant(folder: Path) -> Planted:
    """Make an installation that holds two hundred closed records, each with a flag and a finding."""
    settings = Settings(data_dir=folder, log_level="error")
    upgrade(settings.database)
    context = open_context(settings)
    publish(context)
    accounts = [
        Account(
            (Name(f"Kijiji {at}"),),
            "KEN",
            lat=-0.5 + 0.01 * at,
            lon=37.0,
            r95_m=50.0,
            kind="village",
            sensitivity="closed",
        )
        for at in range(200)
    ]
    kept = submit.accept(context, accounts, Caller("a-group", None, Role.ADMIN))
    found = verify.verify(context, [one.record_id for one in kept])
    ids = {
        "record": [record.id for record in found],
        "flag": [record.flag_id for record in found if record.flag_id],
        "finding": [record.findings[0].id for record in found if record.findings],
    }
    with context.store.begin() as session:
        secret = keys.create(session, "statistics-office", Role.REVIEWER, "bench")
    close(context)
    return Planted(settings, secret, ids)


def measured(planted: Planted, folder: Path, every_s: float) -> Times:
    """Serve in a process of its own, and ask."""
    port = 8000 + os.getpid() % 20_000 + (every_s < evenly.EVERY_S)
    command = [sys.executable, "-m", "bench.alike", str(folder), str(port), str(every_s)]
    with subprocess.Popen(command) as server:  # noqa: S603 - this module
        try:
            return asyncio.run(_asked(planted, port))
        finally:
            server.terminate()


async def _asked(planted: Planted, port: int) -> Times:
    until = time.monotonic() + START_S
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.1)
        else:
            writer.close()
            break
    return {name: await _operation(planted, port, name) for name in OPERATIONS}


async def _operation(planted: Planted, port: int, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    kind, line, body = OPERATIONS[name]
    chance = random.Random(SEED)  # noqa: S311 - the order of questions
    asked = [
        (hidden, chance.choice(planted.ids[kind]) if hidden else new_id()) for hidden in [True, False] * (SAMPLES + 100)
    ]
    chance.shuffle(asked)
    fields = ("Host: x", f"Authorization: Bearer {planted.secret}", "Content-Type: application/json")
    head = "".join(f"\r\n{one}" for one in (*fields, f"Content-Length: {len(body)}")) + "\r\n\r\n"
    requests = [(hidden, f"{line.format(one)}{head}".encode() + body) for hidden, one in asked]
    parts = [_connection(port, requests[at::CONNECTIONS]) for at in range(CONNECTIONS)]
    taken = [one for part in await asyncio.gather(*parts) for one in part[50:]]  # the first ones warm up
    return tuple(np.array([ms for hidden, ms in taken if hidden is wanted]) for wanted in (True, False))  # type: ignore[return-value]


async def _connection(port: int, requests: Sequence[tuple[bool, bytes]]) -> list[tuple[bool, float]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    taken = []
    for hidden, request in requests:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 404"), head
        await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]))
        taken.append((hidden, (time.perf_counter() - began) * 1000))
    writer.close()
    return taken


def _rows(way: str, times: Times) -> list[tuple[str, ...]]:
    rows = []
    for name, (hidden, unknown) in times.items():
        n, m = len(hidden), len(unknown)
        auc = mannwhitneyu(hidden, unknown).statistic / (n * m)
        noise = 1.96 * ((n + m + 1) / (12 * n * m)) ** 0.5  # of AUC where both are alike, 95 %
        quantiles = [f"{np.quantile(part, q):.2f}" for q in (0.5, 0.99) for part in (hidden, unknown)]
        rows.append((name, way, f"{auc:.3f}", f"0.5 ± {noise:.3f}", *quantiles))
    return rows


def draw(even: Times, uneven: Times) -> None:
    """Draw how many answers came within how many milliseconds, hidden beside unknown, both ways."""
    with mpl.rc_context({"svg.hashsalt": "uncounted", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(10, 3.4), layout="constrained")
        titles = ("as they come", f"at multiples of {evenly.EVERY_S * 1000:g} ms")
        levels = np.linspace(0, 1, 101)
        for panel, title, times in zip(figure.subplots(1, 2, sharey=True), titles, (uneven, even), strict=True):
            for colour, (name, (hidden, unknown)) in zip(("C0", "C1", "C2", "C3", "C4"), times.items(), strict=True):
                for part, style in ((hidden, "-"), (unknown, ":")):
                    label = name if style == "-" else None
                    panel.plot(np.quantile(part, levels), levels, color=colour, linestyle=style, label=label)
            panel.set_xlim(
                0, float(np.quantile(np.concatenate([np.concatenate(pair) for pair in times.values()]), 0.99))
            )
            panel.set_title(f"{title}: hidden solid, unknown dotted", fontsize=9)
            panel.set_xlabel("milliseconds")
        panel.legend(fontsize=7)
        figure.savefig(FIGURE, metadata={"Date": None})


def serve(folder: Path, port: int, every_s: float) -> None:
    """Serve an installation, with not-founds at multiples of this many seconds."""
    evenly.EVERY_S = every_s
    context: Context = open_context(Settings(data_dir=folder, log_level="error"))
    uvicorn.run(create_app(context), host="127.0.0.1", port=port, log_config=None)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
