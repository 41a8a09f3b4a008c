"""What the names of a pair say: a Fellegi-Sunter level over all pairs of aliases, corrected for how rare the name is.

A name that is unlike as a whole may still share words ("Ngombe-Bangandu", "Bangandu"): those are weighed word by word,
as in the hit-miss model of Copas and Hilton (1990). The better reading of the best pair of aliases counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from geodata.index import PlaceIndex
from geodata.kernels.jit import COMPILED
from matchers.features.plain_names import Best, best_names
from matchers.features.rarity import Rarity
from matchers.pairs import Feature, Floats, Pairs, Rows, log2
from matchers.parameters import NameLevels
from matchers.records import Records

LEVELS = (
    "not_available",
    "exact",
    "near_95",
    "near_88",
    "near_80",
    "near_70",
    "unlike",
    "shared_words",
    "number_conflict",
    "modifier_conflict",
    "one_sided",
)


@dataclass(frozen=True)
class NameEvidence:
    """The feature, with the pair of aliases it rests on."""

    feature: Feature
    similarity: Floats  # resemblance of that pair of aliases, 0..1; NaN where a side has no name
    citizen_name: Rows  # position in `Records.names`, -1 where none
    official_name: Rows  # position in `PlaceIndex.names`, -1 where none
    #: Reads names that are unlike to the letter, which their evidence does not depend on; None where it is done.
    reread: Callable[[Pairs], Best] | None = None

    def of(self, kept: Rows) -> NameEvidence:
        """Return the evidence of some of the pairs."""
        return replace(
            self,
            feature=self.feature.of(kept),
            similarity=self.similarity[kept],
            citizen_name=self.citizen_name[kept],
            official_name=self.official_name[kept],
        )

    def read(self, pairs: Pairs) -> NameEvidence:
        """Return the same, of the same pairs, with every similarity as it is to the letter."""
        if self.reread is None:
            return self
        unread = np.flatnonzero(self.similarity < 0)
        best = self.reread(pairs.of(unread))
        level, similarity = self.feature.level.copy(), self.similarity.copy()
        mine, theirs = self.citizen_name.copy(), self.official_name.copy()
        level[unread], similarity[unread], mine[unread], theirs[unread] = (
            best.level, best.similarity, best.mine, best.theirs
        )  # fmt: skip
        return NameEvidence(replace(self.feature, level=level), similarity, mine, theirs)


def compare_names(
    pairs: Pairs, records: Records, official: tuple[PlaceIndex, Rarity], levels: NameLevels
) -> NameEvidence:
    """Weigh the names of each pair, given in order of records.

    Where code is compiled, `NameEvidence.read` completes what is known of names that are unlike.
    """
    reread = None
    if COMPILED:
        from matchers.features.compiled_names import Comparison  # noqa: PLC0415 - loads numba, which takes half a second

        comparison = Comparison.of(records, official, levels)
        best, reread = comparison.best(pairs), comparison.reread
    else:
        best = best_names(pairs, records, official, levels)
    return evidence_of(best, reread)


def evidence_of(best: Best, reread: Callable[[Pairs], Best] | None) -> NameEvidence:
    """Return what the best pair of names of each pair says; `reread` as in `NameEvidence`."""
    return NameEvidence(
        feature=Feature("name", LEVELS, best.level, log2(best.ratio)),
        similarity=best.similarity,
        citizen_name=best.mine,
        official_name=best.theirs,
        reread=reread,
    )
