"""Following: one page of the change feed for whoever asks, and the cursor to go on from."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from threading import Lock

from service.callers.caller import Caller
from service.changes import cursor as cursors
from service.changes import passing
from service.changes.audience import audience_of
from service.changes.cursor import Cursor
from service.changes.feed import Asked, Change, Stretch, stretch
from service.changes.showing import Fits, Showing, anything
from service.configuration.sealing import key_of
from service.context import Context
from service.store import events, faces
from service.store.engine import Session
from service.store.touches import Position

_REMEMBERED = 1_000  # cursors after which nothing was news, up to where


@dataclass(frozen=True, slots=True)
class Wish:
    """From where on: a cursor, a moment, or neither for everything; only what is of a country, at most so many."""

    cursor: str | None = None
    since: datetime | None = None
    country: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class News:
    """A page, the cursor to go on from, and whether there is more already."""

    changes: tuple[Change, ...]
    cursor: str
    more: bool


def news(context: Context, wish: Wish, caller: Caller) -> News:
    """Return what is news for a caller; what is told is noted first, so that whoever is told is told when it goes.

    Raises `Problem`: invalid for a cursor that is none, cursor too old where it leads no further.
    """
    passing.note(context)
    audience, key = _narrowed(audience_of(caller), wish.country), key_of(context.settings, cursors.PURPOSE)
    with context.store.read() as session:
        begun = _begun(session, wish, audience, key)
        asked = (str(context.store.url), audience, begun)
        known = _QUIET.get(asked, begun)
        found = stretch(Showing(session, caller, _in(wish.country)), audience, Asked(known, wish.limit))
        ends = found.ends if found.changes else begun
        cursor = Cursor(ends, audience, _link(session, ends.event))
    if not found.changes:
        _QUIET.put(asked, found.read_to)
    _remember(context, audience, found)
    unchanged = wish.cursor if not found.changes else None
    return News(tuple(found.changes), unchanged or cursors.written(cursor, key), found.more)


def _remember(context: Context, audience: str, found: Stretch) -> None:
    if found.faces:
        context.store.write(lambda session: faces.put(session, audience, found.faces))


def _begun(session: Session, wish: Wish, audience: str, key: bytes) -> Position:
    if wish.cursor is not None:
        held = cursors.read(wish.cursor, key)
        cursors.check(held, audience, _link(session, held.position.event))
        return held.position
    return Position(events.before(session, wish.since)) if wish.since is not None else Position()


def _link(session: Session, event: int) -> str:
    """Return the beginning of the link of an event: another history has another one, or none."""
    return (events.link(session, event) or "").ljust(16, "0")[:16]


def _narrowed(audience: str, country: str | None) -> str:
    """Return the audience that is told of one country only."""
    return audience if country is None else blake2b(f"{audience} {country}".encode(), digest_size=8).hexdigest()


def _in(country: str | None) -> Fits:
    return anything if country is None else lambda flag: bool(flag["community"]["country"] == country)


_From = tuple[str, str, Position]  # which database, which audience, from where on


class _Quiet:
    """Up to where was read after a position without news: whoever asks again need not have it read again."""

    def __init__(self) -> None:
        self._known: OrderedDict[_From, Position] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: _From, otherwise: Position) -> Position:
        with self._lock:
            return self._known.get(asked, otherwise)

    def put(self, asked: _From, reached: Position) -> None:
        with self._lock:
            self._known[asked] = reached
            self._known.move_to_end(asked)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)


_QUIET = _Quiet()
