"""What a record's quality means for the verdict on it. It limits what may be said, never what is kept.

A low grade is not the community's fault: the reason says what the collection would have to declare.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from geodata.places import Places
from matchers.base import Verdict
from matchers.quality.grade import Grade
from matchers.quality.improvements import WHERE, improvements
from matchers.quality.policy import UNDECLARED, Action, Policy

_UNDECLARED = "Its collection has no quality passport"
_TOLD = 3  # things to mend that a reason names


@dataclass(frozen=True, slots=True)
class Quality:
    """What of a collection's quality bears on one record."""

    grade: str  # A, B, C, D or undeclared
    index: float | None
    actions: tuple[str, ...]
    improve: tuple[str, ...]  # what to declare or mend first
    policy: str  # version of the policy
    method: str | None = None  # of all records that state none
    day: str | None = None  # ISO 8601, of all records that state none
    spread_years: float = 0.0  # how far that day may lie to either side
    sigma_floor: float | None = None  # least error of counts, on the log scale

    def allows(self, action: Action) -> bool:
        """Return whether the record may be used so."""
        return action in self.actions

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self) | {"actions": list(self.actions), "improve": list(self.improve)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Quality:
        """Return it as it was kept."""
        return cls(**{**plain, **{name: tuple(plain[name]) for name in ("actions", "improve")}})


def undeclared(policy: Policy) -> Quality:
    """Return the quality of a record whose collection declares nothing."""
    first = tuple(f"declare {WHERE[name]}" for name in policy.missing)
    return Quality(UNDECLARED, None, _in_order(policy.undeclared), first, policy.version)


def graded(found: Grade, policy: Policy) -> Quality:
    """Return the quality of a record of a graded collection, without what the record inherits."""
    first = tuple(one.what[0] for one in improvements(found, policy))[:_TOLD]
    return Quality(found.grade, found.index, found.actions, first, found.policy)


def limited(finding: Mapping[str, Any], quality: Quality | None, *, counts: bool) -> dict[str, Any]:
    """Return a finding as far as the record's quality carries it; as it is where no quality is known.

    `finding` is a row of `matchers.base.FINDINGS`; `counts` says whether the record gives any. What may only be stored
    says nothing; where counts may not show an undercount, a person has to look. A matched record whose counts may not
    is marked whatever they came to, so that they show none together with others' either.
    """
    told = dict(finding)
    if quality is None or quality.allows(Action.UNDERCOUNT):
        return told
    if not quality.allows(Action.EXISTENCE):
        return told | {
            "verdict": Verdict.INSUFFICIENT_EVIDENCE.value,
            "subtype": None,
            "needs_review": False,
            "attributes": [*finding["attributes"], "quality_too_low"],
            "failed_preconditions": [],
            "causes": [],
            "reason": f"{_why(quality, 'says nothing by itself')} Compared all the same: {finding['reason']}",
        }
    attributes = [one for one in finding["attributes"] if one != "undercount_proven"]
    short = finding["verdict"] == Verdict.UNDERCOUNT
    proven = len(attributes) < len(finding["attributes"])
    if not (short or proven or (counts and "matched" in attributes)):
        return told
    mark = "quality_undeclared" if quality.grade == UNDECLARED else "quality_existence_only"
    told |= {"attributes": [*attributes, *(["possible_undercount"] if short else []), mark]}
    if short or proven:
        told["reason"] = f"{finding['reason']} {_why(quality, 'cannot show an undercount by itself')}"
    return told | ({"verdict": Verdict.NEEDS_REVIEW.value, "needs_review": True} if short else {})


def carried(
    columns: Mapping[str, Sequence[Any]], qualities: Mapping[str, Quality], counts: Sequence[Any]
) -> dict[str, Sequence[Any]]:
    """Return the columns of findings as far as the quality of each record carries them; see `limited`.

    `counts` are the counts of each record. Columns that are not there stay away.
    """
    if not qualities:
        return dict(columns)
    told = {name: list(column) for name, column in columns.items()}
    for row, record in enumerate(told["record_id"]):
        quality = qualities.get(record)
        if quality is not None and not quality.allows(Action.UNDERCOUNT):
            finding = {"reason": "", **{name: column[row] for name, column in told.items()}}
            found = limited(finding, quality, counts=bool(counts[row]))
            for name, column in told.items():
                column[row] = found[name]
    return dict(told)


def inherited(places: Places, qualities: Mapping[str, Quality]) -> Places:
    """Return accounts with the method and the day of their collection where they state none of their own."""
    if not any(quality.method or quality.day for quality in qualities.values()):
        return places
    rows = [_filled(row, qualities.get(row["id"])) for row in places.table.to_pylist()]
    return Places.from_rows(rows)


def _filled(row: dict[str, Any], quality: Quality | None) -> dict[str, Any]:
    if quality is None:
        return row
    day = date.fromisoformat(quality.day) if quality.day else None
    counts = [count | {"method": count["method"] or quality.method} for count in row["counts"] or ()]
    return row | {"counts": counts, "observed": row["observed"] or day}


def _why(quality: Quality, what: str) -> str:
    graded_as = (
        _UNDECLARED if quality.grade == UNDECLARED else f"Its collection has quality grade {quality.grade}"
    ) + f", so its account {what}"
    first = f" What would help most: {'; '.join(quality.improve[:_TOLD])}." if quality.improve else ""
    return f"{graded_as}.{first}"


def _in_order(allowed: Iterable[Action]) -> tuple[str, ...]:
    return tuple(action.value for action in Action if action in set(allowed))
