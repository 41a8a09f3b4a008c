"""Coverage manifest: what an official list says it would list, so that silence can be read rightly.

A list of sub-locations says nothing about villages; a register of 2007 nothing about a school of 2012. The manifest is
declared by whoever adds the source, in a small TOML file beside it, and travels inside every snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from geodata.countries import country_code
from geodata.counts.coverage import CountCoverage
from geodata.counts.manifest import InvalidCounts, counts_from, counts_plain
from geodata.taxonomy.declared import GroupCoverage
from geodata.taxonomy.manifest import InvalidGroups, groups_from, groups_plain


class Completeness(StrEnum):
    """How far the list claims to name everything of its kinds inside its area."""

    EXHAUSTIVE = "exhaustive"
    REGISTER = "register"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CoverageManifest:
    """What one official list covers. Empty sets mean "not declared", never "nothing"."""

    completeness: Completeness = Completeness.UNKNOWN
    lowest_level: str | None = None  # the publisher's word, e.g. "sub-location"
    kinds: frozenset[str] = frozenset()  # kinds of place it would list (`geodata.kinds`)
    excludes: frozenset[str] = frozenset()  # kinds or groups it leaves out by rule, e.g. "camp"
    countries: frozenset[str] = frozenset()  # ISO 3166-1 alpha-3
    admin: tuple[tuple[str, frozenset[str]], ...] = ()  # within these values of these admin columns only
    bbox: tuple[float, float, float, float] | None = None  # west, south, east, north, degrees
    reference_date: date | None = None  # the day the list describes
    minimum_persons: int | None = None  # places smaller than this are not listed
    universe: str | None = None  # e.g. "usual residents, household population"
    location_r95_m: float | None = None  # uncertainty of the listed points, metres
    notes: tuple[str, ...] = field(default=())
    groups: GroupCoverage | None = None  # what it says about the groups of people it counts; None: nothing
    counts: CountCoverage | None = None  # how its counts are to be read; None: not declared


class InvalidCoverage(ValueError):
    """A coverage manifest says something that cannot be read; the message names the key and the way to mend it."""


def to_dict(manifest: CoverageManifest) -> dict[str, Any]:
    """Return the manifest as plain JSON values, sets sorted, undeclared parts left out."""
    plain: dict[str, Any] = {}
    for key in _READERS:
        value = getattr(manifest, key)
        if value is None or (not value and key not in _NUMBERS):
            continue
        plain[key] = _plain(value)
    return plain


def from_dict(plain: Mapping[str, Any]) -> CoverageManifest:
    """Read a manifest from plain values, as `to_dict` gives them or as the `[coverage]` table of a TOML file.

    Raises `InvalidCoverage` on an unknown key or a value of the wrong kind.
    """
    if unknown := sorted(set(plain) - _KEYS):
        msg = f"coverage: {', '.join(unknown)} is not known; known are {', '.join(sorted(_KEYS))}"
        raise InvalidCoverage(msg)
    read: dict[str, Any] = {}
    for key, value in plain.items():
        try:
            read[key] = _READERS[key](value)
        except (InvalidGroups, InvalidCounts) as error:
            msg = f"coverage: {error}"
            raise InvalidCoverage(msg) from error
        except (TypeError, ValueError) as error:
            msg = f"coverage: {key} = {value!r} cannot be read; give {_EXPECTED[key]}"
            raise InvalidCoverage(msg) from error
    return CoverageManifest(**read)


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, GroupCoverage):
        return groups_plain(value)
    if isinstance(value, CountCoverage):
        return counts_plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return {column: sorted(values) for column, values in sorted(value)}
    return list(value) if isinstance(value, tuple) else value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in _list(value))


def _countries(value: Any) -> frozenset[str]:
    return frozenset(country_code(item) for item in _texts(value))


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return list(value)


def _admin(value: Any) -> tuple[tuple[str, frozenset[str]], ...]:
    if not isinstance(value, Mapping):
        raise TypeError
    return tuple((_text(column), frozenset(_texts(values))) for column, values in sorted(value.items()))


def _bbox(value: Any) -> tuple[float, float, float, float]:
    west, south, east, north = (float(edge) for edge in _list(value))
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004 - degrees
        raise ValueError
    return west, south, east, north


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _positive(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise TypeError
    return float(value)


def _persons(value: Any) -> int:
    return int(_positive(value))


#: Of these a zero says something.
_NUMBERS = ("minimum_persons", "location_r95_m")
_READERS: dict[str, Callable[[Any], Any]] = {
    "completeness": Completeness,
    "lowest_level": _text,
    "kinds": lambda value: frozenset(_texts(value)),
    "excludes": lambda value: frozenset(_texts(value)),
    "countries": _countries,
    "admin": _admin,
    "bbox": _bbox,
    "reference_date": _date,
    "minimum_persons": _persons,
    "universe": _text,
    "location_r95_m": _positive,
    "notes": _texts,
    "groups": groups_from,
    "counts": counts_from,
}
_EXPECTED = {
    "completeness": f"one of {', '.join(Completeness)}",
    "lowest_level": "the publisher's word for the level",
    "kinds": "a list of kinds of place",
    "excludes": "a list of kinds or groups",
    "countries": "a list of country codes or names",
    "admin": 'a table such as { county = ["Nairobi"] }',
    "bbox": "[west, south, east, north] in degrees",
    "reference_date": "a date such as 2009-08-24",
    "minimum_persons": "a number of persons",
    "universe": "a text",
    "location_r95_m": "metres",
    "notes": "a list of texts",
    "groups": "a table, see docs/groups.md",
    "counts": "a table, see docs/counts.md",
}
_KEYS = frozenset(_READERS)
