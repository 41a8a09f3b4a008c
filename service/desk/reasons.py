"""Reasons: what the desk offers as the reason of a decision; each code with the decisions it goes with."""

from __future__ import annotations

from dataclasses import dataclass

from service.store.values import FlagStatus

_JUDGED = (
    FlagStatus.CONFIRMED,
    FlagStatus.MATCHED_EXISTING,
    FlagStatus.REJECTED,
    FlagStatus.NEEDS_FIELD_CHECK,
    FlagStatus.UNVERIFIABLE,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason that decisions are given with."""

    code: str
    label: str
    decisions: tuple[FlagStatus, ...]


_UNSETTLED = (FlagStatus.NEEDS_FIELD_CHECK, FlagStatus.UNVERIFIABLE, FlagStatus.DEFERRED)

#: In the order in which they are offered.
REASONS = (
    Reason("field_visit", "Somebody went there and looked", tuple(FlagStatus)),
    Reason("local_knowledge", "Known to people who know the area", _JUDGED),
    Reason("checked_with_sender", "Cleared up with whoever sent it", _JUDGED),
    Reason("imagery", "Seen on satellite or aerial images", _JUDGED),
    Reason("other_register", "Held against another register", _JUDGED[:3]),
    Reason("alias", "It is on the list under another name", (FlagStatus.MATCHED_EXISTING,)),
    Reason("part_of_listed", "It is counted as part of a larger place on the list", (FlagStatus.MATCHED_EXISTING,)),
    Reason("duplicate", "The same community stands here already", _JUDGED[1:3]),
    Reason("not_a_community", "Nobody lives there: a market, a camp for a season, a landmark", (FlagStatus.REJECTED,)),
    Reason("out_of_scope", "It lies outside what this list or office is for", (FlagStatus.REJECTED,)),
    Reason("wrong_place", "The place given cannot be right", (FlagStatus.REJECTED, *_UNSETTLED[:2])),
    Reason("conflicting_accounts", "The accounts contradict one another", _UNSETTLED),
    Reason("too_little_known", "Too little is known to decide", _UNSETTLED[:2]),
    Reason("no_access", "Nobody can get there at present", _UNSETTLED[1:]),
    Reason("awaiting_release", "A new official list is about to come out", (FlagStatus.DEFERRED,)),
    Reason("four_eyes", "A second person agreed", (FlagStatus.PUBLISHED,)),
)


def offered(decisions: tuple[FlagStatus, ...]) -> tuple[Reason, ...]:
    """Return the reasons that go with any of these decisions."""
    return tuple(reason for reason in REASONS if set(reason.decisions) & set(decisions))
