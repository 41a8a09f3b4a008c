"""What a question about coverage is about, and which lists it may name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from matchers.base import OfficialList
from matchers.coverage.histories import MOST_LISTS
from service.callers.caller import Caller, Right
from service.errors import INVALID, KEY_NEEDED, NOT_PERMITTED, Problem

#: The list of all that organisations sent, together.
CITIZENS = "citizens"


@dataclass(frozen=True, slots=True)
class CoverageScope:
    """Which communities, on which lists; None means everywhere and of every kind."""

    country: str | None = None  # ISO 3166-1 alpha-3
    admin: str | None = None  # a code or name of any level, or "level=value"
    kind: str | None = None
    lists: tuple[
        str, ...
    ] = ()  # organisations, "organisation/collection", "citizens", sources; those there are if none
    stratify: tuple[str, ...] = ()  # "kind", or a level of administrative units
    seeded: tuple[str, ...] = field(default=())  # "B:A" where B was made from A

    @property
    def whole(self) -> bool:
        """Whether nothing but a country is asked about."""
        return self.admin is None and self.kind is None and not self.stratify


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists that are held against one another: those of citizens, and one official one or none."""

    citizens: tuple[str, ...]
    official: OfficialList | None
    insider: bool  # whether the caller works with all of these records

    @property
    def public(self) -> bool:
        """Whether it is the question that anybody may ask: all that citizens sent, against an official list."""
        return not self.insider and self.citizens == (CITIZENS,) and self.official is not None

    @property
    def names(self) -> tuple[str, ...]:
        """What the lists are called, in order."""
        return (*self.citizens, *([self.official.source] if self.official else ()))


def chosen(
    scope: CoverageScope, caller: Caller, organisations: Collection[str], officials: Sequence[OfficialList]
) -> Lists:
    """Return the lists that a question is about.

    `organisations` are those whose records the caller works with. Raises `Problem`: invalid for a list that is not
    there (or that the caller may not name), for two official ones, or where a choice is needed; key needed or not
    permitted for parts of a country where the caller is no insider.
    """
    by_source = {official.source: official for official in officials}
    citizens = [name for name in scope.lists if name not in by_source]
    unknown = [name for name in citizens if name != CITIZENS and name.partition("/")[0] not in organisations]
    if unknown:
        known = ", ".join([CITIZENS, *sorted(organisations), *by_source])
        detail = f"There is no list {unknown[0]} here. There are {known}."
        raise _invalid(detail)
    named = [name for name in scope.lists if name in by_source]
    official = _official([by_source[name] for name in dict.fromkeys(named)], officials, scope)
    if not citizens:
        few = len(organisations) + (official is not None) <= MOST_LISTS
        citizens = (sorted(organisations) if few else None) or [CITIZENS]
    insider = caller.may(Right.READ) or (CITIZENS not in citizens and caller.organisation is not None)
    if not (insider or scope.whole):
        detail = "Parts of a country are told to those who work with the records; without that, ask about the whole."
        raise Problem(KEY_NEEDED if caller.role is None else NOT_PERMITTED, detail)
    return Lists(tuple(citizens), official, insider)


def _official(
    named: Sequence[OfficialList], officials: Sequence[OfficialList], scope: CoverageScope
) -> OfficialList | None:
    if len(named) > 1:
        detail = (
            f"{named[0].source} and {named[1].source} were never linked with one another. Ask about one official list, "
            "or compare the files with `uncounted coverage`."
        )
        raise _invalid(detail)
    if named:
        return named[0]
    fitting = [
        official
        for official in officials
        if scope.country is None or not official.coverage.countries or scope.country in official.coverage.countries
    ]
    if scope.lists or not fitting:
        return None
    if len(fitting) > 1:
        sources = ", ".join(official.source for official in fitting)
        detail = f"Several official lists may be meant: {sources}. Name one in `lists`, beside those of citizens."
        raise _invalid(detail)
    return fitting[0]


def _invalid(detail: str) -> Problem:
    return Problem(INVALID, detail, errors=[{"pointer": "?lists", "message": detail, "hint": INVALID.hint}])
