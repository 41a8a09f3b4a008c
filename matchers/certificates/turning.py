"""The counts at which a verdict about counts would turn: found by asking the undercount test itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from matchers.base import Verdict
from matchers.counting.comparability import Comparable, comparable
from matchers.counting.frame import Setting
from matchers.judging.verdict import count_verdict
from matchers.parameters import Counting
from matchers.quality.policy import Action

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
    quality = setting.known.quality.get(account["id"])
    if not isinstance(pair, Comparable) or (quality and not quality.allows(Action.EXISTENCE)):
        return []
    return [*_turns(_Pair(pair, setting.counting, carried=quality is None or quality.allows(Action.UNDERCOUNT)))]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two counts, and what decides about them."""

    counts: Comparable
    counting: Counting
    carried: bool  # the record's quality carries an undercount

    def verdict(self, count: float) -> str:
        """Return the verdict, had the record counted so many."""
        supposed = replace(self.counts, citizen=float(count))
        found = count_verdict(supposed.coverage(self.counting), supposed, self.counting).verdict
        return (found if self.carried or found != Verdict.UNDERCOUNT else Verdict.NEEDS_REVIEW).value


def _turns(pair: _Pair) -> Iterator[Turn]:
    stated = pair.counts.citizen
    own = pair.verdict(stated)
    for stride in (1 / _STRIDE, _STRIDE):
        near = stated
        while near * stride > 1 and 1 / _REACH < near / stated < _REACH:
            far = near * stride
            if pair.verdict(far) != own:
                count = _narrowed(pair, near, far)
                yield Turn(count, stated, pair.counts.unit, pair.verdict(count))
                break
            near = far


def _narrowed(pair: _Pair, near: float, far: float) -> int:
    """Return the whole count nearest to `near` that has another verdict, somewhere up to `far`."""
    own = pair.verdict(pair.counts.citizen)
    up = far > near
    same, other = (int(near), int(far) + 1) if up else (int(near) + 1, int(far))
    while abs(other - same) > 1:
        middle = (same + other) // 2
        if pair.verdict(middle) == own:
            same = middle
        else:
            other = middle
    return other
