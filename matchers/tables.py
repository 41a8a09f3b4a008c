"""The shortlist as an Arrow table, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from matchers.base import CANDIDATES
from matchers.judging.sentences import Speaker
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
    every = np.concatenate([one.at for one in said])
    begin = np.concatenate(([0], np.cumsum(np.bincount(every, minlength=size))))
    slot = np.argsort(every, kind="stable").argsort()  # where each piece of evidence goes, candidate by candidate
    number = {feature.name: at for at, feature in enumerate(speaker.weighed.features)}
    levels = [np.asarray(speaker.levels[number[one.feature]], object)[one.at] for one in said]
    columns: dict[str, Any] = {
        "feature": [np.full(len(one.at), one.feature, object) for one in said],
        "level": levels,
        "bits": [np.asarray(speaker.bits[number[one.feature]])[one.at] for one in said],
        "citizen": [_texts(one.citizen) for one in said],
        "official": [_texts(one.official) for one in said],
        "sentence": [_texts(one.sentence) for one in said],
    }
    fields = []
    for field in _EVIDENCE.value_type:
        column = np.concatenate(columns[field.name])
        placed = np.empty_like(column)
        placed[slot] = column
        fields.append(pa.array(placed, field.type))
    struct = pa.StructArray.from_arrays(fields, fields=list(_EVIDENCE.value_type))
    return pa.ListArray.from_arrays(pa.array(begin.astype(np.int32)), struct, _EVIDENCE)


def _texts(texts: Sequence[str | None]) -> Any:
    return np.array(texts, object)
