"""How many communities are on which of two lists, as outsiders are told: in editions, beside an official total."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from matchers.coverage.histories import History
from service.disclosure.registry import Block, Reporting, World, issued
from service.disclosure.registry.block import TOGETHER
from service.disclosure.tables import Dimension
from service.disclosure.tables.cube import ALL, Coordinates
from service.store.engine import Store

_TABLE = "histories"
_ON, _OFF = "on", "off"  # terms of both dimensions: the list of citizens, the official one
_STATE = "the official list"  # who knows of its own entries
_DIGITS = {_ON: 1, _OFF: 0}
_HISTORIES: tuple[Coordinates, ...] = ((_ON, _ON), (_ON, _OFF), (_OFF, _ON))

#: How many entries the official list has is no secret.
_SHAPE = Block((Dimension(), Dimension()), countries=False, public=frozenset({(ALL, _ON)}))


def told_histories(
    store: Store, question: str, communities: Sequence[tuple[bool, frozenset[str]]], *, alone: int
) -> dict[History, int] | None:
    """Return how many have each capture history, rounded; None where one of them may not be told.

    `communities` are those on the list of citizens: whether each is on the official one, and who sent it; `alone` are
    the entries of the official list that nobody sent.
    """
    if not communities:
        return None
    counted: defaultdict[Coordinates, Counter[str]] = defaultdict(Counter)
    for official, organisations in communities:
        counted[_ON, _ON if official else _OFF][TOGETHER.join(sorted(organisations))] += 1
    counted[_OFF, _ON][_STATE] += alone
    told = issued(store, question, {_TABLE: Reporting(_SHAPE, World(counted))}).transformed.get(_TABLE, {})
    found = {
        (_DIGITS[one], _DIGITS[other]): told.get((one, other)) for one, other in _HISTORIES if (one, other) in counted
    }
    numbers: dict[History, int] = {history: number for history, number in found.items() if number is not None}
    return numbers if len(numbers) == len(found) else None
