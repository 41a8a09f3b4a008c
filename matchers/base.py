"""The values that matching speaks in: lists, evidence, findings. Columns where many, frozen values where few."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

import pyarrow as pa

from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from matchers.tabling import Told


class Verdict(StrEnum):
    """What one comparison says about one community. It speaks of a named list, never of people."""

    HIDDEN_PLACE = "hidden_place"
    HIDDEN_GROUP = "hidden_group"
    UNDERCOUNT = "undercount"
    CONSISTENT = "consistent"
    STALE_OFFICIAL = "stale_official"
    NEEDS_REVIEW = "needs_review"
    NOT_ASSESSABLE = "not_assessable"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"


@dataclass(frozen=True)
class OfficialList:
    """One official list at one vintage, indexed for search."""

    source: str
    title: str
    snapshot: str  # sha256 of the snapshot's content
    vintage: str
    reference_date: date | None
    coverage: CoverageManifest
    index: PlaceIndex
    whole: bool = True  # False: only its places about the records compared with it; the list is too long for more


#: What the test of a pair of counts came to: the coverage ratio of the official one, and what it rests on.
COUNTED = pa.struct(
    [
        ("citizen", pa.float64()),  # in `unit`, at the citizen date
        ("official_low", pa.float64()),  # the published number; the least it may be where only bounds are published
        ("official_high", pa.float64()),
        ("unit", pa.string()),  # e.g. "persons"
        ("group", pa.string()),  # null: everybody
        ("method", pa.string()),  # of the citizen count, a code of `matchers.counting.methods`
        ("spread", pa.float64()),  # total standard deviation on the log scale
        ("years", pa.float64()),  # from the official to the citizen date
        ("growth", pa.float64()),  # log growth applied over these years
        ("p_under", pa.float64()),  # probability that the official count covers less than 1 - delta
        ("p_over", pa.float64()),
        ("ratio", pa.float64()),  # coverage ratio kappa: median, 5 % and 95 % quantile
        ("ratio_low", pa.float64()),
        ("ratio_high", pa.float64()),
        ("shortfall", pa.float64()),  # in `unit`, at the median
        ("detectable", pa.float64()),  # the greatest ratio at which such counts could have shown an undercount
        ("gap", pa.float64()),  # of the spread: boundaries or universes that differ
        ("noise", pa.float64()),  # standard deviation of what the publisher added to the official number, in `unit`
        ("coherent", pa.bool_()),  # whether the list's own numbers about this entry add up
    ]
)

#: One row per citizen row, in the order given.
FINDINGS = pa.schema(
    [
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("subtype", pa.string()),
        pa.field("p_absent", pa.float64()),  # null where the list could not be searched for this record
        pa.field("p_absent_alone", pa.float64()),  # the same by the row's own evidence, had it no company
        pa.field("official_id", pa.string()),  # the best candidate, whether or not it was accepted
        pa.field("official_name", pa.string()),
        pa.field("p_match", pa.float64()),  # posterior of the best candidate
        pa.field("competitor", pa.string()),  # record the best candidate went to; null if none
        pa.field("needs_review", pa.bool_(), nullable=False),
        pa.field("attributes", pa.list_(pa.string()), nullable=False),  # e.g. "name_variant", "stale"
        pa.field("failed_preconditions", pa.list_(pa.string()), nullable=False),
        pa.field("causes", pa.list_(pa.string()), nullable=False),  # why it may be missing, e.g. "after_reference_date"
        pa.field("counted", COUNTED),  # null where no counts were tested
        pa.field("reason", pa.string(), nullable=False),  # one or two plain sentences
    ]
)

#: At most five rows per citizen row: the best candidates; evidence in bits (log2 likelihood ratio, 0 = none).
CANDIDATES = pa.schema(
    [
        pa.field("record_row", pa.int64(), nullable=False),
        pa.field("rank", pa.int8(), nullable=False),  # 1 is the best
        pa.field("official_id", pa.string(), nullable=False),
        pa.field("official_name", pa.string(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),
        pa.field("distance_m", pa.float64()),  # null where either side has no point
        pa.field("similarity", pa.float64()),  # of the best pair of names, 0..1; null where either side has no name
        pa.field(
            "evidence",
            pa.list_(
                pa.struct(
                    [
                        ("feature", pa.string()),  # e.g. "name", "distance", "admin", "kind"
                        ("level", pa.string()),  # e.g. "exact", "near", "number_conflict", "not_available"
                        ("bits", pa.float64()),
                        ("citizen", pa.string()),
                        ("official", pa.string()),
                        ("sentence", pa.string()),
                    ]
                )
            ),
            nullable=False,
        ),
    ]
)


@dataclass(frozen=True)
class Comparison:
    """All findings of one table of citizen accounts against one official list.

    `found` are rows of `FINDINGS`, `best` rows of `CANDIDATES`.
    """

    found: Told
    best: Told
    source: str
    snapshot: str
    model: str  # version of the model and its parameters
    parameters: dict[str, float] = field(default_factory=dict)
    searches: tuple[dict[str, Any], ...] = ()  # of each row, for its certificate; only where asked for

    @cached_property
    def findings(self) -> pa.Table:
        """The findings as a table of `FINDINGS`, in one piece."""
        return self.found.table.combine_chunks()

    @cached_property
    def candidates(self) -> pa.Table:
        """The best candidates as a table of `CANDIDATES`."""
        return self.best.table
