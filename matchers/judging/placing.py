"""The decision about the place itself: from probabilities and preconditions, for many records at once. Pure.

Signs are columns; what follows from each combination of them is decided once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import starmap
from typing import NamedTuple

from matchers.base import Verdict
from matchers.pairs import Flags, Floats
from matchers.parameters import Absence


@dataclass(frozen=True, slots=True)
class Situations:
    """Everything the decision about places rests on, for many records and one list; columns by record."""

    missing: Flags  # nothing can be looked for at all
    outside: Flags  # the list would not hold such a place
    p_absent: Floats
    p_best: Floats  # of the best candidate, 0 where there is none
    p_second: Floats
    loosely_named: Flags  # the best candidate's name is far from the record's
    doubtful: Flags  # the best candidate needs a person's eye whatever its probability
    failed: Flags  # some precondition of absence does not hold
    founded_after: Flags  # the place is younger than the list
    enumerated: Flags  # the list covers the ground the place lies on


class Placement(NamedTuple):
    """What was decided about the place itself, before any counts are compared."""

    verdict: Verdict | None  # None: matched, the counts decide
    subtype: str | None = None


def rivalled(p_second: Floats, absence: Absence) -> Flags:
    """Return where a second entry is about as likely as the best: that too needs a person's eye."""
    return p_second > absence.rival


def place_verdicts(situations: Situations, absence: Absence) -> list[Placement]:
    """Decide whether each place is matched, absent, for a person to see, or beyond what the list can tell.

    Thresholds follow from costs: match below cost_review / cost_false_match, absent above
    1 - cost_review / cost_false_absence, a person's eye between.
    """
    one, p_absent, likely = situations, situations.p_absent, situations.p_best > situations.p_absent
    signs = (
        one.missing,
        p_absent < absence.match_below,
        one.doubtful | rivalled(one.p_second, absence),
        one.outside & (one.loosely_named | ~likely),
        p_absent <= absence.absent_above,
        likely,
        one.founded_after,
        one.failed,
        one.enumerated,
    )
    return list(starmap(_placed, zip(*(sign.tolist() for sign in signs), strict=True)))


@cache
def _placed(*signs: bool) -> Placement:
    missing, match, doubtful, beyond, review, likely, *absence = signs
    if missing:
        return Placement(Verdict.INSUFFICIENT_EVIDENCE)
    if match:
        return Placement(Verdict.NEEDS_REVIEW, "possible_match") if doubtful else Placement(None)
    if beyond:
        return Placement(Verdict.NOT_ASSESSABLE)
    if review:
        return Placement(Verdict.NEEDS_REVIEW, "possible_match" if likely else "possibly_absent")
    return _absent(*absence)


def _absent(founded_after: bool, failed: bool, enumerated: bool) -> Placement:  # noqa: FBT001 - signs, in their order
    if founded_after:
        return Placement(Verdict.STALE_OFFICIAL, "founded_after_list")
    if failed:
        return Placement(Verdict.NEEDS_REVIEW, "possibly_absent")
    return Placement(Verdict.HIDDEN_PLACE, f"not_listed_area_{'enumerated' if enumerated else 'unenumerated'}")
