"""Territory: the countries and administrative units within which a key works.

A unit is a code or a name of any level, or of one as `level=value`, in any case and script: the way lists are asked.
What names no unit lies in no unit, because nobody can tell where it is; in its country it lies all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.names.folding import fold


@dataclass(frozen=True, slots=True)
class Area:
    """A country, or a unit of one."""

    country: str  # ISO 3166-1 alpha-3
    admin: str | None = None  # None: all of the country

    def __str__(self) -> str:
        """Say it in words."""
        return self.country if self.admin is None else f"{self.admin} in {self.country}"

    def holds(self, country: str, units: Iterable[tuple[str, str]]) -> bool:
        """Return whether what lies in a country, in these units (level, code or name), lies here."""
        return country == self.country and (self.admin is None or is_within(self.admin, units))

    def takes_in(self, country: str | None, admin: str | None) -> bool:
        """Return whether a question about a country, or a unit of it, is about nothing but what lies here."""
        if country != self.country:
            return False
        if self.admin is None:
            return True
        if admin is None:
            return False
        (level, value), (own_level, own_value) = _parted(admin), _parted(self.admin)
        return value == own_value and own_level in {"", level}


def is_within(admin: str, units: Iterable[tuple[str, str]]) -> bool:
    """Return whether one of these units (level, code or name) is what an administrative unit is asked for by."""
    level, value = _parted(admin)
    lines = {(fold(own), fold(unit)) for own, unit in units}
    return (level, value) in lines if level else value in {unit for _, unit in lines}


def in_words(areas: Sequence[Area]) -> str:
    """Return areas as people read them."""
    return ", ".join(map(str, areas)) or "nowhere"


def plain(areas: Sequence[Area]) -> list[dict[str, str | None]]:
    """Return areas as JSON values."""
    return [{"country": area.country, "admin": area.admin} for area in areas]


def from_plain(said: Iterable[Mapping[str, Any]]) -> tuple[Area, ...]:
    """Return the areas of JSON values."""
    return tuple(Area(one["country"], one["admin"]) for one in said)


def _parted(admin: str) -> tuple[str, str]:
    level, _, value = admin.rpartition("=")
    return fold(level), fold(value)
