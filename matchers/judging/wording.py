"""The sentences of evidence: what is said of two names, places, units and kinds, given what they are."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from geodata.kinds import kind_of, lineage

#: What the record says, what the list says, and the sentence about both.
Saying: TypeAlias = tuple[str | None, str | None, str]

_COUNTING = ("no", "one letter", "two letters", "three letters")
#: Of two names by their level; the names follow.
NAMES = {
    "exact": "The names are the same",
    "number_conflict": "The numbers differ",
    "modifier_conflict": "The names say opposite things",
    "one_sided": "Only one of the names carries a number, direction or the like",
    "unlike": "The names are not alike",
    "alias": "People confirmed that the one is a name of the other",
}
#: Of a location and an official boundary.
PLACES = {
    "inside": "The location lies inside its official boundary",
    "edge": "The location lies nearer to its official boundary than it is certain, so on either side of it",
    "outside": "The location lies outside its official boundary",
}


@lru_cache(maxsize=8192)
def of_units(level: str, column: str, mine: str, theirs: str) -> Saying:
    """Return what is said of two units of one column by the level of their agreement."""
    if level == "same":
        return mine, theirs, f"Both lie in {column} {mine}"
    nearby = ", within the same larger unit" if level == "sibling" else ""
    return mine, theirs, f"The record says {column} {mine}, the list {column} {theirs}{nearby}"


@lru_cache(maxsize=8192)
def of_kinds(mine: str | None, theirs: str | None, level_word: str | None) -> Saying:
    """Return what is said of two kinds of place; `level_word` is the publisher's own word for the level."""
    if mine is None or theirs is None:
        return mine, theirs, "The kinds of place cannot be compared"
    if mine == theirs:
        return mine, theirs, f"Both are a {spoken(mine)}"
    return mine, theirs, f"The record says {spoken(mine)}, the list {_own_word(level_word, theirs)}"


def spoken(term: str) -> str:
    """Return a term of a vocabulary as words."""
    return term.replace("_", " ")


def _own_word(level: str | None, kind: str) -> str:
    """Return the publisher's own word for the level where it says the kind of unit or settlement, else our term."""
    of_level = lineage(kind)[-1] in {"settlement", "administrative_unit"}
    return level if level is not None and of_level and kind_of(level) == kind else spoken(kind)


def sharing(mine: str, theirs: str) -> str:
    """Return the sentence about two names that share words, which follow it."""
    stems = {word.rstrip("s") for word in theirs.split()}
    return f"The names share “{' '.join(word for word in mine.split() if word.rstrip('s') in stems)}”"


def of_edits(edits: int) -> str:
    """Return the sentence about two names so many edits apart, which follow it."""
    if 0 < edits < len(_COUNTING):
        return f"The names differ by {_COUNTING[edits]}"
    return "The names are similar"
