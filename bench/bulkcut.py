"""What cutting a list into parts changes in the verdicts, beside the same list in one piece.

Run: python -m bench bulkcut
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.bigworld import written
from bench.bulkwork import FOLDER, TODAY
from bench.table import Table
from service.bulk import running
from service.bulk.processes import on_processes
from service.bulk.request import Request


def run(places: int = 400_000, records: int = 20_000) -> list[Table]:
    """Compare what parts say with what the whole list says, of one file."""
    official, sent = written(FOLDER, places, records)
    whole, *cuts = (_verdicts(sent, official, rows) for rows in (places, places // 4, places // 16))
    rows = []
    for parts, (count, cut) in zip((4, 16), cuts, strict=True):
        same = np.asarray(pc.equal(cut["verdict"], whole[1]["verdict"]))
        entry = np.asarray(pc.fill_null(pc.equal(cut["official_id"], whole[1]["official_id"]), fill_value=False))
        rival = np.asarray(pc.equal(pc.coalesce(cut["competitor"], ""), pc.coalesce(whole[1]["competitor"], "")))
        moved = np.abs(np.asarray(cut["p_absent"], float) - np.asarray(whole[1]["p_absent"], float))
        rows.append(
            (
                f"{count} (of {places // parts:,} entries each)",
                f"{100 * same.mean():.2f} %",
                f"{100 * entry.mean():.2f} %",
                f"{100 * rival.mean():.2f} %",
                *(f"{np.nanquantile(moved, share):.4f}" for share in (0.5, 0.95, 0.99)),
            )
        )
    columns = ("parts", "same verdict", "same best entry", "same rival", "p_absent moved: median", "95 %", "99 %")
    title = f"What cutting changes: {records:,} records against {places:,} places, beside the list in one piece"
    return [Table("bulkcut", title, columns, tuple(rows))]


def _verdicts(sent: Path, official: Path, rows: int) -> tuple[int, pa.Table]:
    request = Request(sent, str(official), FOLDER / f"cut-{rows}", partition_rows=rows)
    summary = running.run(request, on_processes(2), lambda *_: None, today=TODAY)
    return summary.parts, pq.read_table(summary.out)
