"""How a volunteer writes a name that a list writes otherwise: by ear, by hand, romanised, shorter, longer.

Each change is one that published name pairs show (GeoNames alternates, school surveys).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from anyascii import anyascii

from geodata.names.scripts import script_of
from matchers.evaluation.spelling_changes import ANY_SCRIPT, CHANGES, Random

#: Share of each change; one that a name gives no occasion for passes to another.
WEIGHTS: dict[str, float] = {
    "vowel": 0.24,  # Gatwekera, Gatwikira
    "sound": 0.18,  # Quezon, Kezon; another romanisation
    "typing": 0.14,  # one letter left out, added, exchanged, or two swapped
    "generic": 0.14,  # a kind word left out or added
    "doubling": 0.12,  # Silanga, Sillanga
    "spacing": 0.08,  # Red Rose, Redrose, Red-Rose
    "shortening": 0.05,  # Santa, Sta.
    "number": 0.05,  # II, 2
    "order": 0.04,  # Cruz Santa
    "marks": 0.04,  # é, e
}


@dataclass(frozen=True, slots=True)
class SpellingNoise:
    """How many names are written otherwise, and how."""

    alternate: float = 0.3  # of places that go by other names too, called by one of those
    romanised: float = 0.5  # of names in another script, written in Latin letters; as the list does where it does
    exact: float = 0.45  # of names, written to the letter as the list writes them
    twice: float = 0.3  # of the others, changed in two ways
    weights: dict[str, float] = field(default_factory=lambda: dict(WEIGHTS))  # of each change among changes


def called(names: Sequence[str], kind: str | None, noise: SpellingNoise, random: Random) -> str:
    """Return what a volunteer calls a place that goes by these names, the list's own first; empty without names.

    `kind` is the place's term of `geodata.kinds`, for kind words that are added.
    """
    if not names:
        return ""
    other = len(names) > 1 and random.random() < noise.alternate
    name = names[int(random.integers(1, len(names)))] if other else names[0]
    if not _latin(name) and random.random() < noise.romanised:
        name = next(filter(_latin, names), anyascii(name).title())
    return name if random.random() < noise.exact else respelled(name, kind, noise, random)


def respelled(name: str, kind: str | None, noise: SpellingNoise, random: Random) -> str:
    """Return the name written otherwise, in one way or two; as it is where it gives no occasion for any change."""
    kept = list(noise.weights)
    for _ in range(2 if random.random() < noise.twice else 1):
        name, change = _changed(name, kind, {one: noise.weights[one] for one in kept}, random)
        kept = [one for one in kept if one != change]  # nobody adds two kind words
    return name


def _changed(name: str, kind: str | None, weights: dict[str, float], random: Random) -> tuple[str, str | None]:
    able = [change for change, weight in weights.items() if weight and (_latin(name) or change in ANY_SCRIPT)]
    share = np.array([weights[change] for change in able])
    for at in random.choice(len(able), len(able), replace=False, p=share / share.sum()) if able else ():
        new = CHANGES[able[at]](name, kind, random).strip(" -'")
        if new and new != name:
            return new, able[at]
    return name, None


def _latin(name: str) -> bool:
    return script_of(name) in {"Latn", None}
