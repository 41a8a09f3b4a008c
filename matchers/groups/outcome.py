"""What becomes of a record whose groups were asked about: beside its place's counts, or as a finding of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matchers.base import Verdict
from matchers.groups.finding import GroupFinding
from matchers.judging.reasons import listed_in
from matchers.judging.verdict import Counted, matched_verdict
from matchers.model import Task
from matchers.shortlist import DIGITS


@dataclass(frozen=True, slots=True)
class Told:
    """What the counts of a place came to, in words, and as `matchers.base.COUNTED` where they were tested."""

    counted: Counted
    reason: str
    tested: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """The verdict of a matched place, with what its groups and its counts came to."""

    verdict: Verdict
    subtype: str | None
    attributes: tuple[str, ...]
    reason: str
    counted: dict[str, Any] | None = None  # a struct of `matchers.base.COUNTED`

    @classmethod
    def of(cls, told: Told, grouped: GroupFinding | None) -> Matched:
        """Bring both together."""
        counted, reason = told.counted, told.reason
        if grouped is None:
            return cls(counted.verdict, counted.subtype, counted.attributes, reason, told.tested)
        verdict = matched_verdict(grouped.verdict, counted)
        attributes = counted.attributes
        if grouped.taken and grouped.verdict is not None:  # the counts there were have been compared as the group's
            attributes = tuple(one for one in attributes if one != "presence_only")
            reason = "" if "presence_only" in counted.attributes else reason
        subtypes = (grouped.subtype, counted.subtype) if verdict == Verdict.HIDDEN_GROUP else ()
        by_group = grouped.tested is not None and (told.tested is None or verdict != counted.verdict)
        return cls(
            verdict,
            next((subtype for subtype in subtypes if subtype), None),
            (*attributes, *grouped.attributes),
            " ".join(part for part in (reason, grouped.reason) if part),
            grouped.tested if by_group else told.tested,
        )


def among_rows(task: Task, row: int, found: GroupFinding | tuple[str, ...]) -> dict[str, Any]:
    """Return the finding about a record against a list whose rows are groups, as a row of `matchers.base.FINDINGS`.

    `found` is what the list says, or the clauses for which it cannot tell.
    """
    official = task.official
    finding: dict[str, Any] = {
        "record_id": task.records.places.ids[row],
        "subtype": None,
        "p_absent": None,
        "p_absent_alone": None,
        "official_id": None,
        "official_name": None,
        "p_match": None,
        "competitor": None,
        "causes": [],
        "needs_review": False,
        "attributes": [],
        "failed_preconditions": [],
        "counted": None,
    }
    if not isinstance(found, GroupFinding):
        reason = f"{listed_in(official)} cannot tell: {'; '.join(found)}."
        return {**finding, "verdict": Verdict.NOT_ASSESSABLE.value, "reason": reason}
    verdict = found.verdict or (Verdict.CONSISTENT if found.category else Verdict.INSUFFICIENT_EVIDENCE)
    counted = found.verdict != Verdict.HIDDEN_GROUP and found.category is not None
    plain = ("presence_only",) if found.verdict is None and counted else ()
    entry = found.category.cell.category if found.category else None
    return {
        **finding,
        "verdict": verdict.value,
        "subtype": found.subtype,
        "p_absent": round(found.p_absent, DIGITS),
        "p_absent_alone": round(found.p_absent, DIGITS),
        "official_id": entry.code if entry else None,
        "official_name": found.shown,
        "p_match": round(1 - found.p_absent, DIGITS) if entry else None,
        "needs_review": verdict == Verdict.NEEDS_REVIEW,
        "counted": found.tested,
        "attributes": [*(("matched",) if counted else ()), *plain, *found.attributes],
        "reason": f"In {listed_in(official)}: {found.reason}",
    }
