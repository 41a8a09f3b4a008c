"""Regions: where the gaps of a report lie, by the administrative units that its communities name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geodata.names.folding import fold
from matchers.base import Verdict
from service.accounts.account import Account

#: What a community of a region counts as, in the order shown.
SORTS = ("hidden", "undercount", "in_review", "consistent")
_CODES = frozenset({"pcode", "code"})  # levels of which each community may have a value of its own
_SORT = {
    Verdict.HIDDEN_PLACE: "hidden",
    Verdict.HIDDEN_GROUP: "hidden",
    Verdict.UNDERCOUNT: "undercount",
    Verdict.NEEDS_REVIEW: "in_review",
    Verdict.STALE_OFFICIAL: "in_review",
    Verdict.CONSISTENT: "consistent",
}


@dataclass(frozen=True, slots=True)
class Community:
    """One community, or several that name the same units: where they lie and what they count as."""

    units: Mapping[str, str]  # level, folded -> value as written
    sort: str
    number: int = 1


@dataclass(frozen=True, slots=True)
class Region:
    """One administrative unit; `area` is None for communities that do not name it."""

    area: str | None
    numbers: Mapping[str, int]  # by sort

    @property
    def total(self) -> int:
        """All communities of it."""
        return sum(self.numbers.values())


@dataclass(frozen=True, slots=True)
class Regions:
    """The regions of one level, those with the most gaps first; the level is None where no community names a unit."""

    level: str | None
    items: tuple[Region, ...]


def sort_of(verdict: str) -> str | None:
    """Return what a verdict counts as, None where it says neither gap nor agreement."""
    return _SORT.get(Verdict(verdict))


def units_of(account: Account) -> dict[str, str]:
    """Return the administrative units that an account names, by folded level."""
    return {fold(level): value for level, value in account.admin}


def units_in(lines: str) -> dict[str, str]:
    """Return the units of a record as its row keeps them: folded, one "level=value" a line."""
    pairs = (line.partition("=") for line in lines.split("\n") if "=" in line)
    return {level: value.title() for level, _, value in pairs}


def regions(found: Sequence[Community], within: str | None = None) -> Regions:
    """Return communities by region, of the level that most of them name, the coarsest among equals.

    `within` is the unit a report is about already, as a code, a name or "level=value": its level would be one region.
    """
    level = _level(found, within)
    counted: dict[str | None, Counter[str]] = defaultdict(Counter)
    written: dict[str, str] = {}
    for one in found:
        value = one.units.get(level) if level else None
        key = fold(value) if value else None
        if key is not None and value is not None:
            written.setdefault(key, value)
        counted[key][one.sort] += one.number
    items = [Region(written.get(key) if key else None, numbers) for key, numbers in counted.items()]
    return Regions(level, tuple(sorted(items, key=_rank)))


def _rank(region: Region) -> tuple[bool, int, int, str]:
    gaps = region.total - region.numbers.get("consistent", 0)
    return region.area is None, -gaps, -region.total, region.area or ""


def _level(found: Sequence[Community], within: str | None) -> str | None:
    bearers: Counter[str] = Counter()
    values: dict[str, set[str]] = defaultdict(set)
    for one in found:
        for level, value in one.units.items():
            bearers[level] += one.number
            values[level].add(fold(value))
    asked = {fold(within.rpartition("=")[2])} if within else set()
    telling = [level for level, named in values.items() if level not in _CODES and named != asked]
    return min(telling or bearers, key=lambda level: (-bearers[level], len(values[level]), level), default=None)
