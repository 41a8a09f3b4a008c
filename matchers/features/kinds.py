"""What the kinds of a pair say: how common it is in the list that kinds stand to one another as these do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.kinds import Compatibility, compatibility
from matchers.pairs import Feature, Floats, Pairs, log2
from matchers.parameters import Kinds

LEVELS = ("not_available", "same", "broader", "sibling", "neighbour", "different", "unsaid")
_CLASSES = (
    Compatibility.SAME,
    Compatibility.BROADER,
    Compatibility.SIBLING,
    Compatibility.NEIGHBOUR,
    Compatibility.DIFFERENT,
)
_UNSAID = 6
_HABIT = 5  # a list that says a kind for this many rows is taken to say it where it applies


@dataclass(frozen=True)
class ListedKinds:
    """The kinds of a list's rows."""

    kinds: tuple[str, ...]  # said in the list
    code: NDArray[np.int64]  # by row: position in `kinds`, or their number where the row does not say
    held: NDArray[np.int64]  # rows of each kind, those that do not say last

    @classmethod
    def of(cls, kinds: tuple[str, ...], code: NDArray[np.int64]) -> ListedKinds:
        """Count the kinds of a list."""
        return cls(kinds, code, np.bincount(code, minlength=len(kinds) + 1))

    def of_row(self, row: int) -> str | None:
        """Return the kind of a row, None where it does not say."""
        code = int(self.code[row])
        return self.kinds[code] if code < len(self.kinds) else None


def compare_kinds(pairs: Pairs, citizen: list[str | None], listed: ListedKinds, model: Kinds) -> Feature:
    """Weigh the kinds of each pair.

    A listed place that does not say its kind says nothing, unless the list does say that very kind of others: a list
    with 140 sign languages does not mean one by "Angami". Nor does a record that does not say its kind, unless saying
    none is usual in the list: then the entries that say one are marked, and "French" means no sign language.
    """
    code, level, bits = weigh_kinds(citizen, listed, model)
    at = code[pairs.record], listed.code[pairs.row]
    return Feature("kind", LEVELS, level[at], bits[at])


def weigh_kinds(
    citizen: list[str | None], listed: ListedKinds, model: Kinds
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return each record's kind by number; level and evidence of each beside each kind of the list."""
    mine = sorted({kind for kind in citizen if kind})
    level = np.zeros((len(mine) + 1, len(listed.kinds) + 1), np.int64)
    bits = np.zeros(level.shape)
    if listed.held[-1] > listed.held.sum() / 2:
        level[-1, :-1], bits[-1, :-1] = _UNSAID, np.log2(model.unsaid)
    for i, kind in enumerate(mine):
        level[i], bits[i] = _weigh([compatibility(kind, other) for other in listed.kinds], listed.held, model)
    return np.array([mine.index(kind) if kind else len(mine) for kind in citizen], np.int64), level, bits


def _weigh(classes: list[Compatibility], held: NDArray[np.int64], model: Kinds) -> tuple[NDArray[np.int64], Floats]:
    """Return level and evidence of each listed kind, the unsaid last, for one kind of record."""
    usual = np.array([0.0, model.same, model.broader, model.sibling, model.neighbour, model.different, model.unsaid])
    level = np.array([_CLASSES.index(each) + 1 if each in _CLASSES else 0 for each in classes] + [0], np.int64)
    if held[level == 1].sum() >= _HABIT and held[-1]:
        level[-1] = _UNSAID
    known = level > 0
    count = np.bincount(level[known], held[known], minlength=len(LEVELS))
    present = np.unique(level[known])
    share = (count + 1) / (count.sum() + len(LEVELS))
    expected, true = np.ones(len(LEVELS)), np.ones(len(LEVELS))
    if len(present):
        expected, true = share / share[present].sum(), usual / usual[present].sum()
    return level, np.where(known, log2(true[level] / expected[level]), 0.0)
