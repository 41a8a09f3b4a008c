"""The shortlist as an Arrow table, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from matchers.base import CANDIDATES
from matchers.judging.sentences import Said, Speaker
from matchers.pairs import Floats
from matchers.picking import first_names, picked
from matchers.rounding import rounded

_EVIDENCE = CANDIDATES.field("evidence").type


def candidates_table(speaker: Speaker, first: int) -> pa.Table:
    """Return a shortlist as rows of `matchers.base.CANDIDATES`; `first` is the row of the first record."""
    weighed, official = speaker.weighed, speaker.task.official.index.places
    short = weighed.shortlist
    columns = {
        "record_row": short.record + first,
        "rank": short.rank.astype(np.int8),
        "official_id": picked(official.column("id"), short.row),
        "official_name": first_names(official.column("names"), short.row),
        "probability": short.probability,
        "distance_m": _known(rounded(weighed.pairs.distance_m[short.pair], 1)),
        "similarity": _known(rounded(weighed.name.similarity[short.pair], 4)),
        "evidence": _evidence(speaker),
    }
    arrays = [pa.array(columns[field.name], field.type) for field in CANDIDATES]
    return pa.Table.from_arrays(arrays, schema=CANDIDATES)


def _known(values: Floats) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=True)


def _evidence(speaker: Speaker) -> pa.Array:
    """Return the evidence of each candidate, feature after feature."""
    said, size = speaker.features, len(speaker.weighed.shortlist.row)
    number = {feature.name: at for at, feature in enumerate(speaker.weighed.features)}
    candidate = np.concatenate([one.at for one in said])
    begin = np.concatenate(([0], np.cumsum(np.bincount(candidate, minlength=size))))
    order = np.argsort(candidate, kind="stable").tolist()  # candidate by candidate
    columns = {
        "feature": ([one.feature] * len(one.at) for one in said),
        "level": (_of(speaker.levels[number[one.feature]], one) for one in said),
        "bits": (_of(speaker.bits[number[one.feature]], one) for one in said),
        "citizen": (one.citizen for one in said),
        "official": (one.official for one in said),
        "sentence": (one.sentence for one in said),
    }
    fields = []
    for field in _EVIDENCE.value_type:
        column: list[Any] = list(chain.from_iterable(columns[field.name]))
        fields.append(pa.array([column[at] for at in order], field.type))
    struct = pa.StructArray.from_arrays(fields, fields=list(_EVIDENCE.value_type))
    return pa.ListArray.from_arrays(pa.array(begin.astype(np.int32)), struct, _EVIDENCE)


def _of(column: Sequence[Any], said: Said) -> Sequence[Any]:
    """Return of a column of the shortlist what belongs to the candidates of which a feature says anything."""
    return column if len(said.at) == len(column) else [column[at] for at in said.at.tolist()]
