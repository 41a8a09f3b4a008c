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
class Matched:
    """The verdict of a matched place, with what its groups and its counts came to."""

    verdict: Verdict
    subtype: str | None
    attributes: tuple[str, ...]
    reason: str

    @classmethod
    def of(cls, counted: Counted, told: str, grouped: GroupFinding | None) -> Matched:
        """Bring both together; `told` is the sentence about the counts."""
        if grouped is None:
            return cls(counted.verdict, None, counted.attributes, told)
        verdict = matched_verdict(grouped.verdict, counted)
        attributes = counted.attributes
        if grouped.taken and grouped.verdict is not None:  # the counts there were have been compared as the group's
            attributes = tuple(one for one in attributes if one != "presence_only")
            told = "" if "presence_only" in counted.attributes else told
        subtype = grouped.subtype if verdict == Verdict.HIDDEN_GROUP else None
        reason = " ".join(part for part in (told, grouped.reason) if part)
        return cls(verdict, subtype, (*attributes, *grouped.attributes), reason)


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
        "attributes": [*(("matched",) if counted else ()), *plain, *found.attributes],
        "reason": f"In {listed_in(official)}: {found.reason}",
    }
