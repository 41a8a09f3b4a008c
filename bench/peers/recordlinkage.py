"""The Python Record Linkage Toolkit: blocking, sorted neighbourhood, thresholds, and its unsupervised ECM classifier.

The classifier takes features that are true or false. Records with several names are compared by the best of them.
Entries of one probability are told apart by the Jaro-Winkler similarity of their names.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import numpy as np
import pandas as pd
import recordlinkage
from recordlinkage.base import BaseIndexAlgorithm
from recordlinkage.index import Block, Full, SortedNeighbourhood

from bench.peers.cleaning import Cleaned, tables
from bench.peers.task import Answers, Task, matched

#: So many pairs are compared without blocking.
_FEW_PAIRS = 100_000
_WINDOW = 9
_SIMILAR, _ALIKE = 0.85, 0.95  # the threshold of the toolkit's own examples, and one that leaves a letter's difference
_NEAR_KM, _FAR_KM = 0.3, 5.0  # for a list of one town, and for a wider one


def answer(task: Task) -> Answers:
    """Fit the classifier on the pairs of the two tables, return each record's most probable entry."""
    logging.getLogger("recordlinkage").setLevel(logging.ERROR)  # it warns of every pair where there are few
    both = Cleaned.of(task)
    citizen, official = (table.to_pandas().explode("names", ignore_index=True) for table in tables(both))
    indexer = recordlinkage.Index(list(_indexes(both)))
    pairs = indexer.index(citizen, official)
    compared = _compare(both).compute(pairs, citizen, official)
    compared["record"] = citizen["unique_id"].to_numpy()[pairs.get_level_values(0)]
    compared["entry"] = official["unique_id"].to_numpy()[pairs.get_level_values(1)]
    best = compared.groupby(["record", "entry"], sort=False).max()
    similarity = best.pop("similarity")
    features = best.assign(similar=similarity >= _SIMILAR, alike=similarity >= _ALIKE).astype(int)
    features = features.loc[:, (features != features.iloc[0]).any()]  # what is always so breaks the classifier
    scored = pd.DataFrame({"score": _probability(features), "similarity": similarity}).reset_index()
    scored = scored.sort_values(["score", "similarity"], ascending=False, kind="stable").drop_duplicates("record")
    found = dict(zip(scored["record"], zip(scored["entry"], scored["score"], strict=True), strict=True))
    return matched([found.get(record, (None, 0.0)) for record in both.citizen.ids], least=0.5)


def _indexes(both: Cleaned) -> Iterator[BaseIndexAlgorithm]:
    if len(both.citizen.ids) * len(both.official.ids) <= _FEW_PAIRS:
        yield Full()
        return
    if both.levels:
        yield Block(f"unit_{both.levels - 1}")
        yield SortedNeighbourhood("names", window=_WINDOW, block_on=f"unit_{max(both.levels - 2, 0)}")
    else:
        yield SortedNeighbourhood("names", window=_WINDOW)


def _compare(both: Cleaned) -> recordlinkage.Compare:
    compare = recordlinkage.Compare()
    compare.string("names", "names", method="jarowinkler", label="similarity")
    if both.levels:
        compare.exact(f"unit_{both.levels - 1}", f"unit_{both.levels - 1}", label="unit")
    if both.located:
        within = _NEAR_KM if both.compact else _FAR_KM
        points = ("lat", "lon", "lat", "lon")
        compare.geo(*points, method="step", offset=within, scale=within, label="near")
    if both.kinds_differ:
        compare.exact("kind", "kind", label="kind")
    return compare


def _probability(features: pd.DataFrame) -> np.ndarray:
    classifier = recordlinkage.ECMClassifier()
    classifier.fit(features)
    return np.asarray(classifier.prob(features), float)
