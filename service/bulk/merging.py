"""The results of all parts brought together in the order of the records' file, some rows at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from matchers.base import Verdict
from service.bulk.laying import LOST
from service.bulk.plan import Plan
from service.bulk.task import EXPLAINED, RESULTS, explained_of, is_done, results_of
from service.writing.formats import csv_text

_ROWS = 500_000  # of the records' file, brought together at a time


def merge(plan: Plan, folder: Path, out: Path) -> Counter[str]:
    """Write the verdicts of all parts that are done to a Parquet or CSV file; return how many there are of each.

    A row that could not be read has its row there too.
    """
    parts = [results_of(folder, part.number) for part in plan.parts if is_done(folder, plan, part.number)]
    tally: Counter[str] = Counter()
    with ExitStack() as stack:
        tables = [*_mapped(parts, stack), _lost(folder)]
        with _writer(out, RESULTS) as write:
            for table in _ordered(tables, RESULTS):
                write(table)
                counts = pc.value_counts(table.column("verdict")).to_pylist()
                tally.update({one["values"]: one["counts"] for one in counts})
    return tally


def merge_explained(plan: Plan, folder: Path, out: Path) -> None:
    """Write the findings that were asked for with their reasons."""
    done = [explained_of(folder, part.number) for part in plan.parts if is_done(folder, plan, part.number)]
    with ExitStack() as stack:
        shown = pa.schema([field for field in EXPLAINED if field.name != "counted"])
        tables = [table.select(shown.names).cast(shown) for table in _mapped(done, stack)]
        with _writer(out, shown) as write:
            for table in _ordered([*tables, shown.empty_table()], shown):
                write(table)


def _mapped(paths: list[Path], stack: ExitStack) -> list[pa.Table]:
    return [pa.ipc.open_file(stack.enter_context(pa.memory_map(str(path)))).read_all() for path in paths]


def _lost(folder: Path) -> pa.Table:
    """Return a result for each row that could not be read, as `uncounted compare` gives one."""
    with pa.memory_map(str(folder / LOST)) as source:
        rows = pa.ipc.open_file(source).read_all().column("row").to_pylist()
    return pa.Table.from_pylist(
        [
            {
                "row": row,
                "record_id": f"row-{row}",
                "verdict": Verdict.INSUFFICIENT_EVIDENCE.value,
                "needs_review": False,
                "attributes": ["unreadable_row"],
                "failed_preconditions": [],
                "looked": "unreadable",
            }
            for row in sorted(rows)
        ],
        schema=RESULTS,
    )


def _ordered(tables: list[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield the rows of tables, each of which is in order, in order; at least once, so that headers are written."""
    numbers: list[NDArray[np.int64]] = [np.asarray(table.column("row")) for table in tables]
    last = max((int(rows[-1]) for rows in numbers if len(rows)), default=0)
    for first in range(0, last + 1, _ROWS):
        bounds = [np.searchsorted(rows, (first, first + _ROWS)).tolist() for rows in numbers]
        some = [table.slice(begin, end - begin) for table, (begin, end) in zip(tables, bounds, strict=True)]
        found = pa.concat_tables(some)
        order = np.argsort(np.asarray(found.column("row")), kind="stable")
        yield found.take(pa.array(order)).combine_chunks().replace_schema_metadata(None).cast(schema)


@contextmanager
def _writer(out: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], Any]]:
    """Return what writes tables to a file, one after the other, by its ending; it appears whole or not at all."""
    partial = out.with_name(f"{out.name}.partial")
    try:
        with ExitStack() as stack:
            if out.suffix == ".parquet":
                yield stack.enter_context(pq.ParquetWriter(partial, schema, compression="zstd")).write_table
            else:
                yield _csv(stack.enter_context(partial.open("wb")), schema.names)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


def _csv(file: BinaryIO, names: list[str]) -> Callable[[pa.Table], Any]:
    file.write(csv_text(names, []))
    rest = len(csv_text(names, []))
    return lambda table: file.write(csv_text(names, table.to_pylist())[rest:])
