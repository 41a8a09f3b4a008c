"""A clerical sample: pairs of rows of two lists that people judged, as one community or as two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geodata.files.tables import read_table
from geodata.rows import RowProblem
from matchers.coverage.histories import Impossible
from matchers.coverage.linkage import LEAST_SAMPLE, LinkQuality
from matchers.coverage.linking import Linked
from service.errors import INVALID, Problem

_COLUMNS = ("a", "b", "label")
_LABELS = {"same": True, "different": False}

#: The rows of each list by the identifiers its file writes.
Ids = Sequence[Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Clerical:
    """How good links are by a clerical sample, and what of the file could not be used."""

    quality: LinkQuality
    problems: tuple[RowProblem, ...]


def read_clerical(path: Path, linked: Linked, ids: Ids) -> Clerical:
    """Return what a file of judged pairs says of links.

    Columns: a, b, label (same or different). An identifier is written as its list writes it, with the name of the list
    and a colon before it where several lists have it. Raises `UnreadableTable` when the file cannot be read, `Problem`
    (invalid) when a column is missing or the pairs cannot tell how good links are.
    """
    table = read_table(path)
    headers = {header.casefold().strip(): header for header in table.headers}
    if missing := [column for column in _COLUMNS if column not in headers]:
        detail = f"{path} lacks the columns {', '.join(missing)}; a clerical sample has {', '.join(_COLUMNS)}."
        raise Problem(INVALID, detail)
    columns = [[(cell or "").strip() for cell in table.columns[headers[name]].to_pylist()] for name in _COLUMNS]
    problems: list[RowProblem] = list(table.problems)
    judged: list[tuple[int, int, bool]] = []
    for number, a, b, label in zip(table.rows.tolist(), *columns, strict=True):
        found = _pair(linked, ids, (a, b), label)
        if isinstance(found, tuple):
            judged.append(found)
        elif a or b or label:
            problems.append(RowProblem(number, None, f"{a}, {b}, {label}", found, "the line was left out"))
    return Clerical(_quality(path, linked, judged), tuple(problems))


def _quality(path: Path, linked: Linked, judged: Sequence[tuple[int, int, bool]]) -> LinkQuality:
    a, b = (np.array([pair[side] for pair in judged], np.int64) for side in (0, 1))
    same: NDArray[np.bool_] = np.array([pair[2] for pair in judged], np.bool_)
    try:
        quality = linked.quality(a, b, same)
    except Impossible as impossible:
        detail = f"{path.name}: no linked pair that people judged is right, so these links tell nothing."
        raise Problem(INVALID, detail) from impossible
    if quality is None:
        detail = (
            f"{path.name} must hold pairs that were linked and pairs that are one community, {LEAST_SAMPLE} of each; "
            f"of {len(judged):,} pairs that could be read it lacks the one or the other."
        )
        raise Problem(INVALID, detail)
    return quality


def _pair(linked: Linked, ids: Ids, pair: tuple[str, str], label: str) -> tuple[int, int, bool] | str:
    if label.casefold() not in _LABELS:
        return f"{label!r} is neither same nor different"
    # Two lists and plain identifiers: a is of the first list, b of the second.
    sides = ([0], [1]) if len(ids) == 2 else (range(len(ids)), range(len(ids)))  # noqa: PLR2004 - two
    a, b = (_row(linked, ids, text, among) for text, among in zip(pair, sides, strict=True))
    if isinstance(a, str) or isinstance(b, str):
        return a if isinstance(a, str) else str(b)
    if linked.of_list[a] == linked.of_list[b]:
        return "both are on one list"
    return a, b, _LABELS[label.casefold()]


def _row(linked: Linked, ids: Ids, text: str, among: Sequence[int]) -> int | str:
    name, colon, own = text.partition(":")
    if colon and name in linked.lists:
        found = [ids[linked.lists.index(name)].get(own)]
    else:
        found = [ids[one].get(text) for one in among]
    rows = [row for row in found if row is not None]
    if len(rows) == 1:
        return rows[0]
    return f"several lists have {text!r}; write LIST:{text}" if rows else f"no list has {text!r}"
