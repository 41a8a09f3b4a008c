"""Reach: what an emergency hold hides. Where something does not say enough to tell, it is hidden rather than shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from geodata.names.folding import fold
from geodata.taxonomy import in_force as taxonomy
from geodata.taxonomy.group import Group
from service.accounts.account import Account
from service.accounts.classes import labels_of
from service.store.filters import Bbox

_LIKELY = 0.3  # probability that a label means a group, from which on its hold holds (as that of its class does)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a hold hides: what fits everything that is said here."""

    country: str | None = None  # ISO 3166-1 alpha-3
    admin: str | None = None  # as in `service.store.filters.RecordFilter`; what names no unit fits any
    people: str | None = None  # a group, by any name the taxonomy knows; those that are part of it fit too
    organisation: str | None = None
    collection: str | None = None
    bbox: Bbox | None = None  # in a country that is named, what has no point fits too


@dataclass(frozen=True, slots=True)
class Subject:
    """What may be held: whose it is, where it is, and whom it speaks of."""

    organisation: str
    collection: str | None
    country: str
    units: tuple[tuple[str, str], ...]  # (level, code or name)
    labels: Callable[[], Iterable[str]]  # of groups; asked only where a group is held
    point: Callable[[], tuple[float, float] | None]  # latitude and longitude, asked only where a box is held

    @classmethod
    def of(cls, organisation: str, account: Account) -> Self:
        """Return an organisation's account of a community as what may be held."""
        return cls(
            organisation,
            account.collection,
            account.country,
            account.admin,
            lambda: labels_of(account),
            account.point,
        )


def held(scopes: Sequence[Scope], subject: Subject) -> bool:
    """Return whether one of these scopes holds a subject."""
    return any(_covers(scope, subject) for scope in scopes)


def meant(people: str, country: str | None = None) -> tuple[Group, ...]:
    """Return the groups that a name may stand for, and those that are part of them."""
    known = taxonomy()
    if people in known:
        likely = {people}
    else:
        likely = {one.group.id for one in known.recognise(people, country) if one.probability >= _LIKELY}
    return tuple(known[one] for one in sorted(likely.union(*map(known.narrower, likely))))


def _covers(scope: Scope, subject: Subject) -> bool:
    return (
        scope.country in {None, subject.country}
        and scope.organisation in {None, subject.organisation}
        and scope.collection in {None, subject.collection}
        and (scope.admin is None or _inside(scope.admin, subject))
        and (scope.bbox is None or _located(scope.bbox, subject, nowhere=scope.country is not None))
        and (scope.people is None or _speaks_of(scope.people, subject))
    )


def _inside(admin: str, subject: Subject) -> bool:
    level, _, value = admin.rpartition("=")
    units = {(fold(of), fold(code)) for of, code in subject.units}
    return not units or any(fold(value) == code and (not level or fold(level) == of) for of, code in units)


def _located(bbox: Bbox, subject: Subject, *, nowhere: bool) -> bool:
    point = subject.point()
    if point is None:
        return nowhere
    west, south, east, north = bbox
    lat, lon = point
    return south <= lat <= north and (west <= lon <= east if west <= east else lon >= west or lon <= east)


def _speaks_of(people: str, subject: Subject) -> bool:
    known, country = taxonomy(), subject.country
    wanted = {group.id for group in meant(people, country)}
    return any(
        label in wanted
        or fold(label) == fold(people)
        or any(one.group.id in wanted and one.probability >= _LIKELY for one in known.recognise(label, country))
        for label in subject.labels()
    )
