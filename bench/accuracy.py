"""Accuracy of the matcher on labelled real data, with defaults: nothing is tuned on the rows that are scored.

Reads the folders of `shared/data` beside the checkout that hold citizen.csv, official.csv and truth.csv. Run:
python -m bench accuracy
"""

from __future__ import annotations

import csv
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from bench.table import Table
from geodata.coverage import CoverageManifest
from geodata.files.columns import read_places
from geodata.files.tables import read_table
from geodata.index import PlaceIndex
from matchers.base import OfficialList
from matchers.compare import compare
from matchers.evaluation import average_precision, calibration_error

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TODAY = date(2026, 1, 1)
TITLE = "Accuracy on labelled real pairs, with defaults"


@dataclass(frozen=True)
class Score:
    """What the findings of one labelled set are worth."""

    records: int
    hidden: int
    average_precision: float  # of p_absent, for the label hidden
    first_choice: float  # share of listed rows whose best candidate is the true entry
    flagged: int  # hidden_* verdicts
    precision: float  # of those; NaN where there are none
    recall: float
    review: float  # share of rows for a person
    calibration_error: float  # expected, over ten bins of equal size
    seconds: float


def score(folder: Path) -> Score:
    """Compare the two files of a folder and hold the findings against its truth."""
    started = time.perf_counter()
    citizen = read_places(read_table(folder / "citizen.csv")).places
    official = read_places(read_table(folder / "official.csv")).places
    index = PlaceIndex.build(official)
    listed = OfficialList(folder.name, folder.name, "0" * 64, "unknown", None, CoverageManifest(), index)
    found = compare(citizen, listed, today=TODAY).findings
    seconds = time.perf_counter() - started
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {row["record_id"]: row for row in csv.DictReader(file)}
    rows = [truth[record] for record in found.column("record_id").to_pylist()]
    hidden = np.array([row["label"] == "hidden" for row in rows])
    entry = np.array([row["official_id"] for row in rows], dtype=object)
    p_absent = np.array(found.column("p_absent").to_pylist(), dtype=np.float64)
    best = np.array(found.column("official_id").to_pylist(), dtype=object)
    verdict = np.array(found.column("verdict").to_pylist(), dtype=object)
    flagged = np.char.startswith(verdict.astype(str), "hidden_")
    return Score(
        records=len(rows),
        hidden=int(hidden.sum()),
        average_precision=average_precision(hidden, p_absent),
        first_choice=float((best == entry)[~hidden].mean()),
        flagged=int(flagged.sum()),
        precision=float(hidden[flagged].mean()) if flagged.any() else float("nan"),
        recall=float(flagged[hidden].mean()),
        review=float((verdict == "needs_review").mean()),
        calibration_error=calibration_error(hidden, p_absent),
        seconds=seconds,
    )


def run() -> list[Table]:
    """Score every labelled set that is beside this checkout."""
    folders = sorted(truth.parent for truth in DATA.glob("*/truth.csv"))
    if not folders:
        print("accuracy: no labelled sets (citizen.csv, official.csv, truth.csv) in shared/data beside the checkout")
        return []
    columns = ("set", "rows", "hidden", "average precision", "right first choice", "hidden verdicts")
    columns += ("their precision", "their recall", "for review", "calibration error", "seconds")
    return [Table("accuracy", TITLE, columns, tuple(_figures(folder.name, score(folder)) for folder in folders))]


def _figures(name: str, s: Score) -> tuple[str, ...]:
    precision = "none given" if s.flagged == 0 else f"{s.precision:.2f}"
    shares = (f"{s.recall:.2f}", f"{s.review:.2f}", f"{s.calibration_error:.3f}", f"{s.seconds:.1f}")
    ranked = (f"{s.average_precision:.3f}", f"{s.first_choice:.3f}")
    return (name, str(s.records), str(s.hidden), *ranked, str(s.flagged), precision, *shares)
