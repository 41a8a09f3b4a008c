"""States: what each source said of itself when its snapshot was fetched."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from service.store.engine import Session
from service.store.official_tables import StateRow

STATES = StateRow.__table__


@dataclass(frozen=True, slots=True)
class State:
    """The state of a source as it was told, and the snapshot that was fetched then."""

    fingerprint: str  # of connector, version and options; of another one it says nothing
    state: str
    snapshot: str
    fetched_at: datetime  # before it was told


def get(session: Session, source: str) -> State | None:
    """Return the state of a source, None where it never told one."""
    columns = (STATES.c.fingerprint, STATES.c.state, STATES.c.snapshot, STATES.c.fetched_at)
    row = session.execute(select(*columns).where(STATES.c.source == source)).one_or_none()
    return State(*row) if row else None


def put(session: Session, source: str, state: State) -> None:
    """Keep the state of a source."""
    values = asdict(state)
    if not session.execute(update(STATES).where(STATES.c.source == source).values(values)).rowcount:
        session.execute(insert(STATES), [values | {"source": source}])
