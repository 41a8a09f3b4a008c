"""The verdicts on a block of records as columns, before anybody asks why (`matchers.judging.judge` tells)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from geodata.taxonomy import Taxonomy
from matchers.base import COUNTED, Verdict
from matchers.circumstances import NOTHING_KNOWN, Circumstances
from matchers.counting.frame import Setting
from matchers.groups.block import GroupBlock
from matchers.groups.outcome import Matched, among_rows
from matchers.judging.accounts import Accounts
from matchers.judging.counts import Counts
from matchers.judging.doubts import differences_of
from matchers.judging.leading import Leading
from matchers.judging.placing import Placement, Situations, place_verdicts
from matchers.judging.preconditions import Findable, Neighbourhood, unmet
from matchers.judging.verdict import Counted
from matchers.memory.recall import Told
from matchers.model import Task, Weighed
from matchers.pairs import Flags, Floats
from matchers.picking import picked
from matchers.rounding import rounded
from matchers.shortlist import DIGITS

_NOTHING_DECIDED = Told((), ())


@dataclass(frozen=True)
class Verdicts:
    """What is decided about each record of a block, whatever its collection is worth; columns by record."""

    task: Task
    weighed: Weighed
    today: date
    taxonomy: Taxonomy | None = None  # of groups of people; None: the one in force
    known: Circumstances = NOTHING_KNOWN

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.weighed.alone)

    @cached_property
    def columns(self) -> dict[str, list[Any]]:
        """The columns of `matchers.base.FINDINGS` that need no words; preconditions that do not hold by name."""
        if self.groups.of_groups:
            return {name: [finding[name] for finding in self.of_groups] for name in _COLUMNS}
        review = [verdict == Verdict.NEEDS_REVIEW for verdict in self._verdict]
        return {
            "record_id": self.task.records.places.column("id").to_pylist(),
            "verdict": [verdict.value for verdict in self._verdict],
            "subtype": self._subtype,
            "p_absent": _where(self.p_absent, ~self.missing),
            "p_absent_alone": _where(rounded(self.weighed.alone, DIGITS), ~self.missing),
            "official_id": self._official("id"),
            "p_match": _where(self.leading.p, self.leading.at >= 0),
            "competitor": [rival.record if rival else None for rival in self.weighed.rival],
            "needs_review": review,
            "attributes": self._attributes,
            "failed_preconditions": self._failed(np.array(review, np.bool_)),
        }

    @cached_property
    def counted(self) -> pa.StructArray:
        """The numbers of counts that were tested, as `matchers.base.COUNTED`; null where none were."""
        if self.groups.of_groups:
            return pa.array([finding["counted"] for finding in self.of_groups], COUNTED)
        struct = self.counts.struct
        if struct.null_count == len(struct):
            return pa.nulls(len(self), COUNTED)
        return struct.take(pa.array(self.position, mask=self.position < 0))

    @cached_property
    def of_groups(self) -> list[dict[str, Any]]:
        """The findings against a list whose rows are groups of people, not places."""
        frame = self.setting.frame
        return [
            among_rows(
                self.task,
                row,
                self.groups.among_rows(row, self.accounts.subject(row), frame(self.accounts.row(row))),
            )
            for row in range(len(self))
        ]

    @cached_property
    def placements(self) -> list[Placement]:
        """What was decided about each place itself."""
        leading, absence = self.leading, self.task.parameters.absence
        matched = bool(np.all(self.missing | (self.p_absent < absence.match_below)))
        nobody = np.zeros(len(self), np.bool_)  # the rest is asked where somebody was not matched
        situations = Situations(
            missing=self.missing,
            outside=nobody if matched else self.accounts.outside(self.task.official.coverage),
            p_absent=self.p_absent,
            p_best=leading.p,
            p_second=leading.second,
            loosely_named=nobody if matched else leading.loosely_named,
            doubtful=np.array([bool(doubts) for doubts in leading.doubts], np.bool_),
            failed=nobody if matched else np.logical_or.reduce(list(self.unmet.values())),
            founded_after=nobody if matched else self.founded_after,
            enumerated=nobody if matched else self.around.enumerated,
        )
        return place_verdicts(situations, absence)

    @cached_property
    def position(self) -> np.typing.NDArray[np.int64]:
        """Of each record its position among those whose counts are compared, -1 where the place was not matched."""
        open_ = np.array([placed.verdict is None for placed in self.placements], np.bool_) & (self.leading.at >= 0)
        return np.where(open_, np.cumsum(open_) - 1, -1)

    @cached_property
    def counts(self) -> Counts:
        """What the counts of matched records came to."""
        matched = np.flatnonzero(self.position >= 0)
        return Counts(self.accounts, self.setting, matched, self.leading.row[matched])

    @cached_property
    def outcomes(self) -> list[Counted | Matched | None]:
        """What the counts and groups of each matched record came to."""
        found = [*self.counts.outcomes, None]
        return [found[at] for at in self.position.tolist()]

    @cached_property
    def decided(self) -> list[Told]:
        """What people decided about each record before."""
        recall = self.task.recall
        if not recall.applied:
            return [_NOTHING_DECIDED] * len(self)
        short = self.weighed.shortlist
        return [recall.told(row, short.row[list(short.of_record(row))].tolist()) for row in range(len(self))]

    @cached_property
    def p_absent(self) -> Floats:
        """Probability of absence, to as many digits as are told."""
        return rounded(self.weighed.posterior.absent, DIGITS)

    @cached_property
    def missing(self) -> Flags:
        """Whether nothing can be looked for: the list holds no place, or the record gives neither name nor location."""
        if not len(self.task.official.index.places):
            return np.ones(len(self), np.bool_)
        return ~self.accounts.named & ~self.accounts.located

    @cached_property
    def founded_after(self) -> Flags:
        """Whether the place is younger than the list."""
        official = self.task.official
        return self.accounts.founded_after(official.coverage.reference_date or official.reference_date)

    @cached_property
    def unmet(self) -> dict[str, Flags]:
        """What must hold before a record is called absent, and where it does not."""
        findable = Findable(self.accounts.named, ~self.accounts.mobile)
        return unmet(self.around, self.task.official, findable)

    @cached_property
    def leading(self) -> Leading:
        """The best candidates."""
        return Leading.of(self.task, self.weighed)

    @cached_property
    def around(self) -> Neighbourhood:
        """What of the list lies around each record."""
        return Neighbourhood.of(self.task, self.weighed)

    @cached_property
    def accounts(self) -> Accounts:
        """What the records say of themselves."""
        return Accounts(self.task, self.groups)

    @cached_property
    def groups(self) -> GroupBlock:
        """What the list says of the records' groups."""
        return GroupBlock(self.task, self.taxonomy)

    @cached_property
    def setting(self) -> Setting:
        """What all comparisons of counts share."""
        return Setting(self.task.official, self.task.parameters.counting, self.today, self.known)

    @cached_property
    def _verdict(self) -> list[Verdict]:
        nothing = Verdict.INSUFFICIENT_EVIDENCE
        return [
            outcome.verdict if outcome else placed.verdict or nothing
            for outcome, placed in zip(self.outcomes, self.placements, strict=True)
        ]

    @cached_property
    def _subtype(self) -> list[str | None]:
        pairs = zip(self.outcomes, self.placements, strict=True)
        return [outcome.subtype if outcome else placed.subtype for outcome, placed in pairs]

    @cached_property
    def _attributes(self) -> list[tuple[str, ...]]:
        found = []
        rows = zip(self.outcomes, self.placements, self.leading.levels, self.decided, strict=True)
        for row, (outcome, placed, levels, decided) in enumerate(rows):
            own: tuple[str, ...] = ()
            if outcome is not None and levels is not None:
                own = ("matched", *differences_of(levels), *outcome.attributes)
                own = (*own, "part_of") if self.weighed.part_of[row] else own
            elif placed.subtype == "possible_match" and levels is not None:
                # Whether the names are variants of one another is the question itself.
                own = tuple(each for each in differences_of(levels) if each != "name_variant")
            elif placed.verdict == Verdict.HIDDEN_PLACE and self.around.enclosed[row]:
                own = ("absorbed_in_parent",)
            found.append((*own, *decided.attributes) if decided.attributes else own)
        return found

    def _failed(self, review: Flags) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = [()] * len(self)
        for name, flags in self.unmet.items() if review.any() else ():
            for row in np.flatnonzero(flags & review).tolist():
                found[row] = (*found[row], name)
        return found

    def _official(self, column: str) -> list[str | None]:
        return picked(self.task.official.index.places.column(column), self.leading.row)


_COLUMNS = (
    *("record_id", "verdict", "subtype", "p_absent", "p_absent_alone", "official_id", "p_match", "competitor"),
    *("needs_review", "attributes", "failed_preconditions"),
)


def _where(values: Floats, told: Flags) -> list[float | None]:
    """Return values as Python numbers, None where they are not told."""
    if told.all():
        numbers: list[float | None] = values.tolist()
        return numbers
    return [value if known else None for value, known in zip(values.tolist(), told.tolist(), strict=True)]
