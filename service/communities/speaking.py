"""Speaking: which record's finding stands for its community. Pure.

Where any account was found on the list, the community is on the list, however others spelled it or placed it; of those
that found a gap beyond that, the gap counts. Where none was found, the most careful verdict counts. What the counts of
several accounts say together is asked after that (`service.testimony`), and may decide otherwise than any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchers.base import Verdict

_FOUND = ("hidden_group", "undercount", "needs_review", "stale_official", "consistent", "insufficient_evidence")
_NOT_FOUND = ("needs_review", "hidden_place", "stale_official", "not_assessable", "insufficient_evidence")


@dataclass(frozen=True, slots=True)
class Voice:
    """What one record of a community found."""

    record_id: str
    verdict: str
    matched: bool  # with an entry of the list


def speaker(voices: Sequence[Voice], present: str | None) -> str | None:
    """Return the record that speaks for a community, given oldest first; None where none was verified.

    Among equals the one that speaks at present, else the oldest, so that another account that says the same changes
    nothing about what people decided.
    """
    if not voices:
        return None
    return min(enumerate(voices), key=lambda each: (_rank(each[1]), each[1].record_id != present, each[0]))[1].record_id


def _rank(voice: Voice) -> tuple[int, int]:
    order = _FOUND if voice.matched else _NOT_FOUND
    place = order.index(voice.verdict) if voice.verdict in order else len(order)
    return (0 if voice.matched and place < len(order) else 1), place


assert {*_FOUND, *_NOT_FOUND} == set(Verdict)  # noqa: S101 - a new verdict must find its place here
