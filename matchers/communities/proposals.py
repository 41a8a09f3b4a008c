"""Which of many accounts are worth asking whether they are one community: a quick look at their names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import partial_ratio
from rapidfuzz.process import cdist

from geodata.names.forms import form
from matchers.pairs import Rows

#: A first sieve: alike from the beginning, or one largely within the other ("kibera" in "village of kibera").
_THROUGHOUT, _WITHIN = 0.72, 75.0
_LEAST = 0.75  # resemblance of what a place is properly called; names that count are at 0.80 or more


def proposals(mine: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]]) -> tuple[Rows, Rows]:
    """Return positions in both columns of accounts that have alike names; each account is given as its folded names.

    Proposes more than are one, and none of those whose names resemble one another by 0.80 or more is left out.
    """
    own, of_mine = _flat(mine)
    other, of_theirs = _flat(theirs)
    if not own or not other:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    letters = [[name.replace(" ", "") for name in names] for names in (own, other)]
    throughout = cdist(*letters, scorer=JaroWinkler.similarity, score_cutoff=_THROUGHOUT, dtype=np.float32)
    within = cdist(own, other, scorer=partial_ratio, score_cutoff=_WITHIN, dtype=np.uint8)
    a, b = np.nonzero((throughout > 0) | (within > 0))
    proper = [[form(name).core for name in names] for names in (own, other)]
    alike = [
        i for i, (p, q) in enumerate(zip(a.tolist(), b.tolist(), strict=True)) if _alike(proper[0][p], proper[1][q])
    ]
    pairs = np.unique(np.column_stack((of_mine[a[alike]], of_theirs[b[alike]])), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _alike(one: str, other: str) -> bool:
    if not one or not other:
        return False
    readings = (
        (one.replace(" ", ""), other.replace(" ", "")),
        (" ".join(sorted(one.split())), " ".join(sorted(other.split()))),
    )
    return any(JaroWinkler.similarity(p, q) >= _LEAST for p, q in readings)


def _flat(names: Sequence[Sequence[str]]) -> tuple[list[str], Rows]:
    texts = [name for own in names for name in own if name]
    rows = [row for row, own in enumerate(names) for name in own if name]
    return texts, np.array(rows, np.int64)
