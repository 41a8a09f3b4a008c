"""Hold-out hiding on three whole official lists: are the hidden found, and the kept left alone? With defaults.

A fifth of each list is hidden, in units half of whose entries stay listed; accounts of all entries are made with noise
in spelling, location and units (`matchers.evaluation`), and compared with what is left. Run: python -m bench holdout
(2,000 accounts a list, in whole units) or python -m bench holdout --all
"""

from __future__ import annotations

import sys
import time
from datetime import date

import numpy as np
import pyarrow as pa

from bench.registers import REGISTERS, Register
from bench.table import Table
from geodata.index import PlaceIndex
from geodata.places import SCHEMA, Places
from matchers.base import OfficialList
from matchers.evaluation.trial import Trial, Tried, hold_out

SAMPLE = 2_000
TODAY = date(2026, 1, 1)
COLUMNS = ("list", "entries", "accounts", "hidden", "hidden verdicts", "their precision", "their recall")
COLUMNS += ("listed, wrongly flagged", "for review", "hidden, wrongly matched", "right entry when matched", "seconds")


def run() -> list[Table]:
    """Try every list whose package is installed."""
    return [
        Table("holdout", "Hold-out hiding, with defaults", COLUMNS, tuple(_row(read()) for read in REGISTERS.values()))
    ]


def trial(register: Register, settings: Trial) -> Tried:
    """Run one trial on a register as its publisher shows it."""
    listed = OfficialList(
        source=register.package,
        title=register.title,
        snapshot="0" * 64,
        vintage=register.package,
        reference_date=None,
        coverage=register.coverage,
        index=PlaceIndex.build(_shown(register)),
    )
    return hold_out(register.places, listed, settings, today=TODAY)


def _row(register: Register) -> tuple[str, ...]:
    started = time.perf_counter()
    found = trial(register, Trial(sample=None if "--all" in sys.argv else SAMPLE)).outcomes
    seconds = time.perf_counter() - started
    shares = (
        found.hidden[found.flagged],
        found.flagged[found.hidden],
        found.flagged[~found.hidden],
        found.review,
        found.matched[found.hidden],
        found.right[found.matched & ~found.hidden],
    )
    counts = (len(register.places), len(found), int(found.hidden.sum()), int(found.flagged.sum()))
    figures = (f"{np.mean(share):.4f}" if len(share) else "none" for share in shares)
    return (register.title, *(f"{count:,}" for count in counts), *figures, f"{seconds:.1f}")


def _shown(register: Register) -> Places:
    """Return the entries under the names the list itself shows."""
    if register.shown is None:
        return register.places
    field = SCHEMA.field("names")
    names = [row[: register.shown] for row in register.places.column("names").to_pylist()]
    table = register.places.table
    return Places(table.set_column(table.schema.get_field_index("names"), field, pa.array(names, field.type)))
