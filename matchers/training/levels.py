"""Which parameter speaks for which comparison level, and how counts of true pairs move it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np

from matchers.pairs import Feature, Floats, Rows
from matchers.parameters import Parameters

PSEUDO_MATCHES = 50.0  # how many true pairs the numbers one starts from are worth


@dataclass(frozen=True, slots=True)
class Scale:
    """One feature's levels whose shares among true pairs are parameters.

    The shares of the first `whole` levels sum to one; those after are said beside them, as relative to that one.
    """

    feature: str
    levels: tuple[str, ...]
    paths: tuple[str, ...]  # of the parameter of each level, e.g. "names.m_near.0"
    whole: int

    def shares(self, parameters: Parameters) -> dict[str, float]:
        """Return the share of each level among true pairs; they sum to one."""
        flat = parameters.flat()
        values = np.array([flat[path] for path in self.paths])
        return dict(zip(self.levels, (values / values.sum()).tolist(), strict=True))

    def moved(self, parameters: Parameters, counts: Mapping[str, float], pseudo: float) -> Parameters:
        """Return parameters moved by counts of true pairs at each level, against `pseudo` pairs as they were."""
        usual = self.shares(parameters)
        found = np.array([pseudo * usual[level] + counts.get(level, 0.0) for level in self.levels])
        values = found / found[: self.whole].sum()
        return with_values(parameters, dict(zip(self.paths, values.tolist(), strict=True)))

    def counted(self, counts: Mapping[str, float]) -> float:
        """Return how many true pairs speak on this scale."""
        return sum(counts.get(level, 0.0) for level in self.levels)


_KINDS = ("same", "broader", "neighbour", "sibling", "different", "unsaid")

#: What is learned. Conflicts of numbers and directions are not: they send a pair to a person, whatever is usual.
SCALES = (
    Scale(
        "name",
        ("exact", "near_95", "near_88", "near_80", "near_70", "shared_words", "unlike"),
        ("names.m_exact", *(f"names.m_near.{i}" for i in range(4)), "names.m_words", "names.m_unlike"),
        whole=7,
    ),
    Scale("place", ("inside", "edge", "outside"), ("geography.inside", "geography.edge", "geography.outside"), whole=3),
    Scale(
        "admin",
        ("same", "sibling", "different"),
        ("geography.admin_same", "geography.admin_sibling", "geography.admin_different"),
        whole=3,
    ),
    Scale(
        "kind",
        _KINDS,
        tuple(f"kinds.{kind}" for kind in _KINDS),
        whole=5,
    ),
)

#: Shares among true pairs of levels that carry no parameter, from which EM starts.
_USUAL = {"within": 0.80, "beyond": 0.17, "far": 0.03, "one_sided": 0.05, "same": 0.95}
_SELDOM = 0.02


def column(feature: Feature) -> Rows:
    """Return the level of each pair, counted from the first that says something; -1 where nothing is said."""
    return feature.level - 1


def by_level(feature: Feature, level: Rows, times: Floats) -> dict[str, float]:
    """Return how often each level of `column` occurs among pairs that count `times` each; -1 counts nowhere."""
    said = level >= 0
    sums = np.bincount(level[said], times[said], minlength=len(feature.levels) - 1)
    return dict(zip(feature.levels[1:], sums.tolist(), strict=True))


def start(feature: Feature, parameters: Parameters) -> Floats:
    """Return what is thought of the levels of `column` among true pairs before any is seen; sums to one."""
    known = next((scale.shares(parameters) for scale in SCALES if scale.feature == feature.name), {})
    found = np.array([known.get(level, _USUAL.get(level, _SELDOM)) for level in feature.levels[1:]])
    return np.asarray(found / found.sum())


def with_values(parameters: Parameters, values: Mapping[str, float]) -> Parameters:
    """Return parameters with some numbers, under their dotted names, replaced."""
    return reduce(lambda held, item: _with(held, item[0].split("."), item[1]), values.items(), parameters)


def _with(held: Any, path: list[str], value: float) -> Any:
    if not path:
        return round(value) if isinstance(held, int) else value
    first, rest = path[0], path[1:]
    if isinstance(held, tuple):
        at = int(first)
        return (*held[:at], _with(held[at], rest, value), *held[at + 1 :])
    return replace(held, **{first: _with(getattr(held, first), rest, value)})
