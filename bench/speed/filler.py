"""Made-up villages around real places, until a list is as long as wanted.

Of their names three in five sound like others of the country, one in five is another place's very name, and one in five
is such a name with a word before or after it. So neighbours and namesakes stand as closely as in a country's lists.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import numpy as np

from bench.speed.chain import Chain
from bench.speed.sketch import Sketch

_SOUNDING, _NAMESAKES = 0.6, 0.2
_BEFORE = ("New", "Upper", "Lower", "Old", "East", "West", "Camp", "Great", "Saint", "Nova")
_AFTER = ("North", "South", "Hill", "2", "Station", "Junction", "Kati", "Farm", "III", "Extension")
#: Standard deviation in degrees of how far a village lies from the place it was made up for.
_SPREAD = 0.06
#: A country of fewer names sounds like all countries.
_FEW = 200


def filler(seed: int, known: Sketch, count: int) -> Sketch:
    """Return made-up places around known ones. Identifiers of two seeds never clash."""
    draw, random = np.random.default_rng(seed), Random(seed)  # noqa: S311 - a benchmark, not a secret
    near = draw.integers(0, len(known), count)
    names = Names(known)
    points = known.points[near] + draw.normal(0, _SPREAD, (count, 2))
    points[:, 0] = np.clip(points[:, 0], -89.9, 89.9)
    points[:, 1] = (points[:, 1] + 180) % 360 - 180
    country = [known.country[row] for row in near]
    return Sketch(
        ids=[f"F{seed:02d}{number:07d}" for number in range(count)],
        names=[[names.draw(random, one)] for one in country],
        country=country,
        admin=[known.admin[row] for row in near],
        points=points,
        kind=["village"] * count,
        persons=np.full(count, math.nan),
    )


class Names:
    """Draws names that a village of a country may bear."""

    def __init__(self, known: Sketch) -> None:
        """Learn how the countries of some places sound."""
        self._said: dict[str, list[str]] = {}
        for names, country in zip(known.names, known.country, strict=True):
            self._said.setdefault(country, []).append(names[0])
        self._everywhere = Chain.of(names[0] for names in known.names[::50])
        self._chains: dict[str, Chain] = {}

    def draw(self, random: Random, country: str) -> str:
        """Return a name by the shares said above."""
        share = random.random()
        if share < _SOUNDING:
            return self.sounding(random, country)
        name = random.choice(self._said[country])
        if share < _SOUNDING + _NAMESAKES:
            return name
        written: Callable[[], str] = random.choice(
            (lambda: f"{random.choice(_BEFORE)} {name}", lambda: f"{name} {random.choice(_AFTER)}")
        )
        return written()

    def sounding(self, random: Random, country: str) -> str:
        """Return a name that sounds like those of a country and need not be any."""
        if country not in self._chains:
            said = self._said[country]
            step = max(len(said) // 5_000, 1)
            self._chains[country] = Chain.of(said[::step]) if len(said) >= _FEW else self._everywhere
        return self._chains[country].draw(random)
