"""Texts that share letter groups with another: cosines of vectors of weights, through postings.

Entries stand in the order of their norms, and are looked at in pieces that the fastest memory holds. Within a piece all
norms are nearly the same, so that a whole number tells who cannot be alike enough; the others are summed up in full.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.grams import grams_of, room
from geodata.kernels.growing import doubled
from geodata.kernels.jit import compiled
from geodata.kernels.letters import Bytes

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

_PIECE = 1 << 15  # entries whose sums stand near the processor, at two bytes each
_BEYOND: Any = np.uint64(_PIECE)
_LARGEST = 65_535  # sum of two bytes
_ROUNDED = 1_000_000_000  # cosines are ordered by their first nine digits: a sum of floats must not reorder equals
_NOT_BY_ROUNDING = 1e-3


class Book(NamedTuple):
    """Entries by their place in the order of their norms, and where the entries with each letter group stand."""

    postings: NDArray[np.int32]  # places, ascending for each group
    begin: Rows  # of each group in `postings`
    frequency: Rows  # of each group
    weight: Floats  # of each group
    norm: Floats  # at each place, ascending
    order: NDArray[np.int32]  # the entry at each place


class Question(NamedTuple):
    """What is asked of a book for each text."""

    least: float  # cosine
    limit: int
    budget: int  # postings to visit


class Wanted(NamedTuple):
    """The affordable letter groups of one text, the rarest first; a column that is worked off from its front."""

    start: Rows  # in `postings`, of what belongs to this piece
    end: Rows  # of the same
    last: Rows  # of the group
    share: Floats  # what the group adds to a cosine, over the least cosine, times the entry's norm
    whole: NDArray[np.uint16]  # the same rounded up, in parts of `full`


@compiled
def most_alike(book: Book, texts: tuple[Rows, Bytes], asked: Question) -> tuple[Rows, Rows, Floats]:
    """Return (text, entry, cosine) for the entries most alike to each text; the best first, by entry among equals."""
    offsets, data = texts
    query, entry, cosine = np.empty(1024, np.int64), np.empty(1024, np.int64), np.empty(1024)
    grams = np.empty(room(offsets), np.int64)
    sums = np.zeros(min(_PIECE, len(book.norm)), np.uint16)
    reached = np.empty(min(asked.budget, len(book.norm)), np.int64)
    summed = np.empty(len(reached))
    count = 0
    for row in range(len(offsets) - 1):
        number = grams_of(data, offsets[row], offsets[row + 1], grams)
        wanted = _wanted(book, grams[:number], asked)
        found = _reaching(book, wanted, sums, (reached, summed))
        best = _best(book, asked, reached[:found], summed[:found])
        while count + len(best) > len(query):
            query, entry, cosine = doubled(query), doubled(entry), doubled(cosine)
        for at in best:
            place = reached[at]
            query[count] = row
            entry[count] = book.order[place]
            cosine[count] = min(asked.least * summed[at] / book.norm[place], 1.0)
            count += 1
    return query[:count].copy(), entry[:count].copy(), cosine[:count].copy()


@compiled
def _wanted(book: Book, grams: Rows, asked: Question) -> Wanted:
    """Return the groups of one text that can be visited within the budget, the rarest first, by number among equals."""
    squares = 0.0
    for gram in grams:
        squares += book.weight[gram] ** 2
    norm = np.sqrt(squares)
    order = np.argsort(book.frequency[grams], kind="mergesort")  # stable
    kept, visited = 0, 0
    for at in order:
        visited += book.frequency[grams[at]]
        if visited > asked.budget:
            break
        kept += 1
    start, last = np.empty(kept, np.int64), np.empty(kept, np.int64)
    share, whole = np.empty(kept), np.empty(kept, np.uint16)
    total = 0.0
    for at in range(kept):
        gram = grams[order[at]]
        start[at], last[at] = book.begin[gram], book.begin[gram] + book.frequency[gram]
        share[at] = book.weight[gram] ** 2 / (norm * asked.least)
        total += share[at]
    for at in range(kept):
        whole[at] = np.uint16(np.ceil(share[at] * (_LARGEST - kept) / total))
    return Wanted(start, start.copy(), last, share, whole)


@compiled
def _reaching(book: Book, wanted: Wanted, sums: NDArray[np.uint16], found: tuple[Rows, Floats]) -> Any:
    """Find the entries whose shares reach their norm: write their places and sums, and return how many.

    `sums` are zero before and after.
    """
    reached, summed = found
    count = 0
    total = wanted.share.sum()
    for base in range(0, len(book.norm), _PIECE):
        if book.norm[base] > total * (1 + 1e-9) or len(wanted.share) == 0:
            break  # not even all groups together reach the norm of this entry, or of any that follows
        scale = (_LARGEST - len(wanted.share)) / total
        enough = np.ceil(book.norm[base] * scale - _NOT_BY_ROUNDING)
        proposed = _visit(book.postings, wanted, sums, (base, np.uint64(max(enough, 1.0)), reached[count:]))
        first = count
        for at in range(first, first + proposed):
            place = reached[at]
            if sums[place - base] < book.norm[place] * scale - _NOT_BY_ROUNDING:
                continue
            exact = _sum(book.postings, wanted, place)
            if exact >= book.norm[place]:
                reached[count], summed[count] = place, exact
                count += 1
        for group in range(len(wanted.share)):
            for at in range(wanted.start[group], wanted.end[group]):
                sums[np.uint64(book.postings[at] - base)] = 0
            wanted.start[group] = wanted.end[group]
    return count


@compiled
def _visit(postings: NDArray[np.int32], wanted: Wanted, sums: NDArray[np.uint16], piece: tuple[int, Any, Rows]) -> Any:
    """Sum up whole shares for the entries of one piece; write the places that have enough, and return how many."""
    base, enough, reached = piece
    count = 0
    for group in range(len(wanted.share)):
        at, last, share = wanted.start[group], wanted.last[group], np.uint64(wanted.whole[group])
        while at < last:
            within = np.uint64(postings[at] - base)  # unsigned: a negative index would be asked about each time
            if within >= _BEYOND:
                break
            now = np.uint64(sums[within]) + share
            sums[within] = np.uint16(now)
            if now >= enough and now - share < enough:
                reached[count] = postings[at]
                count += 1
            at += 1
        wanted.end[group] = at
    return count


@compiled
def _sum(postings: NDArray[np.int32], wanted: Wanted, place: Any) -> Any:
    """Return the shares of all groups that an entry of the present piece has, summed up in their order."""
    exact = 0.0
    for group in range(len(wanted.share)):
        low, high = wanted.start[group], wanted.end[group]
        while low < high:
            middle = (low + high) // 2
            if postings[middle] < place:
                low = middle + 1
            else:
                high = middle
        if low < wanted.end[group] and postings[low] == place:
            exact += wanted.share[group]
    return exact


@compiled
def _best(book: Book, asked: Question, places: Rows, summed: Floats) -> Rows:
    """Return the positions of the most alike: by falling cosine to nine digits, then by entry."""
    keys = np.empty(len(places), np.int64)
    for at in range(len(places)):
        cosine = min(asked.least * summed[at] / book.norm[places[at]], 1.0)
        keys[at] = (_ROUNDED - np.int64(np.rint(cosine * _ROUNDED))) * (1 << 31) + book.order[places[at]]
    return np.argsort(keys)[: asked.limit]
