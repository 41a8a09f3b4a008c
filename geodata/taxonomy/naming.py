"""What the name of a group is compared by: its words without those that only say that it is a group."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from geodata.names.folding import fold
from geodata.taxonomy.group import Dimension

#: Words that say "a group of people" and not which; and articles. Dropped unless nothing else was written.
_GROUP_WORDS = frozenset(
    (
        *("people", "peoples", "person", "persons", "population", "populations", "resident", "residents", "living"),
        *("community", "communities", "group", "groups", "household", "households", "family", "families", "member"),
        *("members", "ethnic", "ethnicity", "tribe", "tribes", "tribal", "caste", "castes", "clan", "clans", "nation"),
        *("nationality", "minority", "minorities", "who", "the", "of", "a", "an"),
        *("jamii", "kabila", "watu", "jati", "orang", "suku", "masyarakat", "kaum"),
        *("pueblo", "comunidad", "comunidades", "etnia", "etnias", "grupo", "grupos", "de", "del", "los", "las", "el"),
        *("peuple", "peuples", "communaute", "communautes", "des", "les", "la", "le", "povo", "povos"),
    )
)

#: Words that say along which dimension a name is meant.
_HINTS = {
    Dimension.LANGUAGE: frozenset({"speaker", "speakers", "speaking", "language", "languages", "mother", "tongue"}),
    Dimension.CASTE: frozenset({"caste", "castes", "jati"}),
    Dimension.RELIGIOUS: frozenset({"religion", "religious", "faith", "believers", "adherents"}),
}

_PARTED = re.compile(r"[/()\[\],;|\uff08\uff09\u060c]|\s(?:or|ou|o|au|atau)\s", re.IGNORECASE)
_LONG = 4  # letters from which on a final s is taken for a plural


class NameKey(NamedTuple):
    """How a name of a group is compared."""

    key: str  # single-spaced folded words; empty where nothing was written
    hint: Dimension | None  # the dimension its own words speak of


@lru_cache(maxsize=20_000)
def name_key(text: str) -> NameKey:
    """Return what a name is compared by: "The Maasai people" and "maasai" are one."""
    words = fold(text).split()
    hint = next((dimension for dimension, said in _HINTS.items() if not said.isdisjoint(words)), None)
    dropped = _GROUP_WORDS | (_HINTS[hint] if hint is Dimension.LANGUAGE else frozenset())
    kept = [word for word in words if word not in dropped] or words
    return NameKey(" ".join(_singular(word) for word in kept), hint)


@lru_cache(maxsize=20_000)
def name_parts(text: str) -> tuple[str, ...]:
    """Return the alternatives a label is made of, as "Ilchamus" and "Njemps" in "Njemps (Ilchamus)"; one is none."""
    parts = tuple(part.strip() for part in _PARTED.split(text) if part.strip())
    return parts if len(parts) > 1 else ()


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _LONG and word.endswith("s") and not word.endswith("ss") else word
