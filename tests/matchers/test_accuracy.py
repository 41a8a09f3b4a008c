"""Floors under the accuracy on labelled real data that lies beside the checkout."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """Load the benchmark that prints these figures."""
    spec = importlib.util.spec_from_file_location("bench_accuracy", ROOT / "bench" / "accuracy.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    import sys  # noqa: PLC0415 - dataclasses look their module up while it loads

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


#: Average precision and first choice at least, calibration error at most.
FLOORS = {
    "kibera-schools": (0.92, 0.90, 0.15),
    "language-communities": (0.50, 0.92, 0.10),
    "maine-places": (0.97, 0.99, 0.12),
}


@pytest.mark.parametrize("name", FLOORS)
def test_accuracy_on_real_data(bench, name):
    """With defaults the ranking, the first choice and the probabilities stay as good as they were measured."""
    if not (DATA / name / "truth.csv").exists():
        pytest.skip(f"the labelled set {name} is not beside the checkout, in ../shared/data")
    average_precision, first_choice, calibration_error = FLOORS[name]
    found = bench.score(DATA / name)
    assert found.average_precision >= average_precision
    assert found.first_choice >= first_choice
    assert found.calibration_error <= calibration_error
    assert not found.flagged or found.precision >= 0.95


def test_average_precision_of_a_perfect_and_a_blind_ranking(bench):
    """A perfect ranking has average precision one, a constant score the share of the label."""
    label = np.array([True, True, False, False])
    assert bench.average_precision(label, np.array([0.9, 0.8, 0.2, 0.1])) == pytest.approx(1.0)
    assert bench.average_precision(label, np.full(4, 0.5)) == pytest.approx(0.5)


def test_calibration_error_of_honest_and_false_probabilities(bench):
    """Certain and right is no error, certain and wrong is all of it."""
    label = np.array([True] * 10 + [False] * 10)
    assert bench.calibration_error(label, label.astype(float)) == pytest.approx(0.0)
    assert bench.calibration_error(label, 1.0 - label) == pytest.approx(1.0)
