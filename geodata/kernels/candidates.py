"""The candidates of each record in one walk: near enough by its own radius, alike enough in name, the best few."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.bands import Bands, Spots
from geodata.kernels.growing import doubled
from geodata.kernels.indel import indel_ceiling, indel_similarity
from geodata.kernels.jit import compiled
from geodata.kernels.letters import Bytes, Table, Text, blank, mask, wipe, write
from geodata.kernels.walking import Spot, first_east_of, half_width, reached, spot, square, stretches

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

_SLACK = 1e-12  # more than rounding takes away from a bound


class Listed(NamedTuple):
    """Names of a list, each with its row's point; all columns in the order of the bands."""

    bands: Bands
    offsets: Rows
    data: Bytes
    masks: Table


class Asked(NamedTuple):
    """Names of records, those of one record one after the other, each with its record's point and radius."""

    spots: Spots
    chord: Floats  # of the radius
    offsets: Rows
    data: Bytes
    record: Rows  # where its candidates are written


class Ranking(NamedTuple):
    """How candidates are ranked: by `name` times the name's likeness, and for the rest by how near they are."""

    name: float  # 0..1, more than nought
    least: float  # likeness of the name
    limit: int  # candidates of each record


class _Best(NamedTuple):
    """The best candidates of a record so far, by falling score, then by row; -1 where there are none yet."""

    row: Rows
    score: Floats


@compiled
def candidates(listed: Listed, asked: Asked, ranking: Ranking, best: tuple[Rows, Floats]) -> None:
    """Write the rows and scores of the best candidates of each record, side by side.

    Before, the rows are -1 and the scores minus infinity; and so they are afterwards where there are no more.
    """
    rows, scores = best
    table = blank()
    near = np.empty(1024, np.int64), np.empty(1024)
    for name in range(len(asked.record)):
        text = Text(asked.data, asked.offsets[name], asked.offsets[name + 1])
        if text.start == text.end:
            continue
        found, near = _walk(listed.bands, spot(asked.spots, name, asked.chord[name]), near)
        write(table, text)
        record = asked.record[name]
        _rank(listed, (table, text), (near[0][:found], near[1][:found], ranking), _Best(rows[record], scores[record]))
        wipe(table, text)


@compiled
def _walk(bands: Bands, here: Spot, near: tuple[Rows, Floats]) -> tuple[Any, tuple[Rows, Floats]]:
    """Write the places of all names within the radius and how near they are, 0..1; return how many and where."""
    places, nearness = near
    first, last = reached(bands, here)
    ends = stretches(here.lon, half_width(here))
    farthest = here.chord * here.chord
    count = 0
    for band in range(first, last + 1):
        for west, east in ((ends[0], ends[1]), (ends[2], ends[3])):
            if west > east:
                continue
            stop = bands.start[band + 1]
            for at in range(first_east_of(bands.lon, west, bands.start[band], stop), stop):
                if bands.lon[at] > east:
                    break
                apart = square(bands, at, here)
                if apart <= farthest:
                    if count == len(places):
                        places, nearness = doubled(places), doubled(nearness)
                    places[count], nearness[count] = at, 1.0 - apart / farthest if farthest > 0 else 1.0
                    count += 1
    return count, (places, nearness)


@compiled
def _rank(listed: Listed, name: tuple[Table, Text], near: tuple[Rows, Floats, Ranking], best: _Best) -> None:
    """Compare a name with those near it, where what they can reach at most would put them among the best."""
    table, text = name
    places, nearness, ranking = near
    offsets, data, masks, row = listed.offsets, listed.data, listed.masks, listed.bands.row
    size, letters = text.end - text.start, mask(text)
    for number in range(len(places)):
        at = places[number]
        start, end = offsets[at], offsets[at + 1]
        if start == end:
            continue
        by_place = (1.0 - ranking.name) * nearness[number]
        needed = max(ranking.least, (best.score[-1] - by_place) / ranking.name) - _SLACK
        if indel_ceiling(size, end - start, letters, masks[at]) < needed:
            continue
        likeness = indel_similarity(table, text, Text(data, start, end))
        if likeness >= ranking.least:
            _take(row[at], ranking.name * likeness + by_place, best)


@compiled
def _take(row: Any, score: Any, best: _Best) -> None:
    """Put a row in its place among the best, once, by the best of its names."""
    last = len(best.row) - 1
    for other in range(len(best.row)):
        if best.row[other] == row:
            if score <= best.score[other]:
                return
            last = other
            break
    if score < best.score[last] or (score == best.score[last] and row > best.row[last] >= 0):
        return
    at = last
    while at > 0 and (best.score[at - 1] < score or (best.score[at - 1] == score and best.row[at - 1] > row)):
        best.row[at], best.score[at] = best.row[at - 1], best.score[at - 1]
        at -= 1
    best.row[at], best.score[at] = row, score
