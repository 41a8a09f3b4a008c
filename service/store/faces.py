"""Faces: what each audience was shown last of each flag, so that it is told of changes that it can see, and no others.

An audience is told that a flag is gone only where it was told before that the flag is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from service.store.engine import Session
from service.store.feed_tables import FaceRow

FACES = FaceRow.__table__

#: The face of what is seen no longer.
GONE = ""


@dataclass(frozen=True, slots=True)
class Face:
    """What was shown of a flag, by its digest, and the number of the last event when that was first so."""

    face: str
    seq: int


def of(session: Session, audience: str, flag_ids: Sequence[str]) -> dict[str, Face]:
    """Return what an audience was shown of these flags, of those that it was ever shown."""
    if not flag_ids:
        return {}
    query = select(FACES).where(FACES.c.audience == audience, FACES.c.flag_id.in_(list(flag_ids)))
    return {row.flag_id: Face(row.face, row.seq) for row in session.execute(query)}


def put(session: Session, audience: str, found: Mapping[str, Face]) -> None:
    """Keep what an audience is shown from now on, in the place of what was kept."""
    if not found:
        return
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(FACES)
    new = {"face": statement.excluded.face, "seq": statement.excluded.seq}
    # In one order, so that two who keep the same never wait in a circle.
    rows = [
        {"audience": audience, "flag_id": flag_id, "face": face.face, "seq": face.seq}
        for flag_id, face in sorted(found.items())
    ]
    session.execute(statement.on_conflict_do_update(index_elements=["audience", "flag_id"], set_=new), rows)


def forget(session: Session, audience: str) -> None:
    """Forget what an audience was shown, which nobody is of any more."""
    session.execute(delete(FACES).where(FACES.c.audience == audience))
