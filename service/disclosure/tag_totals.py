"""How many flags of a report bear each tag, counted so that nobody can be counted out.

A flag counts with the tags that its reader sees on it. To readers from outside a number under ten is withheld. What
they do not see counts only in the total of a country or of everything, never of a unit, a list or a tag, and only as
the registry of editions tells it (`hidden`): of published communities that agreed to be part of totals, ten or fifty by
their class, beside as many others without the tag. Closed ones are in no total, and groups of people are totalled only
where they are seen: they stand within one another, so the difference of two numbers would be a number of the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from geodata.tags import goals
from geodata.tags.tag import Tag, TagKind
from service.accounts.tags import tagged
from service.callers.caller import ANONYMOUS, Caller, Right
from service.disclosure.openness import open_now
from service.disclosure.policy import (
    SMALLEST_COUNT,
    Consent,
    Sensitivity,
    View,
    consent_of,
    sensitivity_of,
    taken_back,
    view_of,
)
from service.disclosure.registry import beside
from service.disclosure.tags import MEMBERS, shows_every_field, visible_tags
from service.store.values import Flag

#: No total holds fewer communities than this of a class that is not shown one by one (methods: K of S2).
SMALLEST_CLOSED = 50

#: Under which the sets of factors that are evidenced together are counted.
TOGETHER = "factors_together"

Cell = tuple[str, str]  # member, code
_AGREED = frozenset({Consent.PUBLIC_AGGREGATE, Consent.PUBLIC_MASKED, Consent.PUBLIC_EXACT})
_LEAST = {
    Sensitivity.OPEN: SMALLEST_COUNT,
    Sensitivity.CAUTION: SMALLEST_COUNT,
    Sensitivity.RESTRICTED: SMALLEST_CLOSED,
}
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Totalling:
    """Who reads the totals, and what it is told of tags that it does not see: by K, the numbers of the registry."""

    caller: Caller
    told: Mapping[int, Mapping[Cell, int]] = field(default_factory=dict)


class TagTotals:
    """Counts the flags of a report per tag, a few at a time; of flags that its caller sees, and no others."""

    def __init__(self, totalling: Totalling) -> None:
        """Begin with none."""
        self._totalling = totalling
        self._own: Counter[Cell] = Counter()  # of communities that the caller works with
        self._others: Counter[Cell] = Counter()  # of those it only reads about
        # of its own, those among the ones that the registry counts
        self._twice = {least: Counter[Cell]() for least in totalling.told}

    def add(self, flag: Flag, view: View) -> None:
        """Count a flag with the tags that this view shows."""
        (self._own if view.inside else self._others).update(cells_of(visible_tags(flag.record, view)))
        if view.inside and self._twice:
            least, unseen = unseen_cells(flag)
            if least in self._twice:
                self._twice[least].update(unseen)

    def done(self) -> dict[str, dict[str, int | None]]:
        """Return the number of flags per tag, by kind; None for a number that is too small to be told."""
        own, others = self._own, self._others.copy()
        for least, numbers in self._totalling.told.items():
            others.update({cell: beside(told, self._twice[least][cell]) for cell, told in numbers.items()})
        inside = self._totalling.caller.may(Right.READ)
        small = set() if inside else {cell for cell, number in others.items() if 0 < number < SMALLEST_COUNT}
        told: dict[str, dict[str, int | None]] = {member: {} for member in (*MEMBERS.values(), TOGETHER)}
        for member, code in sorted(+own | +others, key=_order):
            told[member][code] = None if (member, code) in small else own[member, code] + others[member, code]
        return told


def unseen_cells(flag: Flag) -> tuple[int | None, set[Cell]]:
    """Return the tags of a flag that the public does not see and that count in its totals, with the K of its class.

    No K where nothing of it counts there.
    """
    account = flag.record.account
    least = _LEAST.get(sensitivity_of(account))
    view = _view(flag, ANONYMOUS)
    agreed = open_now(flag) and not taken_back(flag.record) and consent_of(flag.record) in _AGREED
    if least is None or not agreed or shows_every_field(account, view):
        return None, set()
    told = frozenset(tag for tag in tagged(account, flagged=True) if tag.kind is not TagKind.GROUP)
    return least, cells_of(told) - cells_of(visible_tags(flag.record, view))


def cells_of(tags: frozenset[Tag]) -> set[Cell]:
    """Return under what tags are counted: each by itself, and its factors together."""
    cells = {(MEMBERS[tag.kind], tag.code) for tag in tags}
    factors = sorted({tag.code for tag in tags if tag.kind is TagKind.FACTOR})
    return cells | ({(TOGETHER, " + ".join(factors))} if len(factors) >= _SEVERAL else set())


def _view(flag: Flag, caller: Caller) -> View:
    return view_of(flag.record, caller, published=open_now(flag))


def _order(cell: Cell) -> tuple[Any, ...]:
    member, code = cell
    return (member, goals.order(code) if member == MEMBERS[TagKind.SDG] else code)
