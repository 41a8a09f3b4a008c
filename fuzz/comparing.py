"""Comparisons of whole columns, without the tracer of Atheris, which keeps every answer that is no plain truth value.

It asks each comparison of instrumented code itself, to learn how near it came, and does not let go of what it is
answered: of two arrays that is an array, and memory grows by it with every input. Where columns are compared nothing
branches, so nothing is learned either.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

#: As `dis.cmp_op` numbers them.
_ASKED = (operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge)

#: Of left, right, the operator, a number of its own, and whether one side is constant.
Traced = Callable[..., Any]


def sparing_columns(traced: Traced) -> Traced:
    """Return a tracer of comparisons that leaves those of arrays to numpy."""

    def compared(left: Any, right: Any, asked: int, *more: Any) -> Any:
        if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
            return _ASKED[asked](left, right)
        return traced(left, right, asked, *more)

    return compared
