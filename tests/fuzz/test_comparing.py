"""What the fuzzer learns from comparisons, and what it must not keep."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest

from fuzz.comparing import sparing_columns

OPERATORS = (operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge)


def _untraced(*_: Any) -> Any:
    pytest.fail("columns went to the tracer")


@pytest.mark.parametrize(("number", "asked"), list(enumerate(OPERATORS)))
def test_columns_are_compared_as_written_and_untraced(number: int, asked) -> None:
    """On either side of an operator, a column is compared by that operator and by no tracer."""
    compared = sparing_columns(_untraced)
    column = np.array([1, 2, 3])
    assert np.array_equal(compared(column, 2, number), asked(column, 2))
    assert np.array_equal(compared(2, column, number), asked(2, column))


def test_values_go_to_the_tracer() -> None:
    """What is no column is compared by the tracer, with all that it was told."""
    compared = sparing_columns(lambda *told: told)
    assert compared("a", "b", 2, 77) == ("a", "b", 2, 77)
