"""The kinds of a whole list's rows, read as columns; row by row `matchers.records.kinds_of` says the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.index import PlaceIndex
from geodata.index.entries import Entries
from geodata.index.groups import distinct, runs
from geodata.kinds import BROADER, kind_of, lineage, vocabulary
from matchers.features.kinds import ListedKinds
from matchers.records import KIND_WORDS

Rows = NDArray[np.int64]

_UNSAID = -1


def listed_kinds(index: PlaceIndex) -> ListedKinds:
    """Return the kind of each row: in its own column, an attribute, its level or its names, as `kinds_of` reads them.

    What is said first wins; a later word only makes it more precise.
    """
    places = index.places
    kind = _codes(places.column("kind"))
    attributes = Entries.of(places.column("attributes"))
    announcing = [at for at, header in enumerate(attributes.headers) if not KIND_WORDS.isdisjoint(header.split())]
    told = np.flatnonzero(np.isin(attributes.header, announcing))
    _refine(kind, attributes.row[told], _codes(attributes.texts.take(pa.array(told))))
    _refine(kind, np.arange(len(places)), _codes(places.column("level")))
    generic = index.names.parts.generic
    implied = np.array([_code(kind_of(words) if words else None) for words in generic.words.tolist()], np.int64)
    _refine(kind, index.name_rows, implied[generic.code][index.names.which])
    used = distinct(kind[kind >= 0])
    code = np.where(kind >= 0, np.searchsorted(used, kind), len(used))
    return ListedKinds.of(tuple(_terms()[at] for at in used.tolist()), code)


def _refine(kind: Rows, rows: Rows, codes: Rows) -> None:
    """Take more words about rows into account, in the order they stand; several of one row one after the other."""
    said = np.flatnonzero(codes != _UNSAID)
    rows, codes = rows[said], codes[said]
    turn = np.arange(len(rows)) - runs(rows, len(kind))[rows]
    for each in range(int(turn.max(initial=-1)) + 1):
        now = np.flatnonzero(turn == each)
        kind[rows[now]] = _refined()[kind[rows[now]], codes[now]]


def _codes(column: pa.Array) -> Rows:
    coded = pc.dictionary_encode(column)
    known = np.array([*map(_code, map(kind_of, coded.dictionary.to_pylist())), _UNSAID], np.int64)  # -1: null
    return np.asarray(known[pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)])


def _code(kind: str | None) -> int:
    return _UNSAID if kind is None else _terms().index(kind)


@cache
def _terms() -> Sequence[str]:
    return sorted({*BROADER, *vocabulary().values()})


@cache
def _refined() -> Rows:
    """Return what is known after a word: by what was known before, unsaid last, and by the word."""
    terms = _terms()
    after = [
        [at if known in lineage(word) else before for at, word in enumerate(terms)]
        for before, known in enumerate(terms)
    ]
    return np.array([*after, range(len(terms))], np.int64)
