"""Which of many free texts are nearly the same: MinHash signatures, found through bands (Broder 1997).

The share of equal positions in two signatures estimates the Jaccard similarity of the texts' three-word runs.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from geodata.names.folding import fold

ALIKE = 0.9  # share of three-word runs that two texts have in common
LEAST_WORDS = 12  # a shorter text is a phrase that anybody may write
_HASHES, _BANDS = 128, 16  # 16 bands of 8: texts at 0.9 meet in one of them with probability 0.9999
_PRIME = np.uint64(2**61 - 1)
_RUN = 3

_random = np.random.default_rng(20240229)  # fixed, so that signatures can be compared from run to run
_FACTORS = _random.integers(1, 2**31 - 1, (_HASHES, 1), dtype=np.uint64)
_OFFSETS = _random.integers(0, 2**31 - 1, (_HASHES, 1), dtype=np.uint64)


def alike_texts(texts: Sequence[str | None]) -> list[int]:
    """Return for each text how many of the texts, itself included, are nearly the same; 0 for a short one or none."""
    words = [fold(text).split() if text else [] for text in texts]
    long = [at for at, own in enumerate(words) if len(own) >= LEAST_WORDS]
    signed: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in long:
        signed[tuple(words[at])].append(at)
    holders, distinct = list(signed.values()), [_signature(own) for own in signed]
    group = list(range(len(distinct)))
    for a, b in sorted(_met(distinct)):
        if (distinct[a] == distinct[b]).mean() >= ALIKE:
            group = [group[a] if which == group[b] else which for which in group]
    sizes: dict[int, int] = defaultdict(int)
    for which, held in zip(group, holders, strict=True):
        sizes[which] += len(held)
    count = [0] * len(texts)
    for which, held in zip(group, holders, strict=True):
        for at in held:
            count[at] = sizes[which]
    return count


def _signature(words: Sequence[str]) -> NDArray[np.uint64]:
    runs = {" ".join(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)}
    codes = np.fromiter((zlib.crc32(run.encode()) for run in sorted(runs)), np.uint64, len(runs))
    signature: NDArray[np.uint64] = ((_FACTORS * (codes >> np.uint64(1)) + _OFFSETS) % _PRIME).min(axis=1)
    return signature


def _met(signatures: Sequence[NDArray[np.uint64]]) -> set[tuple[int, int]]:
    """Return the pairs that agree in all positions of at least one band."""
    rows = _HASHES // _BANDS
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for at, signature in enumerate(signatures):
        for band in range(_BANDS):
            buckets[band, signature[band * rows : (band + 1) * rows].tobytes()].append(at)
    return {pair for held in buckets.values() for pair in combinations(held, 2)}
