"""Why a community may be missing from a list: likely causes, so that people know what to look for. Never a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from geodata.coverage import CoverageManifest
from geodata.kinds import lineage
from matchers.judging.scope import Subject

CAUSES = {
    "below_threshold": "the list leaves out places this small",
    "after_reference_date": "the place is younger than the list",
    "absorbed_in_parent": "it lies inside a larger official unit and may be counted there",
    "renamed_or_transliterated": "an entry at this location goes by another name or script",
    "boundary_change": "an entry of this name is listed in another administrative unit",
    "informal_status": "informal settlements and camps are often left out",
    "mobile_population": "people who move are often left out",
    "suppressed": "the list withholds numbers of its entry",
    "listing_error": "an entry of this name is listed at another location",
}
#: Causes that the best candidate points to: why one community may look like two.
OF_ENTRY = frozenset({"renamed_or_transliterated", "boundary_change", "listing_error"})
_INFORMAL = frozenset({"informal_settlement", "camp"})
_ALIKE = frozenset({"exact", "near_95", "alias"})
_HERE = frozenset({"within", "inside"})
_NOT_HERE = frozenset({"beyond", "far", "outside"})


@dataclass(frozen=True, slots=True)
class Surrounding:
    """What of one record and its best candidate points to a cause."""

    subject: Subject
    levels: Mapping[str, str]  # of the best candidate's features; empty without one
    scripts: tuple[str | None, str | None]  # of the names compared
    enclosed: bool  # an official polygon holds the record
    founded_after: bool
    suppressed: bool  # the best candidate's count is withheld
    mobile: bool  # its people move


def causes_of(around: Surrounding, coverage: CoverageManifest) -> tuple[str, ...]:
    """Return the likely causes of an absence, as keys of `CAUSES` in their order."""
    found = set(_found(around, coverage))
    return tuple(cause for cause in CAUSES if cause in found)


def causes_sentence(causes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the causes as one sentence, or none."""
    return (f"Possible causes: {'; '.join(CAUSES[cause] for cause in causes)}.",) if causes else ()


def _found(around: Surrounding, coverage: CoverageManifest) -> Iterator[str]:
    subject, levels = around.subject, around.levels
    least = coverage.minimum_persons
    if least and subject.persons is not None and subject.persons < least:
        yield "below_threshold"
    if around.founded_after:
        yield "after_reference_date"
    if around.enclosed:
        yield "absorbed_in_parent"
    if around.suppressed:
        yield "suppressed"
    if subject.kind and not _INFORMAL.isdisjoint(lineage(subject.kind)):
        yield "informal_status"
    if around.mobile:
        yield "mobile_population"
    yield from _of_entry(levels, around.scripts)


def _of_entry(levels: Mapping[str, str], scripts: tuple[str | None, str | None]) -> Iterator[str]:
    """Causes that the best candidate points to."""
    name, place, admin = (levels.get(feature, "not_available") for feature in ("name", "place", "admin"))
    if (place in _HERE and name not in _ALIKE) or (all(scripts) and scripts[0] != scripts[1]):
        yield "renamed_or_transliterated"
    if name in _ALIKE and place in _NOT_HERE:
        yield "listing_error"
    elif name in _ALIKE and admin in {"different", "sibling"}:
        yield "boundary_change"
