"""What each finding says, held against what is true: one row per record, in columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Known:
    """What is true of one record: the entries of the list that are it, or none because it is hidden."""

    hidden: bool
    entries: frozenset[str] = frozenset()  # empty for a listed record whose entry nobody noted


@dataclass(frozen=True)
class Outcomes:
    """Findings held against truth; all columns by record."""

    hidden: Flags  # truly absent from the list
    flagged: Flags  # said to be absent: a verdict hidden_*
    review: Flags  # left to a person
    matched: Flags  # accepted as an entry of the list, without a person
    right: Flags  # the best candidate is the true entry
    linkable: Flags  # listed, and the true entry is known
    p_absent: Floats  # NaN where the list could not be searched for the record

    @classmethod
    def of(cls, findings: Sequence[Mapping[str, Any]], known: Sequence[Known]) -> Outcomes:
        """Hold findings (rows with verdict, p_absent, official_id, attributes) against the truth of the same rows."""
        verdict = [str(row["verdict"] or "") for row in findings]
        review = np.array([one == "needs_review" for one in verdict], np.bool_)
        accepted = np.array(["matched" in (row["attributes"] or ()) for row in findings], np.bool_)
        pairs = list(zip(findings, known, strict=True))
        return cls(
            hidden=np.array([one.hidden for one in known], np.bool_),
            flagged=np.array([one.startswith("hidden_") for one in verdict], np.bool_),
            review=review,
            matched=accepted & ~review,
            right=np.array([row["official_id"] in one.entries for row, one in pairs], np.bool_),
            linkable=np.array([bool(one.entries) and not one.hidden for one in known], np.bool_),
            p_absent=np.array([row["p_absent"] for row in findings], np.float64),
        )

    @classmethod
    def concat(cls, parts: Sequence[Outcomes]) -> Outcomes:
        """Put the outcomes of several sets one after the other."""
        names = vars(parts[0])
        return cls(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.hidden)

    def take(self, rows: NDArray[np.integer[Any]] | Flags) -> Outcomes:
        """Return the given records, by position or by mask."""
        return Outcomes(**{name: column[rows] for name, column in vars(self).items()})
