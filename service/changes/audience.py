"""Audiences: callers who see the same, by a digest; with another one, what was told before says nothing any more."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import blake2b

import orjson

from geodata import sensitivity, taxonomy
from service.callers.caller import Caller, Right

_BYTES = 8


def audience_of(caller: Caller) -> str:
    """Return the digest of all that decides what somebody sees of flags, 16 hexadecimal digits.

    It holds for the policy and the groups in force. Whoever may judge blind sees some flags as nobody else does.
    """
    rights = sorted(caller.role.rights & _SEEING) if caller.role is not None else []
    said = {
        "organisation": caller.organisation,
        "rights": rights,
        "areas": None if caller.areas is None else sorted(orjson.dumps(asdict(one)).decode() for one in caller.areas),
        "partners": sorted(caller.partners),
        "charges": sorted(orjson.dumps(asdict(one)).decode() for one in caller.charges),
        "key": caller.key_id if caller.holds(Right.REVIEW) else None,
        "policy": sensitivity.in_force().digest,
        "groups": taxonomy.in_force().sha256,
    }
    return blake2b(orjson.dumps(said, option=orjson.OPT_SORT_KEYS), digest_size=_BYTES).hexdigest()


_SEEING = frozenset({Right.READ, Right.REVIEW, Right.ADMINISTER})
