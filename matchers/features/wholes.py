"""Names read as a whole, where a slip of the pen is in a kind word, a direction or an age: "Oupper Pangi", "Vilalge".

Read by parts, such a word becomes part of the name proper, or leaves it. Read as a whole the two differ by a letter or
two. The whole is read only where the parts around the core differ and the numbers are the same, so that shared kind
words never make two names alike, and "Camp 4" never becomes "Camp 14".
"""

from __future__ import annotations

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from geodata.names import NameForms
from matchers.features.words import Parts
from matchers.pairs import Flags, Floats, Rows

_LEAST = 0.85  # of the letters of the longer name, in place
_NEVER_SAME = 0.99  # the same letters are the business of the core
_MOST_APART = 2  # in length; more is a word, not a slip


def as_whole(
    names: tuple[NameForms, NameForms], at: tuple[Rows, Rows], core: Floats, parts: Rows
) -> tuple[Floats, Flags]:
    """Return the resemblance of each pair by core or as a whole, whichever is greater, and where it is the whole.

    `at` are positions of distinct names, `core` the resemblance of their cores, `parts` how their marks stand.
    """
    (mine, theirs), (a, b) = (side.wholes for side in names), at
    near = np.abs(mine.size[a] - theirs.size[b]) <= _MOST_APART
    rows = np.flatnonzero(near & (parts <= Parts.ONE_SIDED) & (core < 1))
    rows = rows[
        (mine.around.take(a[rows]) != theirs.around.take(b[rows]))
        & (mine.number.take(a[rows]) == theirs.number.take(b[rows]))
    ]
    similarity, as_one = core.copy(), np.zeros(len(core), np.bool_)
    if len(rows):
        letters = mine.letters.take(a[rows]).tolist(), theirs.letters.take(b[rows]).tolist()
        found = cpdist(*letters, scorer=OSA.normalized_similarity, dtype=np.float64)
        better = (found >= _LEAST) & (found > core[rows])
        as_one[rows[better]] = True
        similarity[rows[better]] = np.minimum(found[better], _NEVER_SAME)
    return similarity, as_one
