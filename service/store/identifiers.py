"""Identifiers: what rows are called outside, ordered by when they were made, so that indexes grow at one end.

They are UUIDs of version 7 (RFC 9562, 5.7) written as 32 hexadecimal digits: 48 bits of the millisecond, then 74 of
chance. Who knows one learns when it was made, and comes no nearer to any other. Within a process the moment never goes
back, whatever becomes of the machine's clock.
"""

from __future__ import annotations

import secrets

import numpy as np

from service.running import clock

_BYTES = 16
_MOMENT = 6  # bytes


def new_id() -> str:
    """Return a new identifier."""
    chance = secrets.randbits(74)
    return f"{_now() << 80 | 7 << 76 | chance >> 62 << 64 | 2 << 62 | chance & (1 << 62) - 1:032x}"


def new_ids(number: int) -> list[str]:
    """Return so many identifiers of one moment, in no order: they do not say how rows stood in a file."""
    made = np.frombuffer(bytearray(secrets.token_bytes(_BYTES * number)), np.uint8).reshape(number, _BYTES)
    made[:, :_MOMENT] = np.frombuffer(_now().to_bytes(_MOMENT, "big"), np.uint8)
    made[:, 6] = made[:, 6] & 0x0F | 0x70  # the version
    made[:, 8] = made[:, 8] & 0x3F | 0x80  # the variant
    digits, width = made.tobytes().hex(), 2 * _BYTES
    return [digits[start : start + width] for start in range(0, width * number, width)]


def _now() -> int:
    return int(clock.now().timestamp() * 1_000)  # milliseconds since 1970
