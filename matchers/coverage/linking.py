"""Lists of communities to capture histories: rows of any list that speak of one community are brought together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import permutations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.compare import compare
from matchers.coverage.histories import Histories
from matchers.coverage.linkage import LinkQuality
from matchers.parameters import DEFAULTS, Parameters

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

_LINKED = 0.5  # mean probability, both ways, from which two rows are taken for one community


@dataclass(frozen=True)
class Linked:
    """Lists put one after the other, each row with the number of its list and of its community."""

    lists: tuple[str, ...]
    places: Places
    of_list: Rows
    community: Rows  # 0, 1, 2 … in the order of the first row of each

    def on(self) -> Flags:
        """Return for each community (row) whether each list (column) names it."""
        named = np.zeros((int(self.community.max(initial=-1)) + 1, len(self.lists)), np.bool_)
        named[self.community, self.of_list] = True
        return named

    def histories(self) -> Histories:
        """Return the capture histories of all communities."""
        return Histories.seen(self.lists, self.on())

    def quality(self, a: Rows, b: Rows, same: Flags) -> LinkQuality | None:
        """Return how good links are, given pairs of rows that people judged; None where none is linked or none is one.

        Precision is the share of linked pairs that are one community, recall the share of pairs that are one community
        which are linked. Raises `Impossible` where no linked pair is right.
        """
        linked = self.community[a] == self.community[b]
        right = int((linked & same).sum())
        of_links, of_pairs = int(linked.sum()), int(same.sum())
        return LinkQuality(right / of_links, right / of_pairs, of_links, of_pairs) if of_links and of_pairs else None


def linked(
    lists: Mapping[str, Places],
    parameters: Parameters = DEFAULTS,
    *,
    today: date,
    step: Callable[[int, int], None] = lambda _done, _all: None,
) -> Linked:
    """Link the rows of lists, every two lists both ways; a row of the one goes to one row of the other at most.

    Two rows are linked where the mean of both probabilities is at least a half. Rows of one list stay apart, because it
    told them apart itself: where a chain of links would join them, the weakest link gives way. `step` is told how many
    of all comparisons are done.
    """
    names = tuple(lists)
    sizes = [len(places) for places in lists.values()]
    starts = np.concatenate(([0], np.cumsum(sizes)))
    tables = [_called(name, places) for name, places in lists.items()]
    indexed = [_as_list(name, places) for name, places in zip(names, tables, strict=True)]
    found: dict[tuple[int, int], float] = {}
    turns = list(permutations(range(len(names)), 2))
    for done, (one, other) in enumerate(turns):
        step(done, len(turns))
        for (a, b), probability in _candidates(tables[one], indexed[other], parameters, today).items():
            pair = (int(starts[one]) + a, int(starts[other]) + b)
            pair = min(pair), max(pair)
            found[pair] = found.get(pair, 0.0) + probability / 2
    step(len(turns), len(turns))
    of_list = np.repeat(np.arange(len(names)), sizes)
    return Linked(names, Places.concat(tables), of_list, _joined(found, of_list))


def _candidates(
    citizen: Places, official: OfficialList, parameters: Parameters, today: date
) -> dict[tuple[int, int], float]:
    """Return the probability of each pair of rows that may be one community."""
    told = compare(citizen, official, parameters, today=today).candidates
    row_of = {own: row for row, own in enumerate(official.index.places.ids)}
    columns = (told.column(name).to_pylist() for name in ("record_row", "official_id", "probability"))
    return {(row, row_of[entry]): probability for row, entry, probability in zip(*columns, strict=True)}


def _joined(found: Mapping[tuple[int, int], float], of_list: Rows) -> Rows:
    """Return each row's community: links are taken the surest first, where no list then has two rows in it."""
    held = {row: [row] for row in range(len(of_list))}
    lists = of_list.tolist()
    for (a, b), probability in sorted(found.items(), key=lambda link: (-link[1], link[0])):
        if probability < _LINKED:
            break
        together = held[a] + held[b]
        if held[a] is not held[b] and len({lists[row] for row in together}) == len(together):
            held |= dict.fromkeys(together, together)
    first = np.array([min(held[row]) for row in range(len(of_list))], np.int64)
    return np.unique(first, return_inverse=True)[1].astype(np.int64)


def _as_list(name: str, places: Places) -> OfficialList:
    """Return a list as one to compare with, of which nothing is known but who is on it."""
    return OfficialList(name, name, "", "", None, CoverageManifest(), PlaceIndex.build(places))


def _called(name: str, places: Places) -> Places:
    """Return a list whose identifiers no other list has."""
    ids = pa.array([f"{name}:{own}" for own in places.ids], pa.string())
    return Places(places.table.set_column(0, places.table.schema.field("id"), ids))
