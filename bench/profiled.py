"""One hot path, made ready and then walked for some seconds: what `bench.profiling` watches.

Run by it: python -m bench.profiled PATH SECONDS
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import uvicorn

from bench import importing, posting
from bench.importing_ways import taken
from bench.load import request
from bench.speed import kept
from bench.speed.flat import flat_list, flat_records
from bench.speed.ours import TODAY, listing
from bench.speed.walked import ready as searched
from geodata.index import PlaceIndex
from matchers.assess import assess
from matchers.compare import compare
from service.app import create_app
from service.context import open_context

RECORDS = 20_000  # of the hundred thousand, each round
ROWS = 50_000  # of a file that is imported, each round
PLACES = 100_000  # of the list that is indexed
CONNECTIONS, POSTED = 4, 400

#: What a walk ends with: the work of one round.
Work = Callable[[], object]


def verifying() -> Work:
    """Verify records in bulk, on one thread, so that no waiting is seen."""
    listed, sent = listing(kept.MILLION), kept.records(100_000).places
    parts = cycle([sent.table.slice(start, RECORDS) for start in range(0, len(sent), RECORDS)])
    return lambda: assess(type(sent)(next(parts)), listed, today=TODAY, threads=1)


def one_by_one() -> Work:
    """Verify one record at a time, with its reasons in words."""
    listed, sent = listing(kept.MILLION), kept.records(100_000).places
    rows = cycle(range(len(sent)))
    return lambda: compare(type(sent)(sent.table.slice(next(rows), 1)), listed, today=TODAY)


def searching() -> Work:
    """Find the best five candidates of each record."""
    return searched(str(flat_records(100_000)), str(flat_list()), 1, 100_000)


def indexing() -> Work:
    """Index the list."""
    places = kept.listed()
    return lambda: PlaceIndex.build(type(places)(places.table.slice(0, PLACES)))


def taking_in() -> Work:
    """Import a file into SQLite, each round into a database of its own."""
    file = Path(tempfile.mkdtemp()) / "villages.csv"
    importing.write(file, ROWS)
    number = iter(range(1_000_000))
    return lambda: taken(f"sqlite:///{file.parent}/{next(number)}.sqlite", file, ROWS)


def answering() -> Work:
    """Serve posted records on threads of this process, sent by another one."""
    installed = posting.install(Path(tempfile.mkdtemp()), kept.MILLION)
    app = create_app(open_context(installed.settings))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    bodies = cycle(installed.bodies)
    return lambda: posting.load(
        port, CONNECTIONS, [request("POST", "/v1/records", next(bodies), installed.secret) for _ in range(POSTED)]
    )


PATHS = {
    "verifying": verifying,
    "one": one_by_one,
    "searching": searching,
    "indexing": indexing,
    "taking-in": taking_in,
    "answering": answering,
}


def walk(work: Work, seconds: float) -> None:
    """Do the work again and again; what is seen below this function is the hot path."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        work()


def prepare(path: str) -> Work:
    """Return the work of a path after one round; what is seen below this function is not counted."""
    work = PATHS[path]()
    work()
    return work


if __name__ == "__main__":
    walk(prepare(sys.argv[1]), float(sys.argv[2]))
