"""Tokens: what a preview gives out, so that only what was previewed is changed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import orjson

from service.callers.caller import Caller
from service.deciding.asking import Asked


def token_of(asked: Sequence[Asked], caller: Caller) -> str:
    """Return the token of these decisions by this caller: the same flags at the same versions, the same token.

    It opens nothing. It shows that whoever sends it has seen what would become of exactly these.
    """
    said = sorted((one.flag_id, one.version, one.decision, one.reason_code, one.note, one.until) for one in asked)
    return sha256(orjson.dumps([caller.key_id, said])).hexdigest()
