"""The decision order: from probabilities, preconditions and counts to one verdict. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matchers.base import Verdict


@dataclass(frozen=True, slots=True)
class Standing:
    """What of one list's finding decides whether it is the primary one."""

    verdict: Verdict
    matched: bool  # the finding has the attribute "matched": an entry of the list was accepted
    fineness: int  # of the list's lowest level (`geodata.kinds.fineness`); finer is greater
    reference_date: date | None


#: Without an accepted match, the findings that ask most of people come first.
_ORDER = (
    Verdict.NEEDS_REVIEW,
    Verdict.HIDDEN_GROUP,
    Verdict.HIDDEN_PLACE,
    Verdict.STALE_OFFICIAL,
    Verdict.NOT_ASSESSABLE,
    Verdict.INSUFFICIENT_EVIDENCE,
    Verdict.UNDERCOUNT,
    Verdict.CONSISTENT,
)


def primary(standings: Sequence[Standing]) -> int:
    """Return the position of the primary finding among several lists' findings about one record.

    Listed somewhere wins: the finest level, then the latest reference date. Else needs_review before hidden_group,
    hidden_place, stale_official, not_assessable, insufficient_evidence. Equal standings keep the order given.
    Raises `ValueError` when there is none.
    """
    if not standings:
        msg = "no finding to choose from"
        raise ValueError(msg)

    def rank(position: int) -> tuple[int, int, int, int]:
        standing = standings[position]
        day = standing.reference_date.toordinal() if standing.reference_date else 0
        listed = standing.matched and standing.verdict != Verdict.NEEDS_REVIEW
        return (-1 if listed else _ORDER.index(standing.verdict), -standing.fineness, -day, position)

    return min(range(len(standings)), key=rank)
