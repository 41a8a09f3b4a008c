"""Why a candidate needs a person's eye however probable it is, and how a matched pair differs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from geodata.names import NameForm

#: Names too unlike to decide without a location nearby, and names that never decide.
_WEAK = frozenset({"near_80", "near_70", "shared_words", "one_sided"})
NAMELESS = frozenset({"unlike", "not_available"})
LOOSE = frozenset({"near_70", *NAMELESS})
_CONFLICTS = {
    "number_conflict": "the numbers in the names differ",
    "modifier_conflict": "the names say opposite things",
}
_DECIDED = frozenset({"alias", *_CONFLICTS, *NAMELESS, *_WEAK})  # by the level alone, unless the location is near
_CLOSE = frozenset({"within", "inside"})
_APART = frozenset({"beyond", "far", "outside"})
_ELSEWHERE = frozenset({"different", "sibling"})


class Levels(NamedTuple):
    """The level of each feature of a pair by name; "not_available" where nothing is known."""

    name: str
    place: str
    admin: str
    kind: str
    qualifier: str

    @property
    def close(self) -> bool:
        """Whether the locations agree."""
        return self.place in _CLOSE


class Names(NamedTuple):
    """What of two names no level says."""

    only_a_kind: bool = False  # the record's says only what kind of place it is
    longer: bool = False  # one has several words that the other lacks


_PLAIN = Names()


def names_of(levels: Levels, mine: NameForm, theirs: NameForm) -> Names:
    """Return what the names of a pair say beyond their level, as far as it can matter beside the other levels."""
    if levels.close:
        return _PLAIN
    return Names(
        levels.admin != "same" and _only_a_kind(mine), levels.name not in _DECIDED and _much_longer(mine, theirs)
    )


@cache
def doubts_of(levels: Levels, names: Names = _PLAIN) -> tuple[str, ...]:
    """Return why a pair is never matched without a person, as clauses; empty where nothing speaks against it."""
    others = {
        "the name says only what kind of place it is": names.only_a_kind,
        "the locations are far apart": levels.place in {"far", "outside"},
        "the administrative units differ": levels.admin in _ELSEWHERE and not levels.close,
        "the kinds of place differ": levels.kind == "different",
        "the list means a place of that name elsewhere": levels.qualifier == "different",
    }
    return (*_name_doubts(levels, names), *(doubt for doubt, holds in others.items() if holds))


@cache
def differences_of(levels: Levels) -> tuple[str, ...]:
    """Return how a matched pair differs, as attributes of the finding."""
    holding = {
        "name_variant": levels.name != "exact",
        "location_discrepancy": levels.place in _APART,
        "boundary_mismatch": levels.admin in _ELSEWHERE,
    }
    return tuple(attribute for attribute, holds in holding.items() if holds)


def _name_doubts(levels: Levels, names: Names) -> Iterator[str]:
    level, close = levels.name, levels.close
    if level == "alias":
        return
    if level in _CONFLICTS:
        yield _CONFLICTS[level]
    elif level in NAMELESS:
        yield "no name agrees"
    elif level == "one_sided" and not close:
        yield "only one of the names carries a number or direction"
    elif level in _WEAK and not close:
        yield "the names alone are not alike enough"
    elif names.longer and not close:
        yield "one of the names has several words that the other lacks"


def _only_a_kind(name: NameForm) -> bool:
    """Whether a name is nothing but kind words: "Camp", "Colony", without a number."""
    return bool(name.generic) and name.core == name.generic and not name.number


def _much_longer(mine: NameForm, theirs: NameForm) -> bool:
    return mine.letters != theirs.letters and abs(len(mine.core.split()) - len(theirs.core.split())) > 1
