"""Cursors of the change feed: a position in the log of events, for one audience of one history, sealed.

Unsealed, a position would tell how much happens that its holder may not see.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from service.configuration.sealing import seal, unseal
from service.errors import CURSOR_TOO_OLD, INVALID, Mistake, Problem
from service.store.touches import Position

#: For what the secret key seals these.
PURPOSE = "cursor of changes"

_FORM = struct.Struct(">QQ8s8s")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to where was told, to whom, and the link of the event there, by which another history is known."""

    position: Position
    audience: str  # 16 hexadecimal digits
    link: str  # the beginning of it, 16 hexadecimal digits


def written(cursor: Cursor, key: bytes) -> str:
    """Return a cursor as it is given out: 59 letters that only this service reads."""
    parts = cursor.position.event, cursor.position.flag, bytes.fromhex(cursor.audience), bytes.fromhex(cursor.link)
    return seal(key, _FORM.pack(*parts))


def read(text: str, key: bytes) -> Cursor:
    """Return a cursor that was given out. Raises `Problem` (invalid) for any other text."""
    plain = unseal(key, text)
    if plain is None or len(plain) != _FORM.size:
        message = "This is neither a moment nor a cursor that this service gave out."
        wrong = Mistake("?since", message, "Start again without it.")
        raise Problem(INVALID, message, errors=[wrong.members()])
    event, flag, audience, link = _FORM.unpack(plain)
    return Cursor(Position(event, flag), audience.hex(), link.hex())


def check(cursor: Cursor, audience: str, link: str) -> None:
    """Raise `Problem` (cursor too old) where a cursor was given to another audience, or by another history."""
    if cursor.audience != audience:
        detail = "What you may see is not what it was when this cursor was given out, so that it leads no further."
        raise Problem(CURSOR_TOO_OLD, detail)
    if cursor.link != link:
        detail = (
            "The service went back to an earlier state since this cursor was given out, so that it leads no further."
        )
        raise Problem(CURSOR_TOO_OLD, detail)
