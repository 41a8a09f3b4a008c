"""The counts at which a verdict about counts would turn: found by asking the undercount test itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from matchers.counting.comparability import Comparable, comparable
from matchers.counting.frame import Setting
from matchers.judging.verdict import count_verdict
from matchers.parameters import Counting

_STRIDE = 1.1  # between the counts tried before the turn is narrowed down to one
_REACH = 30.0  # times more or fewer; beyond, the record would speak of another community


@dataclass(frozen=True, slots=True)
class Turn:
    """The count of the record nearest to its own, on one side, at which the verdict is another."""

    count: int
    own: float
    unit: str
    verdict: str


def turns(account: Mapping[str, Any], entry: Mapping[str, Any], setting: Setting) -> list[Turn]:
    """Return where the verdict on a matched pair's counts would turn, fewer first; empty where none can be compared.

    `account` and `entry` are rows of `geodata.places.SCHEMA`.
    """
    pair = comparable(account["counts"] or (), entry["counts"] or (), setting.frame(account, entry))
    return [*_turns(pair, setting.counting)] if isinstance(pair, Comparable) else []


def _turns(pair: Comparable, counting: Counting) -> Iterator[Turn]:
    own = _verdict(pair, pair.citizen, counting)
    for stride in (1 / _STRIDE, _STRIDE):
        near = pair.citizen
        while near * stride > 1 and 1 / _REACH < near / pair.citizen < _REACH:
            far = near * stride
            if _verdict(pair, far, counting) != own:
                count = _narrowed(pair, near, far, counting)
                yield Turn(count, pair.citizen, pair.unit, _verdict(pair, count, counting))
                break
            near = far


def _narrowed(pair: Comparable, near: float, far: float, counting: Counting) -> int:
    """Return the whole count nearest to `near` that has another verdict, somewhere up to `far`."""
    own = _verdict(pair, pair.citizen, counting)
    up = far > near
    same, other = (int(near), int(far) + 1) if up else (int(near) + 1, int(far))
    while abs(other - same) > 1:
        middle = (same + other) // 2
        if _verdict(pair, middle, counting) == own:
            same = middle
        else:
            other = middle
    return other


def _verdict(pair: Comparable, count: float, counting: Counting) -> str:
    supposed = replace(pair, citizen=float(count))
    return count_verdict(supposed.coverage(counting.delta), supposed, counting).verdict.value
