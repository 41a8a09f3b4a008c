"""A plain loop over RapidFuzz, as it is written most often: the most similar name of the unit, accepted from 90 on."""

from __future__ import annotations

from collections.abc import Callable

from rapidfuzz import fuzz, process

from bench.peers.cleaning import Cleaned
from bench.peers.task import Answers, Task, matched

_ACCEPTED = 0.90


def wratio(task: Task) -> Answers:
    """Answer by `fuzz.WRatio`, the scorer that `process.extractOne` takes by itself."""
    return _answer(task, fuzz.WRatio)


def token_sort(task: Task) -> Answers:
    """Answer by `fuzz.token_sort_ratio`, which does not mind the order of words."""
    return _answer(task, fuzz.token_sort_ratio)


def _answer(task: Task, scorer: Callable[..., float]) -> Answers:
    both = Cleaned.of(task)
    choices: dict[str | None, tuple[list[str], list[str]]] = {}
    best: list[tuple[str | None, float]] = []
    for record, names in enumerate(both.citizen.names):
        path, rows = both.block(record)
        if path not in choices:
            named = [(name, both.official.ids[row]) for row in rows for name in both.official.names[row]]
            choices[path] = [name for name, _ in named], [entry for _, entry in named]
        texts, entries = choices[path]
        found = [process.extractOne(name, texts, scorer=scorer) for name in names]
        _, score, at = max((one for one in found if one), key=lambda one: one[1], default=(None, 0.0, None))
        best.append((None if at is None else entries[at], score / 100))
    return matched(best, _ACCEPTED)
