"""The whole API under generated requests, on both databases and as everybody: the test of that, with more requests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict

from bench.page import fill
from bench.table import Table
from fuzz.campaign import ROOT, WORK
from fuzz.results import PAGE

RUNS = 50
FIGURES = WORK / "api.json"


def run(runs: int) -> bool:
    """Send so many requests of each kind to each operation, write figures to the page, and tell whether all held."""
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"UNCOUNTED_FUZZ_RUNS": str(runs), "UNCOUNTED_FUZZ_FIGURES": str(FIGURES)}
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "--tb=short", "tests/service/api/test_fuzz.py"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603 - our own tests
    fill(table(json.loads(FIGURES.read_text(encoding="utf-8"))), PAGE)
    return ended.returncode == 0


def table(answers: list[dict[str, str | int]]) -> Table:
    """Return how often each operation was asked and what it answered, by the first digit of the status."""
    counted: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one in answers:
        counted[str(one["operation"])][int(one["status"]) // 100] += int(one["answers"])
    rows = [_row(f"`{name}`", kinds) for name, kinds in sorted(counted.items())]
    whole = {kind: sum(kinds[kind] for kinds in counted.values()) for kind in range(2, 6)}
    columns = ("operation", "requests", "2xx", "3xx", "4xx", "5xx")
    return Table("fuzzing-api", "The API under generated requests", columns, (*rows, _row("**all**", whole)))


def _row(name: str, kinds: dict[int, int]) -> tuple[str, ...]:
    return name, f"{sum(kinds.values()):,}", *(f"{kinds[kind]:,}" for kind in range(2, 6))
