"""Provisional codes of communities that no list names. Rows are only ever added."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from service.store.engine import Session
from service.store.release_tables import ProvisionalCodeRow

CODES = ProvisionalCodeRow.__table__
_OF = select(CODES.c.community_id, CODES.c.code).where(CODES.c.community_id.in_(bindparam("ids", expanding=True)))
_TAKEN = select(CODES.c.code).where(CODES.c.code.in_(bindparam("codes", expanding=True)))
_DIGITS = 4
_TRIES = 20  # numbers of one length; where all are taken, the next has a digit more


def of(session: Session, communities: Iterable[str]) -> dict[str, str]:
    """Return the codes of communities that have one, by community."""
    wanted = list(communities)
    return {row.community_id: row.code for row in session.execute(_OF, {"ids": wanted})} if wanted else {}


def give(session: Session, beginnings: Mapping[str, str], at: datetime) -> None:
    """Give communities a code that begins as asked; those that have one keep it."""
    waiting = sorted(beginnings.keys() - of(session, beginnings).keys())
    attempt = 0
    while waiting:
        wanted = {_code(community, beginnings[community], attempt): community for community in reversed(waiting)}
        taken = set(session.execute(_TAKEN, {"codes": list(wanted)}).scalars())
        given = {community: code for code, community in wanted.items() if code not in taken}
        if given:
            rows = [{"code": code, "community_id": community, "created_at": at} for community, code in given.items()]
            session.execute(insert(CODES), rows)
        waiting = [community for community in waiting if community not in given]
        attempt += 1


def _code(community: str, begins: str, attempt: int) -> str:
    """Return a code that follows from the community alone; a longer one where the short ones were taken."""
    digits = _DIGITS + attempt // _TRIES
    number = int.from_bytes(hashlib.sha256(f"{community}/{attempt}".encode()).digest()) % 10**digits
    return f"{begins}-{number:0{digits}d}"
