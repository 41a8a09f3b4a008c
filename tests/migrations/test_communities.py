"""Records and flags from before communities go on in communities of their own."""

from __future__ import annotations

from sqlalchemy import text

from service.store.engine import Store
from service.store.migrate import downgrade, upgrade

RECORD = """
INSERT INTO records
(seq, id, organisation, revision, fingerprint, state, country, lat, lon, search, admin, created_at, updated_at)
VALUES (1, 'r1', 'map-kibera', 1, 'f', 'verified', 'KEN', -1.3151, 36.7826, 'red rose
second', '', '2026-01-01 00:00:00', '2026-01-01 00:00:00')
"""
FLAG = """
INSERT INTO flags (seq, id, record_id, status, decided, version, verdict, account_hash, created_at, updated_at)
VALUES (1, 'f1', 'r1', 'open', false, 1, 'hidden_place', 'h', '2026-01-01 00:00:00', '2026-01-01 00:00:00')
"""
FOUND = """
SELECT f.community_id, r.community_id, r.name_key, r.cell, r.spot, c.merged_into
FROM records r JOIN flags f ON f.record_id = r.id JOIN communities c ON c.id = r.community_id
"""


def test_records_of_before_become_communities_of_their_own(database_url):
    """Up: record and flag share a community, and are found by name and place. Down again: as they were."""
    downgrade(database_url, "0002")
    store = Store(database_url)
    with store.begin() as session:
        session.execute(text("INSERT INTO organisations (id, created_at) VALUES ('map-kibera', '2026-01-01 00:00:00')"))
        session.execute(text(RECORD))
        session.execute(text(FLAG))
    upgrade(database_url)
    with store.read() as session:
        (found,) = session.execute(text(FOUND)).all()
    assert tuple(found) == ("r1", "r1", "redrose", 8868 * 36_000 + 21_678, "-1.31510,36.78260", None)
    with store.begin() as session:
        session.execute(text("UPDATE records SET state = 'quarantined'"))
    downgrade(database_url, "0002")
    with store.read() as session:
        kept = session.execute(text("SELECT r.state, f.id FROM records r JOIN flags f ON f.record_id = r.id")).all()
    assert [tuple(row) for row in kept] == [("pending", "f1")]
    store.close()
