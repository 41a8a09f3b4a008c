"""How well findings hold against known truth: measures with their intervals, and truth made by hiding listed places."""

from matchers.evaluation.measures import average_precision, brier, calibration_error, precision_at

__all__ = ["average_precision", "brier", "calibration_error", "precision_at"]
