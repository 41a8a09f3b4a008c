"""Floors under the accuracy on labelled real data that lies beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.accuracy import score

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"


#: Average precision and first choice at least, calibration error at most.
FLOORS = {
    "kibera-schools": (0.92, 0.90, 0.15),
    "language-communities": (0.50, 0.92, 0.10),
    "maine-places": (0.97, 0.99, 0.12),
}


@pytest.mark.parametrize("name", FLOORS)
def test_accuracy_on_real_data(name):
    """With defaults the ranking, the first choice and the probabilities stay as good as they were measured."""
    if not (DATA / name / "truth.csv").exists():
        pytest.skip(f"the labelled set {name} is not beside the checkout, in ../shared/data")
    ranking, first_choice, calibration_error = FLOORS[name]
    found = score(DATA / name).figures
    assert found["average_precision"].value >= ranking
    assert found["first_choice"].value >= first_choice
    assert found["calibration_error"].value <= calibration_error
    assert found["precision"].value is None or found["precision"].value >= 0.95
