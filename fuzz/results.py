"""Figures of campaigns, kept beside their targets and shown on the page about fuzzing."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from bench.page import DOCS, fill
from bench.table import Table
from fuzz.campaign import Came

RESULTS = Path(__file__).parent / "results.json"
PAGE = DOCS / "fuzzing.md"
COLUMNS = ("target", "reads", "inputs", "a second", "slowest, s", "memory, MB", "outcome")


def kept() -> dict[str, Came]:
    """Return what came of the last campaign of each target."""
    plain = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else []
    return {one["name"]: Came(**one) for one in plain}


def keep(came: Came) -> None:
    """Keep what came of a campaign in the place of the target's last one, and write the page anew."""
    everything = kept() | {came.name: came}
    rows = [asdict(one) for one in everything.values()]
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    if PAGE.is_file():
        fill(table(everything), PAGE)


def table(everything: dict[str, Came]) -> Table:
    """Return the campaigns as a table, with all inputs together in its last row."""
    rows = [_row(one) for one in everything.values()]
    inputs = sum(one.inputs for one in everything.values())
    rows.append(("**all**", f"{len(everything)} readers", f"**{inputs:,}**", "", "", "", ""))
    return Table("fuzzing", "Fuzzing", COLUMNS, tuple(rows))


def told(came: Came) -> str:
    """Return a campaign as a line of text."""
    _, *cells = _row(came)
    return f"{came.name:22} {cells[1]:>10} inputs {cells[2]:>8}/s  slowest {cells[3]} s  {cells[4]} MB  {cells[5]}"


def _row(came: Came) -> tuple[str, ...]:
    memory = f"{came.settled_mb:.0f} → {came.ended_mb:.0f}"
    speed = f"{came.inputs / max(came.seconds, 0.1):,.0f}"
    return came.name, came.what, f"{came.inputs:,}", speed, str(came.slowest_s), memory, came.outcome
