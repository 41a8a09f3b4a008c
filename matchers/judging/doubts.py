"""Why a candidate needs a person's eye however probable it is, and how a matched pair differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from geodata.names import NameForm

#: Names too unlike to decide without a location nearby, and names that never decide.
_WEAK = frozenset({"near_80", "near_70", "shared_words", "one_sided"})
NAMELESS = frozenset({"unlike", "not_available"})
_LOOSE = frozenset({"near_70", *NAMELESS})
_CONFLICTS = {
    "number_conflict": "the numbers in the names differ",
    "modifier_conflict": "the names say opposite things",
}
_CLOSE = frozenset({"within", "inside"})
_APART = frozenset({"beyond", "far", "outside"})
_ELSEWHERE = frozenset({"different", "sibling"})


def doubts_of(levels: Mapping[str, str], names: tuple[NameForm, NameForm] | None) -> tuple[str, ...]:
    """Return why a pair is never matched without a person, as clauses; empty where nothing speaks against it.

    `levels` is the level of each feature by name, `names` are the names that were compared.
    """
    close = levels["place"] in _CLOSE
    others = {
        "the locations are far apart": levels["place"] in {"far", "outside"},
        "the administrative units differ": levels["admin"] in _ELSEWHERE and not close,
        "the kinds of place differ": levels["kind"] == "different",
        "the list means a place of that name elsewhere": levels.get("qualifier") == "different",
    }
    told = tuple(doubt for doubt, holds in others.items() if holds)
    if names and _only_a_kind(names[0]) and not close and levels["admin"] != "same":
        told = ("the name says only what kind of place it is", *told)
    return (*_name_doubts(levels["name"], names, close=close), *told)


def differences_of(levels: Mapping[str, str]) -> tuple[str, ...]:
    """Return how a matched pair differs, as attributes of the finding."""
    holding = {
        "name_variant": levels["name"] != "exact",
        "location_discrepancy": levels["place"] in _APART,
        "boundary_mismatch": levels["admin"] in _ELSEWHERE,
    }
    return tuple(attribute for attribute, holds in holding.items() if holds)


def loosely_named(levels: Mapping[str, str]) -> bool:
    """Return whether the names of a pair hardly resemble one another."""
    return levels["name"] in _LOOSE


def _name_doubts(level: str, both: tuple[NameForm, NameForm] | None, *, close: bool) -> Iterator[str]:
    if level == "alias":
        return
    if level in _CONFLICTS:
        yield _CONFLICTS[level]
    elif level in NAMELESS or both is None:
        yield "no name agrees"
    elif level == "one_sided" and not close:
        yield "only one of the names carries a number or direction"
    elif level in _WEAK and not close:
        yield "the names alone are not alike enough"
    elif not close and _much_longer(*both):
        yield "one of the names has several words that the other lacks"


def _only_a_kind(name: NameForm) -> bool:
    """Whether a name is nothing but kind words: "Camp", "Colony", without a number."""
    return bool(name.generic) and name.core == name.generic and not name.number


def _much_longer(mine: NameForm, theirs: NameForm) -> bool:
    return mine.letters != theirs.letters and abs(len(mine.core.split()) - len(theirs.core.split())) > 1
