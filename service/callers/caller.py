"""Who is asking: an organisation's key with a role, or nobody in particular.

A role is a set of rights. Where one set holds another the roles are in order (contributor, reviewer, publisher, admin);
readers and stewards stand beside them. Some rights hold only within the territory of a key; whatever does not ask where
something lies is refused them altogether, so that a question that was forgotten shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from service.callers.territory import Area


class Right(StrEnum):
    """One thing that a key may be for."""

    EXCHANGE = "exchange"  # itself for a new one
    READ = "read"  # what every organisation sent, but what is closed, held or withdrawn
    SEND = "send"  # records, files and surveys of its organisation, and what it says about itself
    LOWER = "lower"  # take back and show less of what one speaks for
    REVIEW = "review"  # decide about flags, let records out of quarantine
    PUBLISH = "publish"  # what another confirmed
    ADMINISTER = "administer"  # all organisations, emergency holds, what is closed


class Role(StrEnum):
    """What a key may do: the name of a set of rights."""

    READER = "reader"
    CONTRIBUTOR = "contributor"
    STEWARD = "steward"
    REVIEWER = "reviewer"
    PUBLISHER = "publisher"
    ADMIN = "admin"

    @property
    def rights(self) -> frozenset[Right]:
        """What it may."""
        return RIGHTS[self]


_CONTRIBUTES = frozenset({Right.EXCHANGE, Right.SEND, Right.LOWER})
_REVIEWS = _CONTRIBUTES | {Right.READ, Right.REVIEW}

#: What each role may: the one table.
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.READER: frozenset({Right.EXCHANGE, Right.READ}),
    Role.CONTRIBUTOR: _CONTRIBUTES,
    Role.STEWARD: frozenset({Right.EXCHANGE, Right.LOWER}),
    Role.REVIEWER: _REVIEWS,
    Role.PUBLISHER: _REVIEWS | {Right.PUBLISH},
    Role.ADMIN: frozenset(Right),
}

_OF: dict[Role | Right, frozenset[Right]] = {**dict(RIGHTS.items()), **{right: frozenset({right}) for right in Right}}

#: Rights that hold within the territory of a key, where it has one.
PLACED = frozenset({Right.READ, Right.REVIEW, Right.PUBLISH})


@dataclass(frozen=True, slots=True)
class Charge:
    """What a steward speaks for: a collection of an organisation, or one record of it."""

    organisation: str
    collection: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """The organisation and key behind a call. `ANONYMOUS` has neither.

    A steward is of no organisation, so that nothing is shown to one for that; `named_by` says whose key it is.
    """

    organisation: str | None  # short name, e.g. "map-kibera"
    key_id: str | None
    role: Role | None
    areas: tuple[Area, ...] | None = None  # its territory; None: everywhere
    partners: frozenset[str] = frozenset()  # organisations of its coalition
    charges: tuple[Charge, ...] = ()
    named_by: str | None = None

    def holds(self, wanted: Role | Right) -> bool:
        """Return whether the caller has a right, or all those of a role, at least somewhere."""
        return self.role is not None and _OF[wanted] <= RIGHTS[self.role]

    def may(self, wanted: Role | Right) -> bool:
        """Return whether the caller has a right, or all those of a role, everywhere."""
        return self.holds(wanted) and (self.areas is None or not _OF[wanted] & PLACED)

    def at(self, country: str, units: Iterable[tuple[str, str]]) -> Caller:
        """Return the caller as they stand towards what lies there: with all their rights, or those that hold anywhere.

        `units` are (level, code or name).
        """
        if self.areas is None:
            return self
        there = list(units)
        return replace(self, areas=None) if any(area.holds(country, there) for area in self.areas) else self

    def counting(self, country: str | None, admin: str | None) -> Caller:
        """Return as whom the caller is told numbers of a country, or of a unit of it; None: of everywhere.

        Numbers are counted for those who work with all of it, and for others with nothing but what is their own.
        """
        alone = replace(self, partners=frozenset(), charges=())
        if alone.areas is None:
            return alone
        inside = any(area.takes_in(country, admin) for area in alone.areas)
        return replace(alone, areas=None if inside else ())

    @property
    def acts_for(self) -> str | None:
        """Whose name stands beside what the caller does."""
        return self.organisation or self.named_by


def holders(right: Right) -> tuple[Role, ...]:
    """Return the roles that have a right."""
    return tuple(role for role in Role if right in role.rights)


ANONYMOUS = Caller(organisation=None, key_id=None, role=None)
