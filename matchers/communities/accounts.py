"""Citizen accounts with what is known of who gave each: the basis for asking which of them are one community."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geodata.index.entries import Entry
from geodata.index.points import Points
from geodata.places import Places
from matchers.candidates import sigma_of
from matchers.pairs import Flags, Floats, Rows
from matchers.parameters import Parameters
from matchers.records import Records

#: Attributes that name who collected an account, and in which round.
_ORGANISATION = frozenset({"organisation", "organization", "collected by", "collector", "submitted by"})
_ROUND = frozenset({"collection", "round", "survey", "campaign"})


@dataclass(frozen=True)
class Origin:
    """Who gave each account, by row; None where that is not known."""

    organisation: Sequence[str | None]
    round: Sequence[str | None]  # the collection or survey of that organisation
    own_id: Sequence[str | None]  # the organisation's own identifier

    def same_list(self, a: Rows, b: Rows) -> Flags:
        """Return which pairs one organisation told apart itself: in one round, under two identifiers of its own."""
        organisation, part, own_id = self._codes
        apart = _known(own_id, a, b) & (own_id[a] != own_id[b])
        return np.asarray(_agree(organisation, a, b) & (part[a] == part[b]) & apart)

    def strangers(self, a: Rows, b: Rows) -> Flags:
        """Return which pairs come from two organisations, as far as is known."""
        return _known(self._codes[0], a, b) & ~_agree(self._codes[0], a, b)

    @cached_property
    def _codes(self) -> tuple[Rows, Rows, Rows]:
        return codes(self.organisation), codes(self.round), codes(self.own_id)


@dataclass(frozen=True)
class Accounts:
    """Accounts ready to be held against one another.

    `around_km2` is how many accounts are known on a km² here, where the table holds only some of them; else the table
    itself tells.
    """

    records: Records
    origin: Origin
    sigma_m: Floats  # by row: standard deviation of its location
    around_km2: float | None = None

    @classmethod
    def of(
        cls, places: Places, parameters: Parameters, origin: Origin | None = None, around_km2: float | None = None
    ) -> Accounts:
        """Prepare a table; without an origin, attributes such as "organisation" tell it, and ids are their own."""
        records = Records.of(places)
        told = origin or _told(places, records.attributes)
        return cls(records, told, sigma_of(places, parameters.geography.r95_citizen_m), around_km2)

    def __len__(self) -> int:
        """Return the number of accounts."""
        return len(self.records.places)

    @cached_property
    def points(self) -> Points:
        """The points of the table."""
        return Points.build(self.records.places.lat, self.records.places.lon)


def codes(texts: Sequence[str | None]) -> Rows:
    """Return a number for each distinct text, -1 for None."""
    number: dict[str, int] = {}
    return np.fromiter(
        (-1 if text is None else number.setdefault(text, len(number)) for text in texts), np.int64, len(texts)
    )


def _known(code: Rows, a: Rows, b: Rows) -> Flags:
    return np.asarray((code[a] >= 0) & (code[b] >= 0))


def _agree(code: Rows, a: Rows, b: Rows) -> Flags:
    return np.asarray((code[a] == code[b]) & (code[a] >= 0))


def _told(places: Places, attributes: Sequence[Entry]) -> Origin:
    organisation: list[str | None] = [None] * len(places)
    rounds: list[str | None] = [None] * len(places)
    for entry in attributes:
        if entry.header in _ORGANISATION:
            organisation[entry.row] = entry.text
        elif entry.header in _ROUND:
            rounds[entry.row] = entry.text
    return Origin(organisation, rounds, places.ids)
