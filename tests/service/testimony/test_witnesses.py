"""Records as witnesses: what they share with others, and when they are none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from service.accounts.account import Account, Name
from service.store.values import Audit, Finding, Record, RecordState, Witness
from service.testimony.witnesses import counter, is_copy, witness

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def record(*, distance=0, similarity=1, **parts):
    """Return a record found on a list, by default on the entry's very point and under its name."""
    found = Finding(
        id="f1",
        record_id="r1",
        revision=1,
        source="census",
        snapshot="a" * 64,
        model="m1",
        verdict="consistent",
        subtype=None,
        p_absent=0.0,
        p_match=1.0,
        official_id="V1",
        official_name="Lindi",
        needs_review=False,
        attributes=("matched",),
        failed_preconditions=(),
        reason="Listed.",
        candidates=({"official_id": "V1", "distance_m": distance, "similarity": similarity},),
        created_at=NOW,
    )
    given = {"names": (Name("Lindi"),), "country": "KEN", "lat": 0.518, "lon": 35.0, "r95_m": 100.0}
    account = Account(**{**given, **parts})
    return Record("r1", "map-kibera", 1, RecordState.VERIFIED, account, NOW, NOW, "consistent", 0.0, (found,), None)


@pytest.mark.parametrize(
    ("parts", "copy"),
    [
        ({}, True),
        ({"r95_m": None}, True),
        ({"r95_m": 1_500.0}, False),
        ({"distance": 12.0}, False),
        ({"similarity": 0.9}, False),
    ],
)
def test_a_list_that_came_back_is_known_by_point_and_name(parts, copy):
    """The entry's very point and name are a copy, but not where the location is stated to be rough."""
    assert is_copy(record(**parts)) is copy


def test_a_point_in_common_says_nothing_of_counts():
    """What records share as evidence of a place includes their point; as counts it does not."""
    one = record(collection="Roster 2025", attributes=(("Funder", "A fund"),))
    assert {what for what, _ in witness(one).origins} == {"survey", "funder", "point"}
    assert {what for what, _ in counter(one).origins} == {"survey", "funder"}


def test_audits_of_the_organisation_count_for_its_record():
    """What people confirmed before makes a witness more to be believed, and fades."""
    audits = {Witness("map-kibera", None): (Audit(date(2026, 2, 28), 8, 2),)}
    assert witness(record()).reliability == pytest.approx(0.6)
    assert witness(record(), audits).reliability == pytest.approx(0.7333, abs=1e-3)
    older = replace(record(), updated_at=datetime(2035, 3, 1, tzinfo=UTC))
    assert 0.6 < witness(older, audits).reliability < 0.7
