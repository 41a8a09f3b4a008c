"""Why people decide as they do, in short codes that can be counted, each with what it says in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from service.store.values import FlagStatus

#: What people decide, in the order it is offered; the others only a release or a new verification brings about.
DECISIONS = (
    FlagStatus.CONFIRMED,
    FlagStatus.MATCHED_EXISTING,
    FlagStatus.REJECTED,
    FlagStatus.NEEDS_FIELD_CHECK,
    FlagStatus.UNVERIFIABLE,
    FlagStatus.DEFERRED,
    FlagStatus.PUBLISHED,
    FlagStatus.WITHDRAWN,
    FlagStatus.IN_REVIEW,
    FlagStatus.OPEN,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One code, and what it says."""

    code: str
    meaning: str


#: Reasons by decision. A decision without an entry takes any code.
Reasons = Mapping[FlagStatus, tuple[Reason, ...]]

_CHECKED = (
    Reason("field_visit", "somebody went there and saw it"),
    Reason("imagery", "it is seen on satellite or aerial pictures"),
    Reason("local_authority", "a local authority knows it"),
    Reason("documents", "documents or another register name it"),
    Reason("independent_reports", "several independent reports agree"),
)

#: What holds until the office has a list of its own.
USUAL: Reasons = MappingProxyType(
    {
        FlagStatus.CONFIRMED: _CHECKED,
        FlagStatus.MATCHED_EXISTING: (
            Reason("other_name", "the list has it under another name or spelling"),
            Reason("part_of_entry", "it is part of an entry of the list"),
            Reason("moved_or_recoded", "the list has it at another place or under another code"),
            *_CHECKED,
        ),
        FlagStatus.REJECTED: (
            Reason("not_a_community", "nobody lives there, or it is no place of its own"),
            Reason("duplicate", "it is another record's community"),
            Reason("wrong_location", "the location given cannot be right"),
            Reason("not_in_scope", "the list does not cover such communities"),
            *_CHECKED,
        ),
        FlagStatus.NEEDS_FIELD_CHECK: (
            Reason("evidence_conflicts", "the evidence points both ways"),
            Reason("no_recent_evidence", "what is known is too old"),
            Reason("location_unclear", "it is not clear where it lies"),
        ),
        FlagStatus.UNVERIFIABLE: (
            Reason("no_access", "nobody can go there"),
            Reason("no_evidence", "there is nothing to check it by"),
            Reason("source_unreachable", "who reported it cannot be asked"),
        ),
        FlagStatus.DEFERRED: (
            Reason("awaiting_release", "the next list may name it"),
            Reason("awaiting_reply", "somebody was asked and has not answered"),
            Reason("capacity", "there is nobody to look at it now"),
        ),
        FlagStatus.PUBLISHED: (
            Reason("second_review", "a second person looked and agrees"),
            Reason("release", "it goes out with a planned publication"),
        ),
        FlagStatus.WITHDRAWN: (
            Reason("community_asked", "the community asked for it"),
            Reason("sender_asked", "whoever sent it asked for it"),
            Reason("risk_of_harm", "showing it could harm people"),
        ),
        FlagStatus.IN_REVIEW: (
            Reason("taken_up", "somebody is looking at it"),
            Reason("new_evidence", "something new has come in"),
            Reason("correction", "the decision before was a mistake"),
        ),
        FlagStatus.OPEN: (
            Reason("new_evidence", "something new has come in"),
            Reason("correction", "the decision before was a mistake"),
        ),
    }
)


def codes(reasons: Reasons) -> tuple[str, ...]:
    """Return every code once, in the order of the decisions."""
    return tuple(dict.fromkeys(reason.code for decision in DECISIONS for reason in reasons.get(decision, ())))


def fits(reasons: Reasons, decision: FlagStatus, code: str) -> bool:
    """Return whether a decision may be given this reason."""
    known = reasons.get(decision)
    return known is None or code in {reason.code for reason in known}
