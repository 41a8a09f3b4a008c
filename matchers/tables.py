"""The shortlist as an Arrow table, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import isnan

import numpy as np
import pyarrow as pa

from geodata.places import Places
from matchers.base import CANDIDATES
from matchers.judging.sentences import Evidence
from matchers.model import Weighed

_EVIDENCE = CANDIDATES.field("evidence").type


def candidates_table(weighed: Weighed, said: Sequence[Sequence[Evidence]], official: Places, first: int) -> pa.Table:
    """Return the shortlist as rows of `matchers.base.CANDIDATES`.

    `said` is the evidence of each candidate, `first` the row of the first record.
    """
    short = weighed.shortlist
    rows = short.row.tolist()
    distance, similarity = weighed.pairs.distance_m[short.pair].tolist(), weighed.name.similarity[short.pair].tolist()
    columns = {
        "record_row": short.record + first,
        "rank": short.rank.astype(np.int8),
        "official_id": [official.ids[row] for row in rows],
        "official_name": [official.primary_names[row] for row in rows],
        "probability": short.probability,
        "distance_m": [None if isnan(metres) else round(metres, 1) for metres in distance],
        "similarity": [None if isnan(alike) else round(alike, 4) for alike in similarity],
        "evidence": _evidence(said),
    }
    arrays = [pa.array(columns[field.name], field.type) for field in CANDIDATES]
    return pa.Table.from_arrays(arrays, schema=CANDIDATES)


def _evidence(said: Sequence[Sequence[Evidence]]) -> pa.Array:
    struct = _EVIDENCE.value_type
    columns = zip(*chain.from_iterable(said), strict=True) if said else [[] for _ in struct]
    fields = [pa.array(column, field.type) for column, field in zip(columns, struct, strict=True)]
    begin = np.cumsum([0, *map(len, said)], dtype=np.int32)
    return pa.ListArray.from_arrays(pa.array(begin), pa.StructArray.from_arrays(fields, fields=list(struct)), _EVIDENCE)
