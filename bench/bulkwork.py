"""Many records against a long list in parts: one process, two, and a Dask cluster of two workers, on the same parts.

Each way does the very same partition files and has to write the very same bytes. The memory is that of all processes
together, what they share counted once (PSS), sampled ten times a second. Run: python -m bench bulkwork
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from hashlib import file_digest
from pathlib import Path

from bench.bigworld import written
from bench.table import Table
from bench.weighed import Weighed
from service.bulk import running
from service.bulk.cluster import on_cluster
from service.bulk.outcomes import Executor, serially
from service.bulk.processes import on_processes
from service.bulk.request import Request
from service.bulk.running import Summary

PLACES, RECORDS = 10_000_000, 1_000_000
FOLDER = Path("var/bench/bulkwork")
TODAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one stage took on one core."""

    stage: str
    seconds: float
    many: int
    each: str

    @property
    def each_us(self) -> float:
        """Microseconds of one row."""
        return 1e6 * self.seconds / self.many


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
    title = f"{records:,} records against {places:,} places in {found['one process'][0].parts} parts"
    columns = ("done by", "seconds", "records a second", "times as fast", "peak MiB of all processes")
    cutting_row = ("cutting, before", f"{cut.seconds['cut']:,.1f}", "", "", f"{cutting.peak_mib:,.0f}")
    costs = _costs(cut, found["one process"][0], (places, records))
    told = tuple((one.stage, f"{one.seconds:,.1f}", f"{one.each_us:.2f}", one.each) for one in costs)
    return [
        Table("bulkwork", title, columns, (cutting_row, *rows)),
        Table("bulkcosts", "What it costs, on one core", ("stage", "seconds", "µs each", "each"), told),
        _grown(costs, alone / found["two processes"][0].seconds["assessed"]),
    ]


def _costs(cut: Summary, one: Summary, size: tuple[int, int]) -> list[Cost]:
    places, records = size
    return [
        Cost("reading and cutting, both files", cut.seconds["cut"], places + records, "row of either"),
        Cost("taking parts from their files", one.seconds["of that read"], places + records, "row of either"),
        Cost("indexing", one.seconds["of that indexed"], places, "entry"),
        Cost("assessing", one.seconds["of that compared"], records, "record"),
        Cost("bringing the results together", one.seconds["brought together"], records, "record"),
    ]


def _grown(costs: list[Cost], speed_up: float) -> Table:
    """Multiply the costs by larger numbers; `speed_up` is that of two cores."""
    rows = []
    for records, places in ((10**5, 10**6), (10**6, 10**7), (10**7, 10**7), (10**8, 10**7), (10**8, 10**8)):
        many = {"row of either": records + places, "entry": places, "record": records}
        seconds = {cost.stage: cost.each_us * many[cost.each] / 1e6 for cost in costs}
        alone = seconds.pop(costs[0].stage)
        shared = sum(seconds.values())
        spans = (_span(alone + shared), _span(alone + shared / speed_up), _span(alone + shared / (32 * speed_up)))
        rows.append((f"{records:,}", f"{places:,}", *spans))
    columns = ("records", "entries", "one core", "two cores", "64 cores")
    return Table("bulkgrowth", "Computed, not run: the same costs for more", columns, tuple(rows))


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


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
