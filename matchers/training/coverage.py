"""The prior of coverage from a list's own matched pairs: which of them speak, and what they teach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.places import Places
from matchers.circumstances import NOTHING_KNOWN, Circumstances
from matchers.compare import compare
from matchers.counting.comparability import Comparable, comparable
from matchers.counting.frame import COLUMNS, Row, Setting
from matchers.counting.pairs import CountPairs
from matchers.counting.prior import Prior
from matchers.counting.refit import LEAST_PAIRS, refitted
from matchers.evaluation.outcomes import Known
from matchers.pairs import Rows
from matchers.parameters import Counting, Parameters
from matchers.training.tally import Labelled
from matchers.training.unlabelled import RECORDS, sampled


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the counts of matched pairs taught of coverage."""

    pairs: int  # whose counts can be compared
    before: Prior
    learned: Prior | None  # None where too few pairs speak

    @property
    def missing(self) -> int:
        """How many pairs more it takes to learn; 0 where it was learned."""
        return max(LEAST_PAIRS - self.pairs, 0)

    def within(self, counting: Counting) -> Counting:
        """Return parameters with the prior that was learned, or as they are."""
        if (prior := self.learned) is None:
            return counting
        return replace(counting, prior_weights=prior.weights, prior_means=prior.means, prior_sds=prior.sds)


def from_counts(
    known: Labelled, parameters: Parameters, today: date, circumstances: Circumstances = NOTHING_KNOWN
) -> Coverage:
    """Learn the prior of coverage from pairs known to be true; without any label, from those that are accepted.

    A pair speaks under the rules of the undercount test: counts of everybody, by a method that may show an undercount,
    definitions that a shortfall could not come from, and a list that does not contradict itself. Of many unlabelled
    records `matchers.training.unlabelled.RECORDS` are asked.
    """
    counting = parameters.counting
    if not all(_counted(places) for places in (known.citizen, known.official.index.places)):
        return Coverage(0, counting.prior, None)
    if not known.labelled.any():
        known = _accepted(known, parameters, today, circumstances)
    setting = Setting(known.official, counting, today, circumstances)
    spoken = [pair for pair in _compared(known, setting) if _speaks(pair, counting)]
    learned = refitted(_columns(spoken, counting), counting.prior) if len(spoken) >= LEAST_PAIRS else None
    return Coverage(len(spoken), counting.prior, learned)


def _counted(places: Places) -> bool:
    """Return whether anything is counted at all."""
    return bool(pc.sum(pc.list_value_length(places.column("counts"))).as_py())


def _accepted(known: Labelled, parameters: Parameters, today: date, circumstances: Circumstances) -> Labelled:
    """Return records as listed where they match an entry so well that nobody is asked."""
    records = sampled(known.citizen, RECORDS)
    found = compare(records, known.official, parameters, today=today, known=circumstances).findings
    columns = (found.column(name).to_pylist() for name in ("official_id", "attributes"))
    matched = (
        Known(hidden=False, entries=frozenset({entry})) if "matched" in attributes else None
        for entry, attributes in zip(*columns, strict=True)
    )
    return Labelled(records, known.official, tuple(matched))


def _compared(known: Labelled, setting: Setting) -> Iterator[Comparable]:
    """Yield the counts of true pairs that can be compared; of several entries of one place the first that can be."""
    records = np.flatnonzero([bool(entries) for entries in known.entries])
    accounts = _rows(known.citizen, records)
    named = [known.entries[record] for record in records.tolist()]
    rows = np.unique(np.array([row for entries in named for row in entries], np.int64))
    listed = dict(zip(rows.tolist(), _rows(known.official.index.places, rows), strict=True))
    for account, entries in zip(accounts, named, strict=True):
        pairs = (_pair(account, listed[row], setting) for row in entries)
        yield from [pair for pair in pairs if pair is not None][:1]


def _pair(account: Row, entry: Row, setting: Setting) -> Comparable | None:
    pair = comparable(account["counts"] or (), entry["counts"] or (), setting.frame(account, entry))
    return pair if isinstance(pair, Comparable) else None


def _rows(places: Places, rows: Rows) -> list[Row]:
    found: list[Row] = places.table.select(COLUMNS).take(pa.array(rows)).to_pylist()
    return found


def _speaks(pair: Comparable, counting: Counting) -> bool:
    """Return whether a pair may teach; a group of people is not covered as its community is."""
    everybody = not (pair.group or pair.some or pair.method.lower_bound)
    same = pair.gap.sigma <= counting.sigma_boundary and not pair.incoherent
    return everybody and same and pair.method.conclusive


def _columns(pairs: list[Comparable], counting: Counting) -> CountPairs:
    return CountPairs.of(
        [pair.citizen for pair in pairs],
        [pair.published for pair in pairs],
        [pair.s for pair in pairs],
        growth=[pair.growth.log for pair in pairs],
        delta=counting.delta,
    )
