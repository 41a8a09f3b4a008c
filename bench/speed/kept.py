"""Made-up lists and records on the disk, made once: the same seeds give the same rows, in every run.

They are kept as Arrow files under var/bench/, to be mapped into memory; delete that folder to make them anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.lists import SEED
from bench.speed.filler import filler
from bench.speed.real import real
from bench.speed.records import Sent, sent
from bench.speed.sketch import joined
from geodata.places import SCHEMA, Places

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench"
MILLION = 1_000_000
#: Of what is made below; another makes everything anew.
EDITION = 2
_PART = 500_000  # rows made at once


def listed(count: int = MILLION, folder: Path = FOLDER) -> Places:
    """Return a list of so many places, real ones first; at least as many as the packages hold."""
    file = folder / f"list-{EDITION}-{count}.arrow"
    if not file.exists():
        _write(file, _made(count))
    return Places(_read(file))


def records(count: int, about: int = MILLION, folder: Path = FOLDER) -> Sent:
    """Return so many records about the list of `about` places."""
    file = folder / f"records-{EDITION}-{count}-of-{about}.arrow"
    if not file.exists():
        made = sent(SEED, listed(about, folder), count)
        _write(file, [made.places.table.append_column("entry", pa.array(made.entry))])
    table = _read(file)
    return Sent(Places(table.select(SCHEMA.names)), table.column("entry").to_numpy())


def _made(count: int) -> Iterator[pa.Table]:
    known = real(np.random.default_rng(SEED))
    if len(known) > count:
        msg = f"the packages alone hold {len(known):,} places; ask for at least as many"
        raise ValueError(msg)
    first = min(count - len(known), _PART)
    yield joined((known, filler(0, known, first))).places().table
    for seed, start in enumerate(range(len(known) + first, count, _PART), 1):
        print(f"  making the list: {start:,} of {count:,} places", flush=True)
        yield filler(seed, known, min(_PART, count - start)).places().table


def _write(file: Path, tables: Iterator[pa.Table] | list[pa.Table]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".part")
    writer = None
    for table in tables:
        writer = writer or pa.ipc.new_file(str(beside), table.schema)
        writer.write_table(table.combine_chunks())
    if writer is not None:
        writer.close()
    beside.replace(file)


def _read(file: Path) -> pa.Table:
    with pa.memory_map(str(file)) as mapped:
        return pa.ipc.open_file(mapped).read_all()
