"""A clerical sample to judge: rows of a list drawn at random, each with the row of another list it was linked with."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from matchers.coverage.linking import Linked
from service.writing.formats import csv_text

#: Rows drawn for every two lists: enough for a hundred links where at least four in ten are linked.
DRAWN = 250
_COLUMNS = ("a", "b", "label", "list_a", "name_a", "list_b", "name_b")
_SEED = 20260101  # the same lists give the same sample


def write_sample(path: Path, linked: Linked, ids: Sequence[Sequence[str]]) -> int:
    """Write rows to judge and return how many. `ids` are the identifiers of each list as its file writes them.

    Rows are drawn from the smaller of every two lists, linked or not, because what was missed shows only among the
    others: where `b` is empty, a person looks for the community on the other list and writes its identifier.
    """
    draw = np.random.default_rng(_SEED)
    rows = [np.flatnonzero(linked.of_list == one) for one in range(len(linked.lists))]
    lines = []
    for one, other in combinations(range(len(rows)), 2):
        small, large = sorted((one, other), key=lambda number: len(rows[number]))
        partner = {int(linked.community[row]): int(row) for row in rows[large]}
        for row in np.sort(draw.permutation(rows[small])[:DRAWN]).tolist():
            pair = (row, partner.get(int(linked.community[row])))
            lines.append(_line(linked, ids, pair if small < large else pair[::-1], (one, other)))
    path.write_bytes(csv_text(_COLUMNS, lines))
    return len(lines)


def _line(
    linked: Linked, ids: Sequence[Sequence[str]], pair: tuple[int | None, int | None], lists: tuple[int, int]
) -> dict[str, Any]:
    line: dict[str, Any] = {"label": ""}
    for side, row, number in zip("ab", pair, lists, strict=True):
        name = linked.lists[number]
        line[f"list_{side}"] = name
        if row is not None:
            own = ids[number][row - int(np.argmax(linked.of_list == number))]
            line[side] = own if len(linked.lists) == 2 else f"{name}:{own}"  # noqa: PLR2004 - of two lists a is the first
            line[f"name_{side}"] = linked.places.primary_names[row]
    return line
