"""The feed: what is news for one audience after a position in the log of events.

A flag is told as it is seen now, however many things happened to it: whoever applies all that is told, one after the
other, holds what is seen now. What was told before may be told again, and changes nothing then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from service.changes.showing import Showing
from service.disclosure.gone import readers
from service.store import events, faces, tombstones
from service.store.faces import GONE, Face
from service.store.touches import Position, Touch, following
from service.store.values import FlagStatus
from service.writing.formats import json_text


class ChangeType(StrEnum):
    """Where a flag stands that something happened to."""

    RAISED = "flag.raised"  # it is new, and nobody decided anything
    CHANGED = "flag.changed"
    PUBLISHED = "flag.published"
    RESOLVED = "flag.resolved"  # an official release names the community now
    GONE = "flag.gone"  # it was shown, and is not any more


@dataclass(frozen=True, slots=True)
class Change:
    """One piece of news."""

    type: ChangeType
    flag_id: str
    at: datetime
    flag: dict[str, Any] | None  # as the audience sees it; None: gone


@dataclass(frozen=True, slots=True)
class Asked:
    """From where on, how many at most, and whether what was told before is told again to who asks from further back."""

    position: Position
    limit: int
    repeats: bool = True


@dataclass
class Stretch:
    """News in order, where they end, up to where was read for them, and what is to be remembered of what they show."""

    changes: list[Change] = field(default_factory=list)
    ends: Position = field(default_factory=Position)
    read_to: Position = field(default_factory=Position)
    more: bool = False
    faces: dict[str, Face] = field(default_factory=dict)


def stretch(showing: Showing, audience: str, asked: Asked) -> Stretch:
    """Return the next news of an audience. Nothing is changed: `remember` keeps what was shown, before it is told."""
    found = Stretch(ends=asked.position, read_to=asked.position)
    now = events.mark(showing.session)
    while not found.more:
        touches, reached = following(showing.session, found.read_to)
        if reached == found.read_to:
            break
        news = _news(showing, audience, touches, now)
        laid = _laid(showing, news) if asked.position != Position() else frozenset()
        _add(found, [one for one in news if _is_news(one, asked, laid)], asked.limit)
        if not found.more:
            found.read_to = reached
    return found


def type_of(flag: Mapping[str, Any] | None) -> ChangeType:
    """Return what is told of a flag that is shown so; None: it is not."""
    if flag is None:
        return ChangeType.GONE
    if flag["status"] == FlagStatus.OPEN and flag["version"] == 1:
        return ChangeType.RAISED
    return _OF.get(flag["status"], ChangeType.CHANGED)


_OF = {
    FlagStatus.PUBLISHED.value: ChangeType.PUBLISHED,
    FlagStatus.RESOLVED_BY_RELEASE.value: ChangeType.RESOLVED,
}


@dataclass(frozen=True, slots=True)
class _Seen:
    """A touch, how the flag is seen now, and what was known of it."""

    touch: Touch
    flag: dict[str, Any] | None
    before: Face | None
    now: Face


def _news(showing: Showing, audience: str, touches: Sequence[Touch], now: int) -> list[_Seen]:
    ids = list(dict.fromkeys(touch.flag_id for touch in touches))
    shown, known = showing.of(ids), faces.of(showing.session, audience, ids)
    found = {flag_id: Face(_digest(shown.get(flag_id)), now) for flag_id in ids}
    return [_Seen(touch, shown.get(touch.flag_id), known.get(touch.flag_id), found[touch.flag_id]) for touch in touches]


def _laid(showing: Showing, news: Sequence[_Seen]) -> frozenset[str]:
    """Return the flags that are not seen, and may have been: whoever begins with a copy is told that they are gone."""
    unseen = [one.touch.flag_id for one in news if one.flag is None and one.before is None]
    return tombstones.told(showing.session, readers(showing.caller), unseen)


def _add(found: Stretch, news: Sequence[_Seen], limit: int) -> None:
    told = {change.flag_id for change in found.changes}
    for one in news:
        flag_id = one.touch.flag_id
        if flag_id in told:
            found.ends = one.touch.after
            continue
        if len(found.changes) == limit:
            found.more = True
            return
        told.add(flag_id)
        if one.before is None or one.before.face != one.now.face:
            found.faces[flag_id] = one.now
        found.changes.append(Change(type_of(one.flag), flag_id, one.touch.at, one.flag))
        found.ends = one.touch.after


def _is_news(one: _Seen, asked: Asked, laid: frozenset[str]) -> bool:
    if one.before is None:
        return one.flag is not None or one.touch.flag_id in laid
    if one.before.face != one.now.face:
        return True
    return asked.repeats and one.touch.event <= one.before.seq


def _digest(flag: Mapping[str, Any] | None) -> str:
    return GONE if flag is None else blake2b(json_text(flag), digest_size=12).hexdigest()
