"""Joining: which of the communities known before each group of records goes on as.

A community keeps its identity, and with it its flag and what people decided, as long as any of its records stay: it
goes where the record that speaks for it goes. Where groups grew together, the community goes on that people decided
about, else one with a flag, else the oldest; the flags of the others are closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.communities.gathering import Group
from service.store import communities, flags
from service.store.engine import Session
from service.store.flags import Matter
from service.store.identifiers import new_id


@dataclass(frozen=True, slots=True)
class Joined:
    """Where records belong now."""

    community: dict[str, str]  # by record
    members: dict[str, tuple[str, ...]]  # by community of these: its records, the oldest first
    matters: dict[str, Matter]  # by community, gone ones included
    moved: dict[str, str]  # community by record that belonged to another one before, or to none
    merged: dict[str, str]  # communities that turned out to be another one


def join(session: Session, groups: Sequence[Group], fresh: frozenset[str], at: datetime) -> Joined:
    """Keep which community each record belongs to. `fresh` are records that cannot have a flag yet."""
    known = {
        community
        for group in groups
        if len(group.records) > 1 or group.records[0] not in fresh
        for community in group.before
        if community
    }
    matters = flags.matters(session, sorted(known))
    chosen = identities(groups, matters)
    made = [community or new_id() for community in chosen]
    communities.add(session, [new for new, old in zip(made, chosen, strict=True) if old is None], at)
    by_group = list(zip(groups, made, strict=True))
    community = {record: own for group, own in by_group for record in group.records}
    moved = {
        record: own
        for group, own in by_group
        for record, before in zip(group.records, group.before, strict=True)
        if before != own
    }
    merged = {before: own for group, own in by_group for before in group.before if before and before not in set(made)}
    communities.join(session, moved)
    communities.merge(session, merged)
    return Joined(community, {own: group.records for group, own in by_group}, matters, moved, merged)


def identities(groups: Sequence[Group], matters: Mapping[str, Matter]) -> list[str | None]:
    """Return for each group the community it goes on as, None where it is a new one. No community goes on twice."""
    owner: dict[str, int] = {}
    for at, group in enumerate(groups):
        for record, before in zip(group.records, group.before, strict=True):
            if before is not None and (before not in owner or _speaks(record, matters.get(before))):
                owner[before] = at
    return [
        min(
            (community for community in dict.fromkeys(group.before) if community and owner[community] == at),
            key=lambda community: _rank(matters.get(community)),
            default=None,
        )
        for at, group in enumerate(groups)
    ]


def _speaks(record: str, matter: Matter | None) -> bool:
    return matter is not None and matter.record_id == record


def _rank(matter: Matter | None) -> int:
    """Return which community goes on first; among equals the one that stands first, of the oldest record."""
    if matter is None:
        return 2
    return 0 if matter.decided else 1
