"""Accuracy of the matcher on labelled real data, with defaults: nothing is tuned on the rows that are scored.

Reads the folders of DATA that hold citizen.csv, official.csv and truth.csv (default: ../shared/data beside the
checkout). Run: python bench/accuracy.py [DATA]
"""

from __future__ import annotations

import csv
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geodata.columns import read_places
from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from geodata.tables import read_table
from matchers.base import OfficialList
from matchers.compare import compare

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TODAY = date(2026, 1, 1)
BINS = 10


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


def average_precision(label: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    """Return the average precision of a ranking; rows of one score count as one step."""
    order = np.argsort(-score, kind="stable")
    label, score = label[order], score[order]
    last = np.flatnonzero(np.append(score[1:] != score[:-1], True))
    found = np.cumsum(label)[last]
    recall = np.concatenate(([0.0], found / label.sum()))
    return float(np.sum(np.diff(recall) * found / (last + 1)))


def calibration_error(label: NDArray[np.bool_], probability: NDArray[np.float64]) -> float:
    """Return the mean gap between stated and true frequency over bins of equal size."""
    bins = np.array_split(np.argsort(probability, kind="stable"), BINS)
    gaps = [abs(probability[rows].mean() - label[rows].mean()) * len(rows) for rows in bins if len(rows)]
    return float(sum(gaps) / len(label))


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


def main() -> None:
    """Print a table of all labelled sets."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    folders = sorted(truth.parent for truth in data.glob("*/truth.csv"))
    if not folders:
        sys.exit(f"no labelled sets in {data}: each is a folder with citizen.csv, official.csv and truth.csv")
    print("set                     rows hidden    AP  first flags  prec   rec review   ECE     s")
    for folder in folders:
        s = score(folder)
        print(
            f"{folder.name:22} {s.records:5} {s.hidden:6} {s.average_precision:5.3f} {s.first_choice:6.3f} "
            f"{s.flagged:5} "
            f"{s.precision:5.2f} {s.recall:5.2f} {s.review:6.2f} {s.calibration_error:5.3f} {s.seconds:5.1f}"
        )


if __name__ == "__main__":
    main()
