"""Editions: which statements outsiders read about, so that two readings never differ by a few people.

Whoever reads a table before and after one person answered could subtract. So what is public of a consultation in a
country moves on only between arrivals, and only when at least ten people were added or changed since; what arrives
together becomes public together. Where the numbers of an edition would be of fewer than ten people there is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from service.accounts.statement import Form
from service.disclosure.policy import SMALLEST_COUNT, Consent
from service.store.statements import Kept, Key

_IN_TOTALS = frozenset({Consent.PUBLIC_AGGREGATE.value, Consent.PUBLIC_MASKED.value, Consent.PUBLIC_EXACT.value})


def present(versions: Iterable[Kept]) -> list[Kept]:
    """Return the versions that hold now."""
    return [one for one in versions if one.superseded is None]


def public_edition(versions: Iterable[Kept]) -> list[Kept]:
    """Return the versions that outsiders read about: of every consultation, form and country its latest edition."""
    streams: dict[tuple[Key, Form, str], list[Kept]] = defaultdict(list)
    for one in versions:
        if countable(one):
            streams[one.key, one.statement.form, one.statement.country].append(one)
    return [one for stream in streams.values() for one in _edition(stream)]


def countable(one: Kept) -> bool:
    """Return whether a statement may be part of a public total: by its consent, and of a meeting by its size."""
    large = one.statement.form is Form.RESPONSE or one.statement.people >= SMALLEST_COUNT
    return large and one.statement.consent in _IN_TOTALS


def _edition(stream: Sequence[Kept]) -> list[Kept]:
    cut = _cut(stream)
    shown = [one for one in stream if one.arrival <= cut and (one.superseded is None or one.superseded > cut)]
    return shown if sum(one.statement.people for one in shown) >= SMALLEST_COUNT else []


def _cut(stream: Sequence[Kept]) -> int:
    """Return the arrival up to which a stream is public.

    A correction counts as a change of one respondent, of a meeting as none: it waits for the next meeting.
    """
    changes: dict[int, dict[str, int]] = defaultdict(dict)
    for one in stream:
        response = one.statement.form is Form.RESPONSE
        weight = one.statement.people if response or one.revision == 1 else 0
        changes[one.arrival][one.id] = max(weight, changes[one.arrival].get(one.id, 0))
        if one.superseded is not None:
            changes[one.superseded].setdefault(one.id, one.statement.people if response else 0)
    cut, pending = 0, dict[str, int]()
    for arrival in sorted(changes):
        pending |= changes[arrival]
        if sum(pending.values()) >= SMALLEST_COUNT:
            cut, pending = arrival, {}
    return cut
