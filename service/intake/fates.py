"""Fates: which record each row of a part makes or corrects, given what is kept already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from service.store.identifiers import new_ids
from service.store.revisions import Kept
from service.submit import Outcome


@dataclass(frozen=True)
class Fates:
    """For each row its record, the revision that it is there, and what became of it."""

    ids: list[str]
    revisions: NDArray[np.int64]
    outcomes: list[str]  # `service.submit.Outcome`

    @property
    def news(self) -> NDArray[np.int64]:
        """The rows that are to be kept: those that say something new."""
        return np.array([row for row, outcome in enumerate(self.outcomes) if outcome != Outcome.UNCHANGED], np.int64)


def fates(own_ids: Sequence[str], fingerprints: pa.Array, kept: Mapping[str, Kept]) -> Fates:
    """Return what becomes of each row; what was withdrawn stays withdrawn. No own id may stand twice."""
    ids, revisions = new_ids(len(own_ids)), np.ones(len(own_ids), np.int64)
    outcomes = [Outcome.CREATED.value] * len(own_ids)
    for row, (own_id, fingerprint) in enumerate(zip(own_ids, fingerprints.to_pylist(), strict=True) if kept else ()):
        before = kept.get(own_id)
        if before is None:
            continue
        same = before.refused or before.fingerprint == fingerprint
        ids[row], revisions[row] = before.id, before.revision + (not same)
        outcomes[row] = (Outcome.UNCHANGED if same else Outcome.REVISED).value
    return Fates(ids, revisions, outcomes)
