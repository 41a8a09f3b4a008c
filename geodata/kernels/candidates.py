"""The candidates of each record in one walk: near enough by its own radius, alike enough in name, the best few.

Names are worked off a block at a time: first where each has to look, then the looking itself. So the loops over pairs
stand in one function and call none that would be handed columns, which costs more than a pair does.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.bands import Bands, Spots
from geodata.kernels.indel import common_in_a_word, indel_similarity
from geodata.kernels.jit import compiled
from geodata.kernels.letters import WORD, Bytes, Text, blank, mask, ones, wipe, write
from geodata.kernels.located import Located
from geodata.kernels.walking import first_east_of, half_width, reached, spot, stretches

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

_SLACK = 1e-12  # more than rounding takes away from a bound
_BLOCK = 2048  # stretches of bands that are noted before they are looked at


class Listed(NamedTuple):
    """Names of a list, each with its row's point; all in the order of the bands."""

    bands: Bands
    located: Located


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


class _Path(NamedTuple):
    """Where the names of a block have to look: stretches of bands, name after name."""

    last: Rows  # of each name, one beyond its last stretch
    begin: Rows  # of each stretch
    end: Rows


class _Best(NamedTuple):
    """The best candidates of one record so far, by falling score, then by row; -1 where there are none yet."""

    row: Rows
    score: Floats


@compiled
def candidates(listed: Listed, asked: Asked, ranking: Ranking, found: tuple[Rows, Floats]) -> None:
    """Write the rows and scores of the best candidates of each record, side by side.

    Before, the rows are -1 and the scores minus infinity; and so they are afterwards where there are no more.
    """
    most = _BLOCK + 2 * len(listed.bands.start)
    path = _Path(np.empty(_BLOCK, np.int64), np.empty(most, np.int64), np.empty(most, np.int64))
    best = _Best(np.full(ranking.limit, -1), np.full(ranking.limit, -np.inf))
    first = 0
    while first < len(asked.record):
        count = _survey(listed.bands, asked, first, path)
        _look(listed, (asked, first, count, path), ranking, (best, found))
        first += count


@compiled
def _survey(bands: Bands, asked: Asked, first: Any, path: _Path) -> Any:
    """Note where names from `first` on have to look, for as long as there is room; return for how many."""
    noted = 0
    for name in range(min(len(path.last), len(asked.record) - first)):
        if noted >= _BLOCK:
            return name
        here = spot(asked.spots, first + name, asked.chord[first + name])
        south, north = reached(bands, here)
        ends = stretches(here.lon, half_width(here))
        for band in range(south, north + 1):
            for west, east in ((ends[0], ends[1]), (ends[2], ends[3])):
                if west > east:
                    continue
                stop = bands.start[band + 1]
                begin = first_east_of(bands.lon, west, bands.start[band], stop)
                end = begin
                while end < stop and bands.lon[end] <= east:
                    end += 1
                path.begin[noted], path.end[noted] = begin, end
                noted += end > begin
        path.last[name] = noted
    return min(len(path.last), len(asked.record) - first)


@compiled
def _look(  # noqa: C901 - one loop over pairs: a call that is handed columns costs more than a pair
    listed: Listed, block: tuple[Asked, Any, Any, _Path], ranking: Ranking, kept: tuple[_Best, tuple[Rows, Floats]]
) -> None:
    """Compare names with those on their path, where what they can reach at most would put them among the best."""
    (asked, first, count, path), ((rows, scores), found) = block, kept
    entry, data, row, table = listed.located.entry, listed.located.data, listed.bands.row, blank()
    stretch, last = 0, ranking.limit - 1
    for name in range(first, first + count):
        record = asked.record[name]
        if rows[0] >= 0 and asked.record[name - 1] != record:
            _clear(rows, scores)
        if path.last[name - first] == stretch:
            continue
        text = Text(asked.data, asked.offsets[name], asked.offsets[name + 1])
        mine, letters = text.end - text.start, mask(text)
        write(table, text)
        farthest = asked.chord[name] * asked.chord[name]
        here_x, here_y, here_z = asked.spots.x[name], asked.spots.y[name], asked.spots.z[name]
        while stretch < path.last[name - first]:
            for at in range(path.begin[stretch], path.end[stretch]):
                other = entry[at]
                x, y, z = other.x - here_x, other.y - here_y, other.z - here_z
                apart = x * x + y * y + z * z
                if apart > farthest:
                    continue
                by_place = (1.0 - ranking.name) * (1.0 - apart / farthest if farthest > 0 else 1.0)
                needed = max(ranking.least, (scores[last] - by_place) / ranking.name)
                both = mine + other.size
                fewest = max(ones(letters ^ other.mask), abs(mine - other.size))  # letters that must be edited
                if fewest > (1.0 - needed + _SLACK) * both:
                    continue
                end = other.start + other.size
                if mine <= WORD:
                    likeness = 1.0 - (both - 2 * common_in_a_word(table, data, other.start, end)) / both
                else:
                    likeness = indel_similarity(table, text, Text(data, other.start, end))
                if likeness >= ranking.least:
                    _take(row[at], ranking.name * likeness + by_place, rows, scores)
            stretch += 1
        wipe(table, text)
        if rows[0] >= 0:
            _copy(rows, found[0], record)
            _copy(scores, found[1], record)


@compiled
def _clear(rows: Rows, scores: Floats) -> None:
    """Forget the best of a record."""
    for rank in range(len(rows)):
        rows[rank], scores[rank] = -1, -np.inf


@compiled
def _copy(best: NDArray[Any], found: NDArray[Any], record: Any) -> None:
    """Write the best of a record where they are wanted."""
    for rank in range(len(best)):
        found[record, rank] = best[rank]


@compiled
def _take(row: Any, score: Any, rows: Rows, scores: Floats) -> None:
    """Put a row in its place among the best, once, by the best of its names."""
    last = len(rows) - 1
    for other in range(len(rows)):
        if rows[other] == row:
            if score <= scores[other]:
                return
            last = other
            break
    if score < scores[last] or (score == scores[last] and row > rows[last] >= 0):
        return
    at = last
    while at > 0 and (scores[at - 1] < score or (scores[at - 1] == score and rows[at - 1] > row)):
        rows[at], scores[at] = rows[at - 1], scores[at - 1]
        at -= 1
    rows[at], scores[at] = row, score
