"""How many people of a group a list counts, at least and at most, over the categories that hold them.

    O_low  = exact + narrower + shares known
    O_high = O_low + overlap + not stated in proportion, and without an exact category + broader + other

An undercount against O_high holds under any mapping of the categories; against O_low only, the mapping decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.taxonomy.declared import Relation


@dataclass(frozen=True, slots=True)
class Part:
    """The number of one category, and how it stands to the group."""

    number: float
    relation: Relation
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """What a variable counts beside its groups; None where it is not published."""

    other: float | None = None  # "other", not elsewhere classified
    not_stated: float | None = None
    stated: float = 0.0  # all who gave an answer


@dataclass(frozen=True, slots=True)
class Sums:
    """Bounds of the number of people of a group that a list counts."""

    low: float
    high: float


def sums(parts: Sequence[Part], rest: Rest = Rest()) -> Sums:
    """Return the bounds.

    Who is counted as "other", or in a broader category, may be of the group unless a category is exactly the group;
    such a category is taken at its word, because broader ones are often the totals it is part of. Those who did not
    answer are taken to be of the group in the proportion of those who did, or all of them where that is not known.
    """
    exact = any(part.relation is Relation.EXACT for part in parts)
    low = high = 0.0
    for part in parts:
        if exact and part.relation is Relation.BROADER:
            continue
        if part.relation in {Relation.EXACT, Relation.NARROWER}:
            low, high = low + part.number, high + part.number
        elif part.share is not None:
            low, high = low + part.number * part.share, high + part.number * part.share
        else:
            high += part.number
    if rest.other is not None and not exact:
        high += rest.other
    if rest.not_stated:
        high += rest.not_stated * (min(high / rest.stated, 1.0) if rest.stated > 0 else 1.0)
    return Sums(low, high)
