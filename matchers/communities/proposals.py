"""Which of many accounts are worth asking whether they are one community: a quick look at their names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import partial_ratio
from rapidfuzz.process import cdist, cpdist

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
    a, b = np.nonzero(_resembling(own, other))
    a, b = _sifted(own, other, (a, b))
    pairs = np.unique(np.column_stack((of_mine[a], of_theirs[b])), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _resembling(own: list[str], other: list[str]) -> NDArray[np.bool_]:
    """Return for each pair of names whether what the two places are properly called is alike, in either reading."""
    proper = [[form(name).core for name in names] for names in (own, other)]
    joined = [[core.replace(" ", "") for core in cores] for cores in proper]
    ordered = [[" ".join(sorted(core.split())) for core in cores] for cores in proper]
    alike = cdist(*joined, scorer=JaroWinkler.similarity, score_cutoff=_LEAST, dtype=np.float32) > 0
    alike |= cdist(*ordered, scorer=JaroWinkler.similarity, score_cutoff=_LEAST, dtype=np.float32) > 0
    called = [np.array([bool(core) for core in cores]) for cores in proper]
    return np.asarray(alike & called[0][:, None] & called[1], np.bool_)


def _sifted(own: list[str], other: list[str], pairs: tuple[Rows, Rows]) -> tuple[Rows, Rows]:
    """Return the pairs whose whole names pass the first sieve; the slow half of it is asked only where it decides."""
    a, b = pairs
    letters = [[name.replace(" ", "") for name in names] for names in (own, other)]
    mine, theirs = (_at(names, rows) for names, rows in zip(letters, pairs, strict=True))
    keep = cpdist(mine, theirs, scorer=JaroWinkler.similarity, score_cutoff=_THROUGHOUT, dtype=np.float32) > 0
    open_ones = np.flatnonzero(~keep)
    mine, theirs = _at(own, a[open_ones]), _at(other, b[open_ones])
    keep[open_ones] = cpdist(mine, theirs, scorer=partial_ratio, score_cutoff=_WITHIN, dtype=np.uint8) > 0
    return a[keep], b[keep]


def _at(names: list[str], rows: Rows) -> list[str]:
    return [names[row] for row in rows.tolist()]


def _flat(names: Sequence[Sequence[str]]) -> tuple[list[str], Rows]:
    texts = [name for own in names for name in own if name]
    rows = [row for row, own in enumerate(names) for name in own if name]
    return texts, np.array(rows, np.int64)
