"""The best candidates of every record: those that are decided between, kept and explained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geodata.index.groups import repeated, runs
from matchers.absence import Posterior
from matchers.pairs import Floats, Pairs, Rows

TOP = 5  # candidates kept for each record
CLAIM = 1e-3  # odds against absence below which a pair claims nothing
DIGITS = 9  # of probabilities: beyond, sums of floats depend on the order of the list's rows


@dataclass(frozen=True)
class Shortlist:
    """At most `TOP` pairs of every record, by record, the best first."""

    begin: list[int]  # where each record's candidates begin; one longer than the records
    record: Rows
    rank: Rows  # 1 is the best
    row: Rows  # of the official list
    pair: Rows  # position among all pairs
    probability: list[float]  # posterior, to `DIGITS`

    @classmethod
    def of(cls, pairs: Pairs, bits: Floats, order: Rows, posterior: Posterior) -> Shortlist:
        """Rank the pairs by probability, then evidence; among equals the entry that comes first in `order`, by pair."""
        ranked = np.lexsort((order, -np.round(bits, 9), -np.round(posterior.pair, DIGITS), pairs.record))
        start = runs(pairs.record, len(posterior.absent))
        sizes = np.minimum(np.diff(start), TOP)
        record, place = repeated(start[:-1], sizes)
        pair = ranked[place]
        return cls(
            begin=[0, *np.cumsum(sizes).tolist()],
            record=record,
            rank=place - start[record] + 1,
            row=pairs.row[pair],
            pair=pair,
            probability=[round(p, DIGITS) for p in posterior.pair[pair].tolist()],
        )

    def of_record(self, record: int) -> range:
        """Return the positions of one record's candidates."""
        return range(self.begin[record], self.begin[record + 1])
