"""Accuracy of the matcher on labelled real data, with defaults: nothing is tuned on the rows that are scored.

Reads the folders of `shared/data` beside the checkout that hold citizen.csv, official.csv and truth.csv. Run:
python -m bench accuracy
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.table import Table, told
from geodata.coverage import CoverageManifest
from geodata.files.columns import read_places
from geodata.files.tables import read_table
from geodata.index import PlaceIndex
from matchers.base import OfficialList
from matchers.compare import compare
from matchers.evaluation.bootstrap import Figure
from matchers.evaluation.figures import figures
from matchers.evaluation.measured import LABELLED, MeasuredSet, keep
from matchers.evaluation.outcomes import Outcomes
from matchers.parameters import DEFAULTS
from service.offline.truth import read_truth

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TODAY = date(2026, 1, 1)
TITLE = "Accuracy on labelled real pairs, with defaults, and 95 % intervals"
SHOWN = ("average_precision", "first_choice", "precision", "recall", "false_hidden", "review", "calibration_error")
COLUMNS = ("set", "rows", "hidden", "average precision", "right first choice", "hidden verdicts: precision")
COLUMNS += ("their recall", "listed, wrongly flagged", "for review", "calibration error", "seconds")


@dataclass(frozen=True)
class Score:
    """What the findings of one labelled set are worth."""

    outcomes: Outcomes
    figures: dict[str, Figure]
    seconds: float  # that the comparison took


def score(folder: Path) -> Score:
    """Compare the two files of a folder and hold the findings against its truth."""
    started = time.perf_counter()
    citizen = read_places(read_table(folder / "citizen.csv")).places
    official = read_places(read_table(folder / "official.csv")).places
    index = PlaceIndex.build(official)
    listed = OfficialList(folder.name, folder.name, "0" * 64, "unknown", None, CoverageManifest(), index)
    found = compare(citizen, listed, today=TODAY).findings.to_pylist()
    seconds = time.perf_counter() - started
    truth = read_truth(folder / "truth.csv")
    outcomes = Outcomes.of(found, [truth[row["record_id"]] for row in found])
    return Score(outcomes, figures(outcomes), seconds)


def run() -> list[Table]:
    """Score every labelled set that is beside this checkout."""
    folders = sorted(truth.parent for truth in DATA.glob("*/truth.csv"))
    if not folders:
        print("accuracy: no labelled sets (citizen.csv, official.csv, truth.csv) in shared/data beside the checkout")
        return []
    scores = {folder.name: score(folder) for folder in folders}
    sets = [MeasuredSet.of(LABELLED, name, one.outcomes, one.figures) for name, one in scores.items()]
    keep(DEFAULTS.version, LABELLED, sets)
    return [Table("accuracy", TITLE, COLUMNS, tuple(_row(name, one) for name, one in scores.items()))]


def _row(name: str, one: Score) -> tuple[str, ...]:
    counts = (f"{len(one.outcomes):,}", f"{int(one.outcomes.hidden.sum()):,}")
    return (name, *counts, *(told(one.figures[key]) for key in SHOWN), f"{one.seconds:.1f}")
