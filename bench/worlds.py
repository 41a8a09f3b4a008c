"""Made-up worlds where it is known who was undercounted: one as the test assumes, others that break an assumption."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchers.counting.mechanisms import Kind, Mechanism
from matchers.counting.pairs import CODE, CountPairs
from matchers.counting.prior import LEAST, MOST, PRIOR, Prior

Floats = NDArray[np.float64]

DELTA = 0.10
ORGANISATION = 25  # records that one organisation counts
_SPREADS = (0.06, 0.10, 0.16, 0.22, 0.30, 0.43)
#: How publishers disturb counts, each as often.
MECHANISMS = (
    Mechanism(),
    Mechanism.rounded(10),
    Mechanism.random_rounded(5),
    Mechanism.geometric(0.2),
    Mechanism.normal(12.0),
    Mechanism.suppressed(1, 9),
)


@dataclass(frozen=True, slots=True)
class World:
    """What is true beside what the test assumes."""

    title: str
    prior: Prior = PRIOR  # of coverage
    tails: float | None = None  # degrees of freedom of the citizen error, of the same standard deviation; None: normal
    understated: float = 1.0  # true standard deviation over the stated one
    growth: float = 0.0  # log growth that nobody took off
    shared: float = 0.0  # share of the error's variance that all records of an organisation have in common


WORLDS = (
    World("as assumed"),
    World("errors with heavy tails (t, 3 degrees)", tails=3),
    World("errors shared by an organisation (half)", shared=0.5),
    World("errors 1.5 times what is stated", understated=1.5),
    World("ten per cent of growth overlooked", growth=0.10),
    World("hardly anybody missed (5 % of places)", Prior((0.90, 0.05, 0.05), PRIOR.means, PRIOR.sds)),
    World("many missed (40 % of places)", Prior((0.50, 0.40, 0.10), PRIOR.means, PRIOR.sds)),
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pairs of counts, and what is true of them."""

    pairs: CountPairs
    under: NDArray[np.bool_]
    mechanism: NDArray[np.int64]  # place in `MECHANISMS`
    organisation: NDArray[np.int64]


def drawn(world: World, size: int, random: np.random.Generator) -> Drawn:
    """Return a sample of a world: communities of 30 to 20,000 people, counted with errors from 6 to 43 %."""
    kappa = _coverage(world.prior, size, random)
    people = np.exp(random.uniform(np.log(30), np.log(20_000), size))
    s = random.choice(_SPREADS, size)
    organisation = np.arange(size) // ORGANISATION
    error = world.understated * s * _errors(world, organisation, random)
    citizen = np.maximum(np.round(people * np.exp(error + world.growth)), 1)
    true = random.poisson(people * kappa).astype(float)
    mechanism = random.integers(0, len(MECHANISMS), size)
    low, high = _published(true, mechanism, random)
    kinds = np.array([CODE[one.kind] for one in MECHANISMS], np.int8)[mechanism]
    # What is above the bound is published as it is.
    kinds = np.where((low == high) & (kinds == CODE[Kind.SUPPRESSED]), CODE[Kind.NONE], kinds).astype(np.int8)
    scales = np.array([one.scale for one in MECHANISMS])[mechanism]
    pairs = CountPairs(citizen, low, high, kinds, scales, s, np.zeros(size), np.full(size, DELTA))
    return Drawn(pairs, kappa < 1 - DELTA, mechanism, organisation)


def _coverage(prior: Prior, size: int, random: np.random.Generator) -> Floats:
    kappa = np.zeros(size)
    while (wrong := (kappa < LEAST) | (kappa > MOST)).any():
        part = random.choice(len(prior.weights), int(wrong.sum()), p=prior.weights)
        kappa[wrong] = np.exp(np.array(prior.means)[part] + np.array(prior.sds)[part] * random.normal(size=len(part)))
    return kappa


def _errors(world: World, organisation: NDArray[np.int64], random: np.random.Generator) -> Floats:
    size = len(organisation)
    if world.tails is not None:
        return random.standard_t(world.tails, size) / np.sqrt(world.tails / (world.tails - 2))
    common = random.normal(size=int(organisation[-1]) + 1)[organisation]
    return np.sqrt(world.shared) * common + np.sqrt(1 - world.shared) * random.normal(size=size)


def _published(true: Floats, mechanism: NDArray[np.int64], random: np.random.Generator) -> tuple[Floats, Floats]:
    """Return what is published of true counts: the least and the greatest they may be."""
    size, told = len(true), true.copy()
    for at, one in enumerate(MECHANISMS):
        rows = mechanism == at
        if one.kind is Kind.ROUNDED:
            told[rows] = np.round(true[rows] / one.scale) * one.scale
        elif one.kind is Kind.RANDOM_ROUNDED:
            told[rows] = np.floor(true[rows] / one.scale + random.random(size)[rows]) * one.scale
        elif one.kind is Kind.GEOMETRIC:
            steps = random.geometric(-np.expm1(-one.scale), (2, size))
            told[rows] += (steps[0] - steps[1])[rows]
        elif one.kind is Kind.NORMAL:
            told[rows] = np.round(true[rows] + one.scale * random.normal(size=size)[rows])
    low, high = told.copy(), told.copy()
    bounds = MECHANISMS[-1]
    hidden = (mechanism == len(MECHANISMS) - 1) & (true >= bounds.low) & (true <= bounds.high)
    low[hidden], high[hidden] = bounds.low, bounds.high
    return low, high
