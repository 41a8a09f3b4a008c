"""The candidates of each record in one walk: near enough by its own radius, alike enough in name, the best few."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.bands import Bands, Spots
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
    record: Rows  # numbered from nought, ascending


class Ranking(NamedTuple):
    """How candidates are ranked: by `name` times the name's likeness, and for the rest by how near they are."""

    name: float  # 0..1, more than nought
    least: float  # likeness of the name
    limit: int  # candidates of each record


class _Query(NamedTuple):
    """One name of a record."""

    spot: Spot
    text: Text
    mask: Any
    table: Table


class _Best(NamedTuple):
    """The best candidates of a record so far, by falling score, then by row; -1 where there are none yet."""

    row: Rows
    score: Floats


@compiled
def candidates(listed: Listed, asked: Asked, ranking: Ranking, records: Any) -> tuple[NDArray[np.int64], Floats]:
    """Return the rows and scores of the best candidates of each record, side by side; -1 where there are no more."""
    rows, scores = np.full((records, ranking.limit), -1, np.int64), np.full((records, ranking.limit), -np.inf)
    table = blank()
    for name in range(len(asked.record)):
        text = Text(asked.data, asked.offsets[name], asked.offsets[name + 1])
        if text.start == text.end:
            continue
        write(table, text)
        record = asked.record[name]
        query = _Query(spot(asked.spots, name, asked.chord[name]), text, mask(text), table)
        _walk(listed, query, ranking, _Best(rows[record], scores[record]))
        wipe(table, text)
    return rows, scores


@compiled
def _walk(listed: Listed, query: _Query, ranking: Ranking, best: _Best) -> None:
    """Look at every name within the radius."""
    bands, here = listed.bands, query.spot
    first, last = reached(bands, here)
    ends = stretches(here.lon, half_width(here))
    farthest = here.chord * here.chord
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
                    _weigh(listed, at, query, (1.0 - apart / farthest if farthest > 0 else 1.0, ranking, best))


@compiled
def _weigh(listed: Listed, at: Any, query: _Query, among: tuple[Any, Ranking, _Best]) -> None:
    """Compare one name, where what it can reach at most would put it among the best."""
    nearness, ranking, best = among
    start, end = listed.offsets[at], listed.offsets[at + 1]
    if start == end:
        return
    by_place = (1.0 - ranking.name) * nearness
    needed = max(ranking.least, (best.score[-1] - by_place) / ranking.name) - _SLACK
    if indel_ceiling(query.text.end - query.text.start, end - start, query.mask, listed.masks[at]) < needed:
        return
    likeness = indel_similarity(query.table, query.text, Text(listed.data, start, end))
    if likeness >= ranking.least:
        _take(listed.bands.row[at], ranking.name * likeness + by_place, best)


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
