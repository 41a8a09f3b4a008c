"""Provisional codes of communities that no list names. Rows are only ever added."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, insert, or_, select

from service.store.engine import Session
from service.store.release_tables import ProvisionalCodeRow

CODES = ProvisionalCodeRow.__table__
_OF = select(CODES.c.community_id, CODES.c.code).where(CODES.c.community_id.in_(bindparam("ids", expanding=True)))
_ASKED = select(CODES.c.community_id, CODES.c.code).where(
    or_(
        CODES.c.community_id.in_(bindparam("ids", expanding=True)), CODES.c.code.in_(bindparam("codes", expanding=True))
    )
)
_ADD = insert(CODES).inline()
_DIGITS = 4
_TRIES = 20  # numbers of one length; where all are taken, the next has a digit more


def of(session: Session, communities: Iterable[str]) -> dict[str, str]:
    """Return the codes of communities that have one, by community."""
    wanted = list(communities)
    return {row.community_id: row.code for row in session.execute(_OF, {"ids": wanted})} if wanted else {}


def give(session: Session, beginnings: Mapping[str, str], at: datetime) -> None:
    """Give communities a code that begins as asked; those that have one keep it."""
    waiting = sorted(beginnings)
    attempt = 0
    while waiting:
        wanted = {community: _code(community, beginnings[community], attempt) for community in waiting}
        rows = session.execute(_ASKED, {"ids": waiting, "codes": list(wanted.values())}).all()
        have, taken = {row.community_id for row in rows}, {row.code for row in rows}
        given: dict[str, str] = {}
        for community in (one for one in waiting if one not in have):
            if wanted[community] not in taken:
                given[community] = wanted[community]
                taken.add(wanted[community])
        if given:
            rows_new = [{"code": code, "community_id": own, "created_at": at} for own, code in given.items()]
            session.execute(_ADD, rows_new)
        waiting = [community for community in waiting if community not in given and community not in have]
        attempt += 1


def _code(community: str, begins: str, attempt: int) -> str:
    """Return a code that follows from the community alone; a longer one where the short ones were taken."""
    digits = _DIGITS + attempt // _TRIES
    number = int.from_bytes(hashlib.sha256(f"{community}/{attempt}".encode()).digest()) % 10**digits
    return f"{begins}-{number:0{digits}d}"
