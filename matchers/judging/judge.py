"""From weighed pairs to findings: gathers what the decision rests on, decides, and says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from geodata.cells import CellStatus
from geodata.names import NameForm
from geodata.names.scripts import script_of
from geodata.taxonomy import Taxonomy
from matchers.base import Verdict
from matchers.circumstances import NOTHING_KNOWN, Circumstances
from matchers.counting.comparability import Comparable, comparable
from matchers.counting.frame import COLUMNS, Frame, Row, Setting
from matchers.counting.reading import Count
from matchers.groups.block import GroupBlock
from matchers.groups.outcome import Matched, Told, among_rows
from matchers.judging.causes import OF_ENTRY, Surrounding, causes_of, causes_sentence
from matchers.judging.counted import struct_of, tested_reason
from matchers.judging.doubts import NAMELESS, differences_of, doubts_of, loosely_named
from matchers.judging.mobility import mobile
from matchers.judging.preconditions import Findable, Neighbourhood, preconditions
from matchers.judging.reasons import Best, company_reason, incomparable_reason, matched_reason, placement_reason
from matchers.judging.scope import Subject, outside
from matchers.judging.sentences import Evidence, Speaker
from matchers.judging.verdict import Situation, count_verdict, place_verdict, uncounted
from matchers.model import Task, Weighed
from matchers.pairs import Flags
from matchers.quality.standing import limited
from matchers.shortlist import DIGITS


@dataclass(frozen=True)
class _Candidate:
    """The best candidate of a record."""

    row: int  # of the official list
    levels: dict[str, str]  # of each feature
    names: tuple[NameForm, NameForm] | None  # those compared
    texts: tuple[str, str] | None  # the same as written
    told: Best

    @property
    def scripts(self) -> tuple[str | None, str | None]:
        """The scripts of the names compared."""
        return (None, None) if self.texts is None else (script_of(self.texts[0]), script_of(self.texts[1]))


def _absent(verdict: Verdict, subtype: str | None) -> bool:
    """Return whether a finding says that the community may be missing from the list, or is named there otherwise."""
    return verdict in _MISSING or subtype in {"possibly_absent", "possible_match"}


_MISSING = frozenset({Verdict.HIDDEN_PLACE, Verdict.STALE_OFFICIAL, Verdict.NOT_ASSESSABLE})


@dataclass(frozen=True)
class Judge:
    """Findings of one block of records."""

    task: Task
    weighed: Weighed
    today: date
    taxonomy: Taxonomy | None = None  # of groups of people; None: the one in force
    known: Circumstances = NOTHING_KNOWN

    @cached_property
    def said(self) -> list[list[Evidence]]:
        """The evidence of every candidate of the shortlist."""
        return self._speaker.evidence()

    def finding(self, row: int) -> dict[str, Any]:
        """Return the finding of one record as a row of `matchers.base.FINDINGS`, as far as its quality carries it."""
        quality = self.known.quality.get(self.task.records.places.ids[row])
        return limited(self._finding(row), quality, counts=bool(self._column("counts")[row]))

    def _finding(self, row: int) -> dict[str, Any]:
        best = self._best(row)
        situation = self._situation(row, best)
        if self._groups.of_groups:
            return among_rows(
                self.task,
                row,
                self._groups.among_rows(row, self._subject(row), self._setting.frame(self._account(row))),
            )
        placed = place_verdict(situation, self.task.parameters.absence)
        subtype, counted = placed.subtype, None
        if placed.verdict is None and best is not None:
            matched = self._matched(row, best)
            verdict, subtype, reason, counted = matched.verdict, matched.subtype, matched.reason, matched.counted
            attributes = ("matched", *differences_of(best.levels), *matched.attributes)
            attributes = (*attributes, "part_of") if self.weighed.part_of[row] else attributes
        else:
            verdict = placed.verdict or Verdict.INSUFFICIENT_EVIDENCE
            attributes = ("absorbed_in_parent",) if self._absorbed(row, verdict) else ()
            if placed.subtype == "possible_match" and best is not None:
                # Whether the names are variants of one another is the question itself.
                attributes = tuple(each for each in differences_of(best.levels) if each != "name_variant")
            reason = placement_reason(situation, placed, self.task.official, best.told if best else None)
        decided = self.task.recall.told(row, self._shown(row))
        causes = self._causes(row, best, situation) if _absent(verdict, placed.subtype) else ()
        if placed.subtype == "possible_match":
            causes = tuple(cause for cause in causes if cause in OF_ENTRY)
        rival = self.weighed.rival[row]
        return {
            "record_id": self.task.records.places.ids[row],
            "verdict": verdict.value,
            "subtype": subtype,
            "p_absent": None if situation.missing else situation.p_absent,
            "p_absent_alone": None if situation.missing else round(float(self.weighed.alone[row]), DIGITS),
            "official_id": None if best is None else self.task.official.index.places.ids[best.row],
            "official_name": None if best is None else best.told.name,
            "p_match": None if best is None else situation.p_best,
            "competitor": rival.record if rival else None,
            "causes": list(causes),
            "needs_review": verdict == Verdict.NEEDS_REVIEW,
            "attributes": [*attributes, *decided.attributes],
            "failed_preconditions": list(situation.failed if verdict == Verdict.NEEDS_REVIEW else ()),
            "counted": counted,
            "reason": " ".join((reason.strip(), *decided.sentences, *self._company(row), *causes_sentence(causes))),
        }

    def groups_known_by(self, row: int) -> str | None:
        """Return the digest of the taxonomy that a record's groups were read by; None where it speaks of none."""
        return self._groups.known_by(row)

    def preconditions(self, row: int) -> dict[str, str | None]:
        """Return what must hold before a record is called absent, each with what speaks against it."""
        record = Findable(named=bool(self._named[row]), settled=not self._mobile[row])
        return preconditions(row, self._around, self.task.official, record)

    def _best(self, row: int) -> _Candidate | None:
        at = next(iter(self.weighed.shortlist.of_record(row)), None)
        if at is None:
            return None
        evidence, found = self.said[at], int(self.weighed.shortlist.row[at])
        name, *others = evidence
        heavy = sorted((e for e in others if e.level != "not_available"), key=lambda e: -abs(e.bits))
        sentences = tuple(e.sentence for e in (name, *heavy))
        told = Best(self.task.official.index.places.primary_names[found], sentences, like=name.level not in NAMELESS)
        return _Candidate(
            found, {e.feature: e.level for e in evidence}, self._speaker.forms(at), self._speaker.written(at), told
        )

    def _situation(self, row: int, best: _Candidate | None) -> Situation:
        p = self._probabilities(row)
        subject, official = self._subject(row), self.task.official
        reference = official.coverage.reference_date or official.reference_date
        return Situation(
            missing=self._missing(row),
            outside=outside(subject, official.coverage),
            p_absent=round(float(self.weighed.posterior.absent[row]), DIGITS),
            p_best=p[0] if p else 0.0,
            p_second=p[1] if len(p) > 1 else 0.0,
            loosely_named=best is not None and loosely_named(best.levels),
            doubts=doubts_of(best.levels, best.names) if best and row not in self.task.recall.settled else (),
            failed=tuple(failed for failed in self.preconditions(row).values() if failed),
            founded_after=bool(reference and subject.founded and subject.founded > reference),
            enumerated=self._around.enumerated(row),
        )

    def _probabilities(self, row: int) -> list[float]:
        """Return the probabilities of the best candidates; entries that the list holds twice count as one."""
        probability: dict[int, float] = {}
        for at in self.weighed.shortlist.of_record(row):
            entry = int(self.task.profile.twin[self.weighed.shortlist.row[at]])
            probability[entry] = probability.get(entry, 0.0) + self.weighed.shortlist.probability[at]
        return [round(p, DIGITS) for p in probability.values()]

    def _shown(self, row: int) -> list[int]:
        short = self.weighed.shortlist
        rows: list[int] = short.row[list(short.of_record(row))].tolist()
        return rows

    def _missing(self, row: int) -> str | None:
        if not len(self.task.official.index.places):
            return self._empty(row)
        if not self._named[row] and np.isnan(self.task.records.places.lat[row]):
            return "the record gives neither a name nor a location"
        return None

    def _empty(self, row: int) -> str:
        if self.task.official.whole:
            return "the list holds no place"
        if np.isnan(self.task.records.places.lat[row]):
            return "the record gives no location, and a list as long as this one is searched near a location only"
        return "the list holds no place within about 100 km"

    def _matched(self, row: int, best: _Candidate) -> Matched:
        account, entry = self._account(row), self._entry(best.row)
        frame = self._setting.frame(account, entry)
        grouped = self._groups.in_entry(row, best.row, frame)
        taken = grouped.taken if grouped else ()
        mine = [count for count in account["counts"] or () if count not in taken]
        matched = Matched.of(self._counted(mine, entry["counts"] or (), frame), grouped)
        return replace(matched, reason=matched_reason(self.task.official, best.told, matched.reason))

    def _counted(self, mine: Sequence[Count], theirs: Sequence[Count], frame: Frame) -> Told:
        """Return what the counts of a matched pair say."""
        counting = self.task.parameters.counting
        counts = comparable(mine, theirs, frame)
        if isinstance(counts, Comparable):
            found = counts.coverage(counting)
            counted = count_verdict(found, counts, counting)
            least = counts.detectable(counting)
            return Told(counted, tested_reason(counts, found, counted, least), struct_of(counts, found, least))
        return Told(uncounted(counts, frame), incomparable_reason(counts))

    def _account(self, row: int) -> Row:
        return {name: self._column(name)[row] for name in COLUMNS}

    def _entry(self, row: int) -> Row:
        table = self.task.official.index.places.table
        return {name: table.column(name)[row].as_py() for name in COLUMNS}

    def _absorbed(self, row: int, verdict: Verdict) -> bool:
        return verdict == Verdict.HIDDEN_PLACE and bool(self._around.enclosed[row])

    def _company(self, row: int) -> Iterator[str]:
        rival = self.weighed.rival[row]
        if rival is not None:
            name = self.task.official.index.places.primary_names[rival.row]
            alone, joint = self.weighed.alone[row], self.weighed.posterior.absent[row]
            yield company_reason(rival.record, name, float(alone), float(joint))

    def _causes(self, row: int, best: _Candidate | None, situation: Situation) -> tuple[str, ...]:
        subject = self._subject(row)
        counts = self.task.official.index.places.table.column("counts")[best.row].as_py() if best else None
        return causes_of(
            Surrounding(
                subject=subject,
                levels=best.levels if best else {},
                scripts=best.scripts if best else (None, None),
                enclosed=bool(self._around.enclosed[row]),
                founded_after=situation.founded_after,
                suppressed=any(count["status"] == CellStatus.SUPPRESSED for count in counts or ()),
                mobile=bool(self._mobile[row]),
            ),
            self.task.official.coverage,
        )

    def _subject(self, row: int) -> Subject:
        places = self.task.records.places
        persons = [c["value"] for c in self._column("counts")[row] or () if c["unit"] == "persons" and c["value"]]
        return Subject(
            kind=self.task.records.kinds[row],
            country=self._column("country")[row],
            admin=self._speaker.units[0][row],
            groups=(*(self._column("groups")[row] or ()), *self._groups.left_out(row)),
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
    def _setting(self) -> Setting:
        return Setting(self.task.official, self.task.parameters.counting, self.today, self.known)

    @cached_property
    def _groups(self) -> GroupBlock:
        return GroupBlock(self.task, self.taxonomy)

    @cached_property
    def _mobile(self) -> Flags:
        return mobile(self.task.records)

    @cached_property
    def _speaker(self) -> Speaker:
        return Speaker.of(self.task, self.weighed)

    @cached_property
    def _around(self) -> Neighbourhood:
        return Neighbourhood.of(self.task, self.weighed)
