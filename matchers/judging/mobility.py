"""People who move: nomads, pastoralists, fishing camps. They have no one place that a list could name or leave out."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from geodata.names.folding import fold
from matchers.pairs import Flags
from matchers.records import Records

_MOVING = frozenset(
    {"nomadic", "nomad", "nomads", "seminomadic", "pastoralist", "pastoralists", "seasonal", "transhumant", "itinerant"}
)
_SAID_OF = frozenset({"mobility", "livelihood", "lifestyle", "way of life", "type", "kind", "category"})
_ASKED = frozenset({"mobile", "nomadic", "mobile population", "mobile community"})
_YES = frozenset({"yes", "true", "1", "y", "oui", "si", "sim", "ndiyo", "mobile"})


def mobile(records: Records) -> Flags:
    """Return which records say that their people move: in their kind, their groups or an attribute."""
    moving = np.array([kind is not None and _moves(kind) for kind in records.places.texts("kind")], np.bool_)
    groups = records.places.column("groups")
    if groups.null_count < len(groups):
        moving |= np.array([any(map(_moves, own or ())) for own in groups.to_pylist()], np.bool_)
    for entry in records.attributes:
        if entry.text and (
            (entry.header in _SAID_OF and _moves(entry.text)) or (entry.header in _ASKED and fold(entry.text) in _YES)
        ):
            moving[entry.row] = True
    return moving


@lru_cache(maxsize=4096)
def _moves(text: str | None) -> bool:
    return text is not None and not _MOVING.isdisjoint(fold(text).split())
