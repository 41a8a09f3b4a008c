"""`uncounted train`, run as people run it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from geodata.samples import maine
from matchers.parameters import DEFAULTS
from tests.specimens.command import uncounted as run

ROOT = Path(__file__).parents[3]


def test_train_says_what_changed_and_compare_uses_it(tmp_path: Path) -> None:
    """The table names the parameters, the figures are cross-validated, and the file serves `compare --parameters`."""
    sample = maine.sample(tmp_path)
    with (tmp_path / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("record_id", "label", "official_id"))
        for one in sample.truth:
            writer.writerow((one.record_id, "listed" if one.official_id else "hidden", one.official_id or ""))
    files = ("citizen.csv", "county-subdivisions.csv")
    done = run(tmp_path, "train", *files, "--truth", "truth.csv", "-o", "parameters.json", "--today", "2026-01-31")
    version = json.loads((tmp_path / "parameters.json").read_text(encoding="utf-8"))["version"]
    assert f"{version}, from {DEFAULTS.version}: 922 records, 922 labelled" in done.stdout
    for said in ("names.m_exact", "calibration error", "5 folds of 922"):
        assert said in done.stdout
    assert "Written to parameters.json." in done.stderr
    run(tmp_path, "compare", *files, "--parameters", "parameters.json", "-o", "findings.csv")


def test_a_date_that_is_none_is_told(tmp_path: Path) -> None:
    """A typing error in --today is two lines and exit code 1."""
    done = run(tmp_path, "train", "a.csv", "b.csv", "-o", "p.json", "--today", "yesterday", expect=1)
    assert "2026-01-31" in done.stderr
    assert "Traceback" not in done.stderr
