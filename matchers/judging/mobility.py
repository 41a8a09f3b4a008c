"""People who move: nomads, pastoralists, fishing camps. They have no one place that a list could name or leave out."""

from __future__ import annotations

import numpy as np

from geodata.index.entries import folded
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
    moving = np.zeros(len(records.places), np.bool_)
    said: list[tuple[int, str | None]] = list(enumerate(records.places.texts("kind")))
    groups = records.places.column("groups")
    if groups.null_count < len(groups):
        said += [(row, group) for row, own in enumerate(groups.to_pylist()) for group in own or ()]
    said += [(entry.row, entry.text) for entry in records.attributes if entry.header in _SAID_OF]
    for (row, _), text in zip(said, folded([text for _, text in said]), strict=True):
        moving[row] |= not _MOVING.isdisjoint(text.split())
    asked = [(entry.row, entry.text) for entry in records.attributes if entry.header in _ASKED]
    for (row, _), text in zip(asked, folded([text for _, text in asked]), strict=True):
        moving[row] |= text in _YES
    return moving
