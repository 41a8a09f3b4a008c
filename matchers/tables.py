"""The shortlist as an Arrow table, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import isnan
from typing import Any

import numpy as np
import pyarrow as pa

from matchers.base import CANDIDATES
from matchers.judging.sentences import Said, Speaker
from matchers.pairs import Floats
from matchers.picking import picked
from matchers.rounding import rounded
from matchers.tabling import FEW, Columns

_EVIDENCE = CANDIDATES.field("evidence").type


def candidates_of(speaker: Speaker, first: int) -> Columns:
    """Return a shortlist as columns of `matchers.base.CANDIDATES`; `first` is the row of the first record."""
    weighed, index = speaker.weighed, speaker.task.official.index
    short = weighed.shortlist
    few = len(short.row) <= FEW
    return {
        "record_row": (short.record + first).tolist(),
        "rank": short.rank.tolist(),
        "official_id": picked(index.places.column("id"), short.row),
        "official_name": index.first_names(short.row),
        "probability": list(short.probability),
        "distance_m": _known(rounded(weighed.pairs.distance_m[short.pair], 1)),
        "similarity": _known(rounded(weighed.name.similarity[short.pair], 4)),
        "evidence": _few_evidence(speaker) if few else _evidence(speaker),
    }


def _known(values: Floats) -> list[float | None]:
    return [None if isnan(value) else value for value in values.tolist()]


def _few_evidence(speaker: Speaker) -> list[list[dict[str, Any]]]:
    """Return the evidence of each candidate, feature after feature, as Python values."""
    evidence: list[list[dict[str, Any]]] = [[] for _ in speaker.weighed.shortlist.row]
    number = {feature.name: at for at, feature in enumerate(speaker.weighed.features)}
    for one in speaker.features:
        level, bits = speaker.levels[number[one.feature]], speaker.bits[number[one.feature]]
        for at, citizen, official, sentence in zip(
            one.at.tolist(), one.citizen, one.official, one.sentence, strict=True
        ):
            evidence[at].append(
                {
                    "feature": one.feature,
                    "level": level[at],
                    "bits": bits[at],
                    "citizen": citizen,
                    "official": official,
                    "sentence": sentence,
                }
            )
    return evidence


def _evidence(speaker: Speaker) -> pa.Array:
    """Return the same as an Arrow column."""
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
