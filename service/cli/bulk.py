"""The command for many records against a long list: on this machine's cores, or on a Dask cluster."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from matchers.base import Verdict
from service.bulk.cluster import on_cluster
from service.bulk.outcomes import Executor, serially
from service.bulk.processes import on_processes
from service.bulk.request import HALO_M, PARTITION_ROWS, Request
from service.bulk.running import Summary, run
from service.cli import terminal
from service.cli.findings import Map, columns_of
from service.errors import INVALID, Problem

_SHOWN = 10  # failures; more would scroll the summary away


def bulk(  # noqa: PLR0913 - every option of a command is a parameter
    records: Annotated[Path, typer.Argument(help="The communities you know: CSV of any size, Parquet, XLSX …")],
    *,
    official: Annotated[
        str, typer.Option("--list", help="The official list: a file, a source's name, or a snapshot's sha256.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write to; a run broken off goes on from it.")],
    workers: Annotated[int | None, typer.Option(min=1, help="Processes of this machine; default: all cores.")] = None,
    dask: Annotated[str | None, typer.Option(help="A Dask scheduler instead, e.g. tcp://scheduler:8786.")] = None,
    partition_rows: Annotated[int, typer.Option(help="Entries of a part; memory goes by it.")] = PARTITION_ROWS,
    halo_km: Annotated[float, typer.Option(help="Entries held beside a part, in km about it.")] = HALO_M / 1000,
    explain: Annotated[
        list[Verdict] | None, typer.Option(help="Also write the reasons of records with this verdict. Repeatable.")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV instead of Parquet.")] = False,
    mapping: Map = None,
    parameters: Annotated[Path | None, typer.Option(help="Numbers to use, as `uncounted train` writes them.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the folder of what was made on the way.")] = False,
) -> None:
    """Verify very many records against a list of any length, part by part of the ground.

    Examples: **uncounted bulk villages.csv --list geonames --out found**

    **uncounted bulk villages.parquet --list register.csv --out found --workers 4 --explain hidden_place**

    **uncounted bulk villages.parquet --list geonames --out /shared/found --dask tcp://scheduler:8786**
    """
    if workers is not None and dask is not None:
        detail = "Say --workers for this machine or --dask for a cluster, not both."
        raise Problem(INVALID, detail)
    request = Request(
        records,
        official,
        out,
        *columns_of(mapping or []),
        parameters=parameters,
        partition_rows=partition_rows,
        halo_m=halo_km * 1000,
        explain=tuple(explain or ()),
        as_csv=csv,
        keep=keep,
    )
    try:
        with terminal.progress("Verifying") as step:
            summary = run(request, _executor(workers, dask), step, today=datetime.now(UTC).date())
    except KeyboardInterrupt:
        terminal.err.print(f"Stopped. What is done stays in {request.work}; the same command goes on from there.")
        raise
    _show(summary)
    if summary.failed:
        raise typer.Exit(1)


def _executor(workers: int | None, dask: str | None) -> Executor:
    if dask is not None:
        return on_cluster(dask)
    count = workers or len(os.sched_getaffinity(0))
    return serially if count == 1 else on_processes(count)


def _show(summary: Summary) -> None:
    terminal.summary(
        f"{summary.records:,} records verified against {summary.official:,} entries of {summary.title}",
        {verdict: f"{number:,}" for verdict, number in summary.verdicts.items() if number},
    )
    terminal.summary(
        f"Parts: {summary.parts:,}" + (f", {summary.again:,} of them done before" if summary.again else ""),
        {
            **{f"{stage}, s": f"{seconds:,.1f}" for stage, seconds in summary.seconds.items()},
            "memory of all, at most": f"{summary.peak_mib:,} MiB",
        },
    )
    for how, sentence in _LOOKED.items():
        if number := summary.looked.get(how):
            terminal.err.print(sentence.format(number=f"{number:,}"))
    if summary.unplaced and not summary.held:
        terminal.err.print(
            f"{summary.unplaced:,} entries without a location are in no part; records are not found in them."
        )
    if summary.problems:
        terminal.err.print(f"{terminal.counted(summary.problems, 'thing')} to mend in the files, told in problems.csv.")
    for failed in summary.failed[:_SHOWN]:
        terminal.err.print(f"Part {failed.part} could not be assessed: {failed.reason}", markup=False)
    if summary.failed:
        told = f"{len(summary.failed):,} of {summary.parts:,} parts failed; the others are written."
        terminal.err.print(f"{told} The same command tries only these again.")
    terminal.err.print(f"Written to {summary.out}.", markup=False)


#: What is said of records that were not simply looked for near where they are.
_LOOKED = {
    "wide": "{number} records are so uncertain that a wider halo was searched.",
    "too_uncertain": "{number} records are too uncertain to be looked for; a wider --halo-km takes them.",
    "no_location": "{number} records have no location, without which a list as long as this one is not searched.",
}
