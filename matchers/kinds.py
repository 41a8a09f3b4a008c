"""What the kinds of a pair say: how common it is in the list that kinds stand to one another as these do."""

from __future__ import annotations

import numpy as np

from geodata.kinds import Compatibility, compatibility
from matchers.pairs import Feature, Floats, Pairs, log2
from matchers.parameters import Kinds

LEVELS = ("not_available", "same", "broader", "sibling", "neighbour", "different")
_CLASSES = (
    Compatibility.SAME,
    Compatibility.BROADER,
    Compatibility.SIBLING,
    Compatibility.NEIGHBOUR,
    Compatibility.DIFFERENT,
)


def compare_kinds(pairs: Pairs, citizen: list[str | None], official: list[str | None], model: Kinds) -> Feature:
    """Weigh the kinds of each pair; a side that does not say its kind says nothing."""
    mine, theirs = sorted({kind for kind in citizen if kind}), sorted({kind for kind in official if kind})
    number, other = {kind: i for i, kind in enumerate(mine)}, {kind: i for i, kind in enumerate(theirs)}
    held = np.array([official.count(kind) for kind in theirs], np.int64)
    level = np.zeros((len(mine) + 1, len(theirs) + 1), np.int64)
    bits = np.zeros(level.shape)
    for i, kind in enumerate(mine):
        classes = [compatibility(kind, listed) for listed in theirs]
        row = np.array([_CLASSES.index(each) if each in _CLASSES else -1 for each in classes], np.int64)
        level[i, :-1] = row + 1
        bits[i, :-1] = _bits(row, held, model)
    code = np.array([number[kind] if kind else len(mine) for kind in citizen], np.int64)
    listed = np.array([other[kind] if kind else len(theirs) for kind in official], np.int64)
    a, b = code[pairs.record], listed[pairs.row]
    return Feature("kind", LEVELS, level[a, b], bits[a, b])


def _bits(row: np.typing.NDArray[np.int64], held: np.typing.NDArray[np.int64], model: Kinds) -> Floats:
    """Return the evidence of each listed kind for one record's kind."""
    usual = np.array([model.same, model.broader, model.sibling, model.neighbour, model.different])
    known = row >= 0
    present = np.unique(row[known])
    count = np.bincount(row[known], held[known], minlength=len(_CLASSES))
    share = (count + 1) / (count.sum() + len(_CLASSES))
    expected = share / share[present].sum() if len(present) else share
    true = usual / usual[present].sum() if len(present) else usual
    return np.where(known, log2(true[row] / expected[row]), 0.0)
