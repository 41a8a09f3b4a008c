"""From weighed pairs to findings: gathers what the decision rests on, decides, and says why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from geodata.names.folding import fold
from matchers.assess import Subject, outside
from matchers.base import Verdict
from matchers.comparability import Comparable, comparable
from matchers.counts import coverage
from matchers.doubts import NAMELESS, differences_of, doubts_of, loosely_named
from matchers.model import Task, Weighed
from matchers.preconditions import Neighbourhood, failed_preconditions
from matchers.reasons import Best, count_reason, matched_reason, placement_reason
from matchers.sentences import Speaker
from matchers.verdict import Counted, Situation, count_verdict, place_verdict

TOP = 5  # candidates kept for each record
_DIGITS = 9  # of probabilities: beyond, sums of floats depend on the order of the list's rows


@dataclass(frozen=True)
class Judge:
    """Findings of one block of records."""

    task: Task
    weighed: Weighed
    today: date

    def finding(self, row: int) -> dict[str, Any]:
        """Return the finding of one record as a row of `matchers.base.FINDINGS`."""
        best = self.weighed.best(row, 2)
        situation = self._situation(row, best)
        placed = place_verdict(situation, self.task.parameters.absence)
        official = self.task.official
        told = self._told(int(best[0])) if len(best) else None
        if placed.verdict is None and told is not None:
            counted, reason = self._counted(row, int(best[0]), told)
            verdict, attributes = (
                counted.verdict,
                ("matched", *differences_of(int(best[0]), self.weighed), *counted.attributes),
            )
        else:
            verdict = placed.verdict or Verdict.INSUFFICIENT_EVIDENCE
            attributes = ("absorbed_in_parent",) if self._absorbed(row, verdict) else ()
            reason = placement_reason(situation, placed, official, told)
        found = int(self.weighed.pairs.row[best[0]]) if len(best) else None
        index = official.index
        return {
            "record_id": self.task.records.places.ids[row],
            "verdict": verdict.value,
            "subtype": placed.subtype,
            "p_absent": None if situation.missing else situation.p_absent,
            "official_id": None if found is None else index.places.ids[found],
            "official_name": None if found is None else index.places.primary_names[found],
            "p_match": None if found is None else situation.p_best,
            "needs_review": verdict == Verdict.NEEDS_REVIEW,
            "attributes": list(attributes),
            "failed_preconditions": list(situation.failed if verdict == Verdict.NEEDS_REVIEW else ()),
            "reason": reason.strip(),
        }

    def candidates(self, row: int) -> Iterator[dict[str, Any]]:
        """Return the best candidates of one record as rows of `matchers.base.CANDIDATES`."""
        pairs, index = self.weighed.pairs, self.task.official.index
        for rank, pair in enumerate(self.weighed.best(row, TOP).tolist(), start=1):
            found = int(pairs.row[pair])
            distance, similarity = float(pairs.distance_m[pair]), float(self.weighed.name.similarity[pair])
            yield {
                "rank": rank,
                "official_id": index.places.ids[found],
                "official_name": index.places.primary_names[found],
                "probability": round(float(self.weighed.posterior.pair[pair]), _DIGITS),
                "distance_m": None if np.isnan(distance) else round(distance, 1),
                "similarity": None if np.isnan(similarity) else round(similarity, 4),
                "evidence": self._speaker.evidence(pair),
            }

    def _situation(self, row: int, best: np.typing.NDArray[np.int64]) -> Situation:
        p = [round(float(self.weighed.posterior.pair[pair]), _DIGITS) for pair in best.tolist()]
        subject, official = self._subject(row), self.task.official
        reference = official.coverage.reference_date or official.reference_date
        named = bool(self._named[row])
        return Situation(
            missing=self._missing(row),
            outside=outside(subject, official.coverage),
            p_absent=round(float(self.weighed.posterior.absent[row]), _DIGITS),
            p_best=p[0] if p else 0.0,
            p_second=p[1] if len(p) > 1 else 0.0,
            loosely_named=bool(len(best)) and loosely_named(int(best[0]), self.weighed),
            doubts=doubts_of(int(best[0]), self.task, self.weighed) if len(best) else (),
            failed=failed_preconditions(row, self._around, official, named=named),
            founded_after=bool(reference and subject.founded and subject.founded > reference),
            enumerated=self._around.enumerated(row),
        )

    def _missing(self, row: int) -> str | None:
        if not len(self.task.official.index.places):
            return "the list holds no place"
        if not self._named[row] and np.isnan(self.task.records.places.lat[row]):
            return "the record gives neither a name nor a location"
        return None

    def _counted(self, row: int, pair: int, told: Best) -> tuple[Counted, str]:
        official = self.task.official
        observed = self._column("observed")[row]
        reference = official.reference_date or official.coverage.reference_date
        listed = official.index.places.table.column("counts")[int(self.weighed.pairs.row[pair])].as_py() or ()
        counting = self.task.parameters.counting
        counts = comparable(self._column("counts")[row] or (), listed, (observed, reference), counting)
        if isinstance(counts, Comparable):
            found = coverage(counts.citizen, counts.official, counts.s, delta=counting.delta)
            counted = count_verdict(found, counts, counting)
            return counted, matched_reason(official, told, count_reason(counts, found, counted))
        days = ((observed or self.today) - reference).days if reference else 0
        stale = ("stale",) if days > counting.stale_years * 365.25 else ()
        counted = Counted(Verdict.CONSISTENT, ("presence_only", *stale))
        return counted, matched_reason(official, told, count_reason(counts, None, None))

    def _absorbed(self, row: int, verdict: Verdict) -> bool:
        return verdict == Verdict.HIDDEN_PLACE and bool(self._around.enclosed[row])

    def _told(self, pair: int) -> Best:
        evidence = self._speaker.evidence(pair)
        name, *others = evidence
        heavy = sorted((e for e in others if e["level"] != "not_available"), key=lambda e: -abs(e["bits"]))
        row = int(self.weighed.pairs.row[pair])
        sentences = tuple(e["sentence"] for e in (name, *heavy))
        return Best(self.task.official.index.places.primary_names[row], sentences, like=name["level"] not in NAMELESS)

    def _subject(self, row: int) -> Subject:
        places = self.task.records.places
        persons = [c["value"] for c in self._column("counts")[row] or () if c["unit"] == "persons" and c["value"]]
        return Subject(
            kind=self.task.records.kinds[row],
            country=self._column("country")[row],
            admin={fold(header): value for header, value in self._column("admin")[row] or () if value},
            groups=tuple(self._column("groups")[row] or ()),
            lat=float(places.lat[row]),
            lon=float(places.lon[row]),
            persons=max(persons, default=None),
            founded=self._column("founded")[row],
        )

    def _column(self, name: str) -> list[Any]:
        if name not in self._columns:
            self._columns[name] = self.task.records.places.column(name).to_pylist()
        return self._columns[name]

    @cached_property
    def _columns(self) -> dict[str, list[Any]]:
        return {}

    @cached_property
    def _named(self) -> np.typing.NDArray[np.bool_]:
        records = self.task.records
        named = np.zeros(len(records.places), np.bool_)
        named[records.name_rows[records.names.named & ~records.is_operator]] = True
        return named

    @cached_property
    def _speaker(self) -> Speaker:
        return Speaker(self.task, self.weighed)

    @cached_property
    def _around(self) -> Neighbourhood:
        holding = self.weighed.holding
        return Neighbourhood.of(self.task, self.weighed.reach, (holding.query, holding.outside_m))
