"""Arrays as kernels take them: one kind each, so that a kernel is compiled once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.texts import Texts


def whole(rows: NDArray[Any]) -> NDArray[np.int64]:
    """Return numbers as a read-only column of int64; a view, where they are one."""
    return _fixed(rows, np.int64)


def real(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return numbers as a read-only column of float64; a view, where they are one."""
    return _fixed(values, np.float64)


def fixed(values: NDArray[Any]) -> NDArray[Any]:
    """Return a column read-only and without gaps, in its own type; a view, where it has none.

    numba compiles a kernel anew for arrays that may be written to and arrays that may not, as those of a memory-mapped
    file are.
    """
    return _fixed(values, values.dtype)


def columns(texts: Texts) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return texts as kernels take them: (offsets, data)."""
    return whole(texts.offsets), fixed(texts.data)


def _fixed(values: NDArray[Any], dtype: Any) -> NDArray[Any]:
    view = np.ascontiguousarray(values, dtype).view(np.ndarray)
    view = view[:] if view is values else view
    view.flags.writeable = False
    return view
