"""What records refer to stays, whoever would delete or rename it, and records are found by what they refer to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from geodata.places import Places
from service.callers.caller import Caller, Role
from service.errors import Problem
from service.intake import Intake, take


@pytest.fixture
def kept(context):
    """Give a context with one record."""
    row = {"id": "V-1", "names": ["Lindi"], "country": "KEN", "lat": -1.3, "lon": 36.7}
    caller = Caller("map-kibera", None, Role.CONTRIBUTOR)
    assert take(context, Intake(caller, "2026", Places.from_rows([row]), datetime.now(UTC))).created == 1
    return context


@pytest.mark.parametrize("table", ["organisations", "communities"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET id = 'another'"])
def test_neither_organisations_nor_communities_go(kept, table, change):
    """No foreign key asks for each record, so the tables themselves refuse."""
    with pytest.raises(Problem, match=f"{table} are never deleted"), kept.store.begin() as session:
        session.execute(text(change.format(table)))


def test_a_community_may_still_say_which_other_one_it_is(kept):
    """Only going away is refused."""
    with kept.store.begin() as session:
        session.execute(text("UPDATE communities SET merged_into = id"))


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("country = 'KEN'", "ix_records_country_name_key"),
        ("verdict = 'hidden_place'", "ix_records_verdict"),
        ("verdict IN ('hidden_place', 'consistent')", "ix_records_verdict"),
        ("community_id = 'c'", "ix_records_community_id"),
    ],
)
def test_lists_are_found_by_an_index(kept, condition, index):
    """A country is found by the index of countries and names, a verdict among those that have one."""
    query = f"SELECT id FROM records WHERE {condition}"  # noqa: S608 - written above
    with kept.store.begin() as session:
        if session.dialect.name == "sqlite":
            plan = session.execute(text(f"EXPLAIN QUERY PLAN {query}")).all()
        else:
            session.execute(text("SET LOCAL enable_seqscan = off"))  # a table of one row needs no index
            plan = session.execute(text(f"EXPLAIN {query}")).all()
    assert index in str(plan)
