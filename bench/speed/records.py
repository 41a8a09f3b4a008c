"""Records as citizens might send them about a made-up list: each of a known entry, or of a place that it has not.

Three in ten locations are from a GPS (20 to 150 m), half were pointed out on a map (300 m to 2.5 km), the rest are of a
market or a ward (2.5 to 10 km); the error stays within what was said in 95 of 100. Names take up to three edits, lose,
gain or turn words; a quarter of those with an alternative name give that instead, one in ten gives two. One record in
ten is of no entry. These edits are a guess, so what is found here says nothing about accuracy in the field.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.speed.filler import Names
from bench.speed.sketch import Sketch
from geodata.distance import R95_PER_SIGMA
from geodata.places import Places

ABSENT = 0.1  # share of records of no entry
_RADII_M = ((0.3, 20.0, 150.0), (0.5, 300.0, 2_500.0), (0.2, 2_500.0, 10_000.0))  # share, least, most
_DEGREE_M = 111_195.0
_LETTERS = "aeioubdgklmnrst"
_EDITS = (0.35, 0.35, 0.2, 0.1)  # shares of none to three edits of letters


@dataclass(frozen=True)
class Sent:
    """Records and what is true of them."""

    places: Places
    entry: NDArray[np.int64]  # by record: its row in the list; -1 where it is in none


def sent(seed: int, listed: Places, count: int) -> Sent:
    """Return records about a list, in no order."""
    draw, random = np.random.default_rng(seed), Random(seed)  # noqa: S311 - a benchmark, not a secret
    row = np.sort(draw.choice(len(listed), count, replace=False))
    table = listed.take(row)
    about = table.table.select(["names", "country", "admin", "lat", "lon", "kind", "counts"]).to_pylist()
    absent = draw.random(count) < ABSENT
    r95_m = _radii(draw, count)
    shift_m = draw.normal(0, 1, (count, 2)) * (r95_m / R95_PER_SIGMA)[:, None]
    per_degree = np.column_stack((np.full(count, _DEGREE_M), _DEGREE_M * np.cos(np.radians(table.lat))))
    points = np.column_stack((table.lat, table.lon)) + shift_m / np.maximum(per_degree, 1_000.0)
    invented = Names(_known(about))
    names = [
        [invented.sounding(random, one["country"])] if gone else _said(random, [name["text"] for name in one["names"]])
        for one, gone in zip(about, absent, strict=True)
    ]
    made = Sketch(
        ids=[f"R{number:07d}" for number in range(count)],
        names=names,
        country=[one["country"] for one in about],
        admin=[dict(one["admin"]).get("admin1", "") if random.random() < 0.5 else "" for one in about],
        points=points,
        kind=[one["kind"] if random.random() < 0.8 else None for one in about],
        persons=np.array([_persons(random, one) for one in about], float),
    )
    shuffled = draw.permutation(count)
    return Sent(made.places(r95_m).take(shuffled), np.where(absent, -1, row)[shuffled])


def _radii(draw: np.random.Generator, count: int) -> NDArray[np.float64]:
    kind = draw.choice(len(_RADII_M), count, p=[share for share, _, _ in _RADII_M])
    least, most = (np.array([one[at] for one in _RADII_M])[kind] for at in (1, 2))
    return np.asarray(np.exp(draw.uniform(np.log(least), np.log(most))))


def _said(random: Random, names: Sequence[str]) -> list[str]:
    """Return how somebody writes the name of an entry, and in one case of ten what else it is called."""
    name = random.choice(names[1:]) if len(names) > 1 and random.random() < 0.25 else names[0]
    written = _edited(random, _words(random, name))
    other = random.choice(names) if len(names) > 1 else _edited(random, name)
    return [written, other] if random.random() < 0.1 and other != written else [written]


def _words(random: Random, name: str) -> str:
    words = name.split()
    share = random.random()
    if len(words) > 1 and share < 0.1:
        return " ".join(words[1:])
    if len(words) > 1 and share < 0.15:
        return " ".join(reversed(words))
    return f"{name} village" if share > 0.95 else name


def _edited(random: Random, name: str) -> str:
    for _ in range(random.choices(range(len(_EDITS)), _EDITS)[0]):
        at = random.randrange(len(name) + 1)
        letter, how = random.choice(_LETTERS), random.random()
        after = at if how < 0.3 else at + 1  # put in, or put in the place of another
        name = name[:at] + name[at + 1 :] if how > 0.7 and len(name) > 3 else name[:at] + letter + name[after:]
    return name


def _persons(random: Random, one: dict[str, Any]) -> float:
    """Return what one record in five counted: about the list's number where it has one."""
    if random.random() > 0.2:
        return math.nan
    listed = one["counts"][0]["value"] if one["counts"] else 10 ** random.uniform(2, 4)
    return round(listed * math.exp(random.gauss(0, 0.3)))


def _known(about: Sequence[dict[str, Any]]) -> Sketch:
    """Return what names are learned from."""
    return Sketch(
        ids=[""] * len(about),
        names=[[name["text"] for name in one["names"]] for one in about],
        country=[one["country"] for one in about],
        admin=[""] * len(about),
        points=np.zeros((len(about), 2)),
        kind=[None] * len(about),
        persons=np.zeros(len(about)),
    )
