"""True pairs without labels: EM in two blocks, what random pairs of the list look like being known.

Places of one list are different places, so the list compared with itself shows how other pairs compare (u). m is then
estimated twice: names and kinds among the pairs that lie together, places, units and kinds among those called alike. A
feature that made the block says nothing there; one that both blocks can tell is averaged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geodata.places import Places
from matchers.base import OfficialList
from matchers.model import Task, Weighed, weigh
from matchers.pairs import Feature, Flags, Floats, Rows
from matchers.parameters import Parameters
from matchers.priors import prior_of
from matchers.training.em import Comparisons, Mixture, Prior, estimate, expected, rarity_bits, shares
from matchers.training.levels import PSEUDO_MATCHES, SCALES, by_level, column, start
from matchers.training.tally import Tally

RECORDS = 5_000  # records that are learned from
SAMPLE = 1_000  # places of the list that are compared with the rest of it
_MOST = 0.5  # share of matches among the pairs of a block, to start from
_HALF_PAIR = 0.5  # added to each level of u, so that none is thought impossible


@dataclass(frozen=True)
class _Block:
    """Pairs brought together by some features; the others are learned from them."""

    brought: Mapping[str, frozenset[str]]  # feature -> levels, any of which brings a pair in
    learned: tuple[str, ...]


_BLOCKS = (
    _Block(
        {"place": frozenset({"within", "beyond", "inside", "edge"}), "admin": frozenset({"same"})}, ("name", "kind")
    ),
    _Block({"name": frozenset({"exact", "near_95", "near_88", "near_80", "shared_words"})}, ("place", "admin", "kind")),
)


def from_pairs(citizen: Places, official: OfficialList, parameters: Parameters) -> Tally:
    """Estimate how many pairs match, and how they compare. No pair is labelled, so nothing is said of absence."""
    task = Task.of(sampled(citizen, RECORDS), official, parameters)
    found, others = weigh(task), _Others.of(official, parameters)
    tallies = [tally for block in _BLOCKS if (tally := _in_block(block, task, found, others)) is not None]
    levels = {name: _mean([each.levels[name] for each in tallies if name in each.levels]) for name in _LEARNED}
    return Tally(max((each.matches for each in tallies), default=0.0), levels)


def sampled(places: Places, most: int) -> Places:
    """Return at most so many rows, spread evenly over the table."""
    return places.take(_spread(len(places), most))


def _spread(size: int, most: int) -> Rows:
    return np.unique(np.linspace(0, max(size - 1, 0), min(most, size)).astype(np.int64))


_LEARNED = tuple(dict.fromkeys(name for block in _BLOCKS for name in block.learned))


@dataclass(frozen=True)
class _Others:
    """Pairs of different places of the list, compared as records would be."""

    weighed: Weighed
    different: Flags  # a pair of a place with itself is none

    @classmethod
    def of(cls, official: OfficialList, parameters: Parameters) -> _Others:
        sample = _spread(len(official.index.places), SAMPLE)
        weighed = weigh(Task.of(official.index.places.take(sample), official, parameters))
        return cls(weighed, sample[weighed.pairs.record] != weighed.pairs.row)


def _in_block(block: _Block, task: Task, found: Weighed, others: _Others) -> Tally | None:
    inside = np.flatnonzero(_brought(block, found))
    different = np.flatnonzero(_brought(block, others.weighed) & others.different)
    if not len(inside) or not len(different):
        return None
    kept = Comparisons(
        _levels(found, inside), np.ones(len(inside)), _rarity(task, found, inside), found.pairs.record[inside]
    )
    random = _levels(others.weighed, different)
    seen = [_seen(feature, kept.levels[:, at], random[:, at]) for at, feature in enumerate(found.features)]
    u = tuple(shares(random[:, at], np.ones(len(random)), _HALF_PAIR * each) for at, each in enumerate(seen))
    m = tuple(_part(start(feature, task.parameters), each) for feature, each in zip(found.features, seen, strict=True))
    listed = 1 - prior_of(task.official.coverage.completeness, task.profile.list_type, task.parameters.absence)
    share = min(listed * len(task.records.places) / len(inside), _MOST)
    prior = Prior(PSEUDO_MATCHES, {0: found.name.feature.levels.index("unlike") - 1})
    mixture = estimate(kept, Mixture(share, m, u), prior)
    matches = expected(kept, mixture)
    levels = {
        feature.name: by_level(feature, kept.levels[:, at], matches)
        for at, feature in enumerate(found.features)
        if feature.name in block.learned
    }
    if "name" in levels:
        levels["name"] |= _unlike_as_before(levels["name"], task.parameters)
    return Tally(min(float(matches.sum()), float(len(task.records.places))), levels)


def _brought(block: _Block, weighed: Weighed) -> Flags:
    brought = np.zeros(len(weighed.pairs), np.bool_)
    for feature in weighed.features:
        wanted = block.brought.get(feature.name, frozenset())
        brought |= np.array([level in wanted for level in feature.levels])[feature.level]
    return brought


def _seen(feature: Feature, *levels: Rows) -> Floats:
    """Return 1 for each level that occurs and 0 for the others: a list without polygons has nothing inside."""
    occurs = np.zeros(len(feature.levels) - 1)
    for level in levels:
        occurs[level[level >= 0]] = 1
    return occurs


def _part(share: Floats, seen: Floats) -> Floats:
    return share * seen / max(float((share * seen).sum()), np.finfo(float).tiny)


def _levels(weighed: Weighed, pairs: Rows) -> Rows:
    return np.column_stack([column(feature)[pairs] for feature in weighed.features])


def _rarity(task: Task, weighed: Weighed, pairs: Rows) -> Floats:
    """Return how much more, or less, the same name says than the list's average one."""
    index, name = task.official.index, weighed.name
    exact = np.array([level == "exact" for level in name.feature.levels])[name.feature.level[pairs]]
    size, sizes = max(len(index.places), 1), index.cores.sizes
    rows = sizes[index.core_numbers[index.names.which[name.official_name[pairs]]]]
    average = float(np.square(sizes / size).sum())
    return np.where(exact, rarity_bits(average, rows / size), 0.0)


def _unlike_as_before(counts: Mapping[str, float], parameters: Parameters) -> dict[str, float]:
    """Hold the share of listed places under a wholly different name: without labels, those are as good as absent."""
    usual = next(scale for scale in SCALES if scale.feature == "name").shares(parameters)
    others = sum(counts.get(level, 0.0) for level in usual if level != "unlike")
    return {"unlike": others * usual["unlike"] / (1 - usual["unlike"])}


def _mean(counts: list[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for each in counts for name in each)
    return {name: sum(each.get(name, 0.0) for each in counts) / len(counts) for name in names}
