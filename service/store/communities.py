"""Communities: what records are about. Each has records, or says which other community it turned out to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from service.store.engine import Session
from service.store.records import RECORDS
from service.store.tables import CommunityRow

COMMUNITIES = CommunityRow.__table__
_ADD = insert(COMMUNITIES)
_JOIN = update(RECORDS).where(RECORDS.c.id == bindparam("of_record")).values(community_id=bindparam("new_community"))


def add(session: Session, community_ids: Sequence[str], at: datetime) -> None:
    """Keep new communities."""
    if community_ids:
        session.execute(_ADD, [{"id": community, "merged_into": None, "created_at": at} for community in community_ids])


def join(session: Session, communities: Mapping[str, str]) -> None:
    """Say to which community each record belongs, by record."""
    if communities:
        rows = [{"of_record": record, "new_community": community} for record, community in communities.items()]
        session.execute(_JOIN, rows)


def of(session: Session, record_ids: Sequence[str]) -> dict[str, str]:
    """Return the community of each record that has one, by record."""
    if not record_ids:
        return {}
    known = RECORDS.c.id.in_(list(record_ids)), RECORDS.c.community_id.is_not(None)
    return {
        row.id: row.community_id for row in session.execute(select(RECORDS.c.id, RECORDS.c.community_id).where(*known))
    }
