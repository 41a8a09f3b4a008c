"""Communities: what records are about. Each has records, or says which other community it turned out to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, update

from service.store.engine import Session
from service.store.records import RECORDS
from service.store.tables import CommunityRow

COMMUNITIES = CommunityRow.__table__
_ADD = insert(COMMUNITIES).inline()
_JOIN = update(RECORDS).where(RECORDS.c.id == bindparam("of_record")).values(community_id=bindparam("new_community"))
_MERGE = update(COMMUNITIES).where(COMMUNITIES.c.id == bindparam("merged")).values(merged_into=bindparam("into"))


def add(session: Session, community_ids: Sequence[str], at: datetime) -> None:
    """Keep new communities."""
    if community_ids:
        session.execute(_ADD, [{"id": community, "merged_into": None, "created_at": at} for community in community_ids])


def join(session: Session, communities: Mapping[str, str]) -> None:
    """Say to which community each record belongs, by record."""
    if communities:
        rows = [{"of_record": record, "new_community": community} for record, community in communities.items()]
        session.execute(_JOIN, rows)


def merge(session: Session, merged: Mapping[str, str]) -> None:
    """Say of communities without records which other one each turned out to be."""
    if merged:
        session.execute(_MERGE, [{"merged": community, "into": into} for community, into in merged.items()])
