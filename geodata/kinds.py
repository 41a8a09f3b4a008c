"""Kinds of place: one controlled vocabulary, and which kinds may name the same place.

A register says "VDC", a mapper says "village", a survey says "pry sch". `kind_of` brings such words to one term, or to
None when the word is not known; nothing is guessed from a word that could mean several things.
"""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files

from geodata.names.folding import fold

#: Each term, and the broader term it is a case of; None for a term at the top.
BROADER: dict[str, str | None] = {
    "settlement": None,
    "village": "settlement",
    "town": "settlement",
    "city": "settlement",
    "neighbourhood": "settlement",
    "informal_settlement": "settlement",
    "camp": "settlement",
    "reservation": "administrative_unit",
    "administrative_unit": None,
    "country": "administrative_unit",
    "region": "administrative_unit",
    "district": "administrative_unit",
    "municipality": "administrative_unit",
    "ward": "administrative_unit",
    "facility": None,
    "school": "facility",
    "pre_school": "school",
    "primary_school": "school",
    "secondary_school": "school",
    "training_centre": "school",
    "health_facility": "facility",
    "hospital": "health_facility",
    "place_of_worship": "facility",
    "water_point": "facility",
    "group": None,
    "language": "group",
    "sign_language": "language",
    "other": None,
}

#: Pairs of unrelated terms that are often two views of one place: a village and the unit named after it.
NEIGHBOURS = frozenset(
    {
        frozenset({"settlement", "administrative_unit"}),
        frozenset({"camp", "facility"}),
    }
)

#: Units from coarse to fine; the place of a publisher's word for its level among them (`fineness`).
_FINENESS = ("country", "region", "district", "municipality", "ward", "neighbourhood")


class Compatibility(StrEnum):
    """How two kinds stand to one another."""

    SAME = "same"
    BROADER = "broader"  # one is a case of the other
    SIBLING = "sibling"  # cases of one broader term, e.g. a primary and a secondary school
    NEIGHBOUR = "neighbour"  # often two views of one place
    DIFFERENT = "different"
    UNKNOWN = "unknown"  # at least one side does not say


def kind_of(text: str | None) -> str | None:
    """Return the term of the vocabulary that a word or phrase stands for, or None when it is not known."""
    return None if text is None else _kind_of(text)


@cache
def _kind_of(text: str) -> str | None:
    words = fold(text).split()
    joined = "_".join(words)
    if joined in BROADER:
        return joined
    known = vocabulary()
    # The known phrase that ends last wins, the longest of several: "refugee camp school" is a school.
    best: tuple[int, int, str] | None = None
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            kind = known.get(" ".join(words[start:end]))
            if kind is not None and (best is None or (end, end - start) >= best[:2]):
                best = (end, end - start, kind)
    return best[2] if best else None


@cache
def vocabulary() -> dict[str, str]:
    """Return every known word or phrase, folded, with its kind, from `terms/kinds.toml`."""
    text = files("geodata").joinpath("terms/kinds.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)["kinds"]
    return {fold(phrase): kind for kind, phrases in table.items() for phrase in phrases}


@cache
def lineage(kind: str) -> tuple[str, ...]:
    """Return a term and the broader terms above it."""
    above = BROADER.get(kind)
    return (kind,) if above is None else (kind, *lineage(above))


@cache
def compatibility(one: str | None, other: str | None) -> Compatibility:
    """Return how two kinds stand to one another; symmetric."""
    if one is None or other is None or "other" in {one, other}:
        return Compatibility.UNKNOWN
    if one == other:
        return Compatibility.SAME
    first, second = lineage(one), lineage(other)
    if one in second or other in first:
        return Compatibility.BROADER
    if first[-1] == second[-1]:
        return Compatibility.SIBLING
    if frozenset({first[-1], second[-1]}) in NEIGHBOURS:
        return Compatibility.NEIGHBOUR
    return Compatibility.DIFFERENT


def covers(kinds: frozenset[str], kind: str) -> bool:
    """Return whether a list of these kinds would hold a place of this kind: the kind itself or a broader one."""
    return any(term in kinds for term in lineage(kind))


def fineness(level: str | None) -> int:
    """Return how fine a publisher's level is, 0 (country) to 5 (neighbourhood); -1 when the word is not known."""
    kind = kind_of(level)
    if kind in _FINENESS:
        return _FINENESS.index(kind)
    return len(_FINENESS) - 1 if kind is not None and "settlement" in lineage(kind) else -1
