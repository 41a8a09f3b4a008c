"""Nouns: what may happen to, and how many flags may look different afterwards. The one table of both who follow events.

Whoever tells changes (`service.store.touches`) and whoever keeps what was read (`service.store.moved`) ask it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType


class Breadth(Enum):
    """How many flags may look different when something happened to one thing."""

    NONE = auto()
    OWN = auto()  # those of the thing itself
    MANY = auto()  # those of an organisation, or all


#: By the noun of the event. Of a coalition the audience changes, and not what an audience sees; releases, appeals and
#: files that were read have events of the records and flags they change besides their own.
BREADTHS: Mapping[str, Breadth] = MappingProxyType(
    {
        **dict.fromkeys(("flag", "record", "community", "opinion"), Breadth.OWN),
        **dict.fromkeys(("hold", "limit", "passport", "collection"), Breadth.MANY),
        **dict.fromkeys(("appeal", "coalition", "consultation", "gap_report", "import", "invitation"), Breadth.NONE),
        **dict.fromkeys(("key", "mapping", "organisation", "snapshot", "source", "user", "webhook"), Breadth.NONE),
    }
)

#: What happens to a flag or a record and changes nothing of what is shown of any.
SILENT = ("flag.claimed", "flag.released", "record.created")


def nouns(*breadths: Breadth) -> tuple[str, ...]:
    """Return the nouns of these breadths."""
    return tuple(noun for noun, breadth in BREADTHS.items() if breadth in breadths)
