"""How many flags of a report bear each tag, counted so that nobody can be counted out.

A flag counts with the tags that its reader sees on it. To readers from outside a number under ten is withheld. What
they do not see counts only in the total of a country or of everything, never of a unit, a list or a tag. There it takes
enough published communities that agreed to be part of totals, ten, or fifty where their class is restricted or closed;
and as many others without the tag, because a total of all would tell it of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Any

from geodata.tags import goals, tagging
from geodata.tags.tag import Tag, TagKind
from service.caller import Caller, Role
from service.disclosure.openness import open_now
from service.disclosure.policy import SMALLEST_COUNT, Consent, Sensitivity, View, consent_of, sensitivity_of, view_of
from service.disclosure.tags import MEMBERS, shows_every_field, visible_tags
from service.store.values import Flag
from service.tags import tagged

#: No total holds fewer communities than this of a class that is not shown one by one (methods: K of S2).
SMALLEST_CLOSED = 50

#: Under which the sets of factors that are evidenced together are counted.
TOGETHER = "factors_together"

_Cell = tuple[str, str]  # member, code
_AGREED = frozenset({Consent.PUBLIC_AGGREGATE, Consent.PUBLIC_MASKED, Consent.PUBLIC_EXACT})
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Totalling:
    """Who reads the totals, and of what they are."""

    caller: Caller
    whole: bool  # of a country or of everything, so that totals of hidden communities may be part of it


def by_tag(flags: Sequence[Flag], shown: Container[str], totalling: Totalling) -> dict[str, dict[str, int | None]]:
    """Return the number of flags per tag, by kind; None for a number that is too small to be told.

    `shown` holds the ids of the flags that this caller sees.
    """
    own: Counter[_Cell] = Counter()  # of communities that the caller works with
    others: Counter[_Cell] = Counter()  # of those it only reads about
    withheld = (_Withheld(SMALLEST_COUNT), _Withheld(SMALLEST_CLOSED))
    for flag in flags:
        view = _view(flag, totalling.caller) if flag.id in shown else View.NOTHING
        seen = visible_tags(flag.record, view)
        (own if view.inside else others).update(_cells(seen))
        if totalling.whole and _agreed(flag) and not shows_every_field(flag.record.account, view):
            closed = sensitivity_of(flag.record.account) in {Sensitivity.RESTRICTED, Sensitivity.CLOSED}
            withheld[closed].add(_cells(tagged(flag.record.account, flagged=True)) - _cells(seen))
    for kept in withheld:
        others.update(kept.told())
    small = set() if totalling.caller.may(Role.REVIEWER) else {c for c, n in others.items() if n < SMALLEST_COUNT}
    told: dict[str, dict[str, int | None]] = {member: {} for member in (*MEMBERS.values(), TOGETHER)}
    for member, code in sorted({*own, *others}, key=_order):
        told[member][code] = None if (member, code) in small else own[member, code] + others[member, code]
    return told


@dataclass
class _Withheld:
    """Communities of which the reader does not see every field, and what these evidence."""

    least: int
    communities: int = 0
    cells: Counter[_Cell] = field(default_factory=Counter)

    def add(self, cells: set[_Cell]) -> None:
        """Count one more."""
        self.communities += 1
        self.cells.update(cells)

    def told(self) -> dict[_Cell, int]:
        """Return the numbers that may be part of a total; what every flag bears tells nothing about any."""
        known = _cells(tagging.of_any_flag())
        return {
            cell: number
            for cell, number in self.cells.items()
            if number >= self.least and (cell in known or self.communities - number >= self.least)
        }


def _cells(tags: frozenset[Tag]) -> set[_Cell]:
    cells = {(MEMBERS[tag.kind], tag.code) for tag in tags}
    factors = sorted({tag.code for tag in tags if tag.kind is TagKind.FACTOR})
    return cells | ({(TOGETHER, " + ".join(factors))} if len(factors) >= _SEVERAL else set())


def _view(flag: Flag, caller: Caller) -> View:
    return view_of(flag.record, caller, published=open_now(flag))


def _agreed(flag: Flag) -> bool:
    return open_now(flag) and consent_of(flag.record) in _AGREED


def _order(cell: _Cell) -> tuple[Any, ...]:
    member, code = cell
    return (member, goals.order(code) if member == MEMBERS[TagKind.SDG] else code)
