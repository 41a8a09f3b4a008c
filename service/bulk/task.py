"""One part, assessed: its rows are read from the folder of the run, its results written there, whole or not at all.

Any process may do it, on any machine that sees the folder; doing it twice writes the same bytes.
"""

from __future__ import annotations

import os
import resource
import time
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.index import PlaceIndex
from geodata.places import SCHEMA, Places
from geodata.taxonomy import install
from matchers.base import FINDINGS, OfficialList
from matchers.bulk.assessing import VERDICTS, How, assessed, findings
from matchers.bulk.reach import WIDER, Looked
from service.bulk.laying import OFFICIAL, RECORDS
from service.bulk.partitioning import GROUPS
from service.bulk.plan import Plan, looked_for, parts_of, read_plan
from service.bulk.spread import Spread

#: One row per record of the file.
RESULTS = pa.schema(
    [pa.field("row", pa.int64()), pa.field("record_id", pa.string()), *VERDICTS, ("looked", pa.string())]
)

#: The same for those whose reasons are asked for.
EXPLAINED = pa.schema([pa.field("row", pa.int64()), *FINDINGS])

#: Such a record is compared with nothing, and a finding that knows only that would give another reason.
_TOO_UNCERTAIN = "the list would have to be searched more than {:,.0f} km around, so uncertain is the location"

_RESULTS, _EXPLAINED = "verdicts", "explained"
_DIGEST = b"uncounted.run"


class Done(NamedTuple):
    """What assessing a part took."""

    part: int
    own: int  # records that it answers for
    weighed: int  # with those beside them
    entries: int
    reading_s: float
    indexing_s: float
    assessing_s: float
    process: int
    peak_kib: int  # of that process so far


class PlanGone(RuntimeError):
    """The folder of the run holds no plan: it was removed, or this machine does not see it."""


def results_of(folder: Path, part: int) -> Path:
    """Return where the verdicts of a part stand."""
    return folder / f"{_RESULTS}-{part:05d}.arrow"


def explained_of(folder: Path, part: int) -> Path:
    """Return where the findings of a part stand that are written with reasons."""
    return folder / f"{_EXPLAINED}-{part:05d}.arrow"


def is_done(folder: Path, plan: Plan, part: int) -> bool:
    """Return whether a part was assessed in this very run, whole."""
    try:
        with pa.memory_map(str(results_of(folder, part))) as source:
            return bool((pa.ipc.open_file(source).schema.metadata or {}).get(_DIGEST) == plan.digest.encode())
    except (OSError, pa.ArrowInvalid):
        return False


def assess_part(folder: Path, part: int, threads: int = 1) -> Done:
    """Assess one part of the run in a folder. Raises `PlanGone`, and whatever reading and comparing raise."""
    pa.set_cpu_count(threads)
    plan = _plan(str(folder))
    began = time.perf_counter()
    records, official = _rows(folder, plan, part)
    read = time.perf_counter()
    listed = OfficialList(
        source=plan.source,
        title=plan.title,
        snapshot=plan.snapshot,
        vintage=plan.vintage,
        reference_date=plan.manifest.reference_date,
        coverage=plan.manifest,
        index=PlaceIndex.build(official),
        whole=plan.whole,
    )
    indexed = time.perf_counter()
    own = np.asarray(records.column("part")) == part
    _assess(folder, (plan, part), (records, own), (listed, How(plan.model, plan.today, threads)))
    pa.default_memory_pool().release_unused()  # the next part may be larger elsewhere
    return Done(
        part=part,
        own=int(own.sum()),
        weighed=len(own),
        entries=len(official),
        reading_s=read - began,
        indexing_s=indexed - read,
        assessing_s=time.perf_counter() - indexed,
        process=os.getpid(),
        peak_kib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    )


@lru_cache(maxsize=1)
def _plan(folder: str) -> Plan:
    plan = read_plan(Path(folder))
    if plan is None:
        msg = f"{folder} holds no plan of a run"
        raise PlanGone(msg)
    groups = Path(folder) / GROUPS
    install(*([groups] if groups.exists() else []))
    return plan


def _rows(folder: Path, plan: Plan, part: int) -> tuple[pa.Table, Places]:
    """Return the records of a part, in the order of their file, and the entries they are compared with."""
    parts = parts_of(plan.cells)
    also = [part - plan.cells] if looked_for(plan.cells, part) is Looked.WIDE else []  # they may claim the same
    records = Spread(folder / RECORDS, parts).rows([*also, part])
    order = np.argsort(np.asarray(records.column("row")), kind="stable")
    official = Spread(folder / OFFICIAL, parts).rows([part])
    return records.take(pa.array(order)).combine_chunks(), Places(official)


def _assess(
    folder: Path, of: tuple[Plan, int], rows: tuple[pa.Table, np.ndarray], how: tuple[OfficialList, How]
) -> None:
    (plan, part), (records, own) = of, rows
    places, mask = Places(records.select(SCHEMA.names)), pa.array(own)
    found = assessed(places, *how).filter(mask)
    mine = records.select(["row", "written"]).filter(mask)
    looked = pa.array([_looked(plan, part)] * len(mine), pa.string())
    columns = [mine.column("row"), mine.column("written"), *found.columns, looked]
    if plan.wanted:
        told = findings(places, *how).filter(mask)
        told = told.set_column(0, FINDINGS.field("record_id"), mine.column("written"))
        told = told.add_column(0, EXPLAINED.field("row"), mine.column("row"))
        if looked_for(plan.cells, part) is Looked.TOO_UNCERTAIN:
            reason = pa.array([_TOO_UNCERTAIN.format(WIDER * plan.halo_m / 1000)] * len(told), pa.string())
            told = told.set_column(told.schema.get_field_index("reason"), FINDINGS.field("reason"), reason)
        asked = pc.is_in(told.column("verdict"), pa.array(sorted(plan.wanted)))
        _write(explained_of(folder, part), told.filter(asked).cast(EXPLAINED), plan)
    _write(results_of(folder, part), pa.Table.from_arrays(columns, schema=RESULTS), plan)


def _looked(plan: Plan, part: int) -> str:
    return "whole_list" if plan.whole else looked_for(plan.cells, part).name.casefold()


def _write(path: Path, table: pa.Table, plan: Plan) -> None:
    """Write a table under another name first, so that it appears whole, and say in it which run it belongs to."""
    partial = path.with_suffix(f".{os.getpid()}.partial")
    table = table.combine_chunks().replace_schema_metadata({_DIGEST: plan.digest.encode()})
    with pa.OSFile(str(partial), "wb") as file, pa.ipc.new_file(file, table.schema) as out:
        out.write_table(table)
    partial.replace(path)
