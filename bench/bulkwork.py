"""Many records against a long list in parts: one process, two, and a Dask cluster of two workers, on the same parts.

Each way does the very same partition files and has to write the very same bytes. The memory is that of all processes
together, what they share counted once (PSS), sampled ten times a second. Run: python -m bench bulkwork
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import Self

from bench.bigworld import written
from bench.table import Table
from service.bulk import running
from service.bulk.cluster import on_cluster
from service.bulk.outcomes import Executor, serially
from service.bulk.processes import on_processes
from service.bulk.request import Request
from service.bulk.running import Summary

PLACES, RECORDS = 10_000_000, 1_000_000
FOLDER = Path("var/bench/bulkwork")
TODAY = date(2026, 1, 1)


def run(places: int = PLACES, records: int = RECORDS, partition_rows: int = 250_000) -> list[Table]:
    """Cut once, assess three times, and say what each took and what a row of either side costs."""
    official, sent = written(FOLDER, places, records)
    request = Request(sent, str(official), FOLDER / "run", partition_rows=partition_rows, keep=True)
    with Weighed() as cutting:
        cut = running.run(request, lambda *_: (one for one in ()), lambda *_: None, today=TODAY)
    ways: dict[str, Callable[[ExitStack], Executor]] = {
        "one process": lambda _: serially,
        "two processes": lambda _: on_processes(2),
        "Dask, two workers": _cluster,
    }
    found = {name: _measured(request, way) for name, way in ways.items()}
    digests = {digest for *_, digest in found.values()}
    assert len(digests) == 1, "not the same bytes whoever does the parts"
    alone = found["one process"][0].seconds["assessed"]
    rows = tuple(
        (
            name,
            f"{summary.seconds['assessed']:,.1f}",
            f"{records / summary.seconds['assessed']:,.0f}",
            f"{alone / summary.seconds['assessed']:.2f}",
            f"{weighed.peak_mib:,.0f}",
        )
        for name, (summary, weighed, _) in found.items()
    )
    one, parts = found["one process"][0], found["one process"][0].parts
    title = (
        f"{records:,} records against {places:,} places in {parts} parts, beside cutting them ({_cut(cut, cutting)})"
    )
    columns = ("done by", "seconds", "records a second", "times as fast", "peak MiB of all processes")
    return [Table("bulkwork", title, columns, rows), _unit_costs(cut, one, (places, records))]


def _cut(cut: Summary, weighed: Weighed) -> str:
    return f"{cut.seconds['cut']:,.1f} s, peak {weighed.peak_mib:,.0f} MiB"


def _unit_costs(cut: Summary, one: Summary, size: tuple[int, int]) -> Table:
    places, records = size
    costs = {
        "reading and cutting, both files": (cut.seconds["cut"], places + records, "row"),
        "taking a part from its files": (one.seconds["of that read"], places + records, "row"),
        "indexing": (one.seconds["of that indexed"], places, "official row"),
        "assessing": (one.seconds["of that compared"], records, "record"),
        "bringing the results together": (one.seconds["brought together"], records, "record"),
    }
    rows = tuple(
        (name, f"{seconds:,.1f}", f"{1e6 * seconds / many:.2f}", unit) for name, (seconds, many, unit) in costs.items()
    )
    return Table("bulkcosts", "What it costs, on one core", ("stage", "seconds", "µs each", "each"), rows)


def _cluster(stack: ExitStack) -> Executor:
    import distributed  # noqa: PLC0415 - an optional extra

    local = distributed.LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0")
    return on_cluster(stack.enter_context(local).scheduler_address)


def _measured(request: Request, way: Callable[[ExitStack], Executor]) -> tuple[Summary, Weighed, str]:
    for path in request.work.glob("verdicts-*.arrow"):
        path.unlink()
    with ExitStack() as stack:
        executor = way(stack)
        with Weighed() as weighed:
            summary = running.run(request, executor, lambda *_: None, today=TODAY)
    assert not summary.failed, summary.failed
    with summary.out.open("rb") as file:
        return summary, weighed, file_digest(file, "sha256").hexdigest()


@dataclass
class Weighed:
    """The most memory that this process and those below it held together at any moment of a block, in MiB."""

    peak_mib: float = 0.0
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.is_set():
            self.peak_mib = max(self.peak_mib, sum(map(_pss_kib, _family(os.getpid()))) / 1024)
            time.sleep(0.1)


def _family(root: int) -> list[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it ended in between
    family = [root]
    for one in family:
        family += [child for child, parent in parents.items() if parent == one]
    return family


def _pss_kib(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
