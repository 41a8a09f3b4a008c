"""How each office answers, for everybody: honest about what is open, and silent about small numbers."""

from __future__ import annotations

import csv
import io

import pytest

from service.api import answers_review
from service.callers.caller import Role
from service.callers.territory import Area
from service.store import keys


@pytest.fixture
def many(api):
    """Send three dozen absent communities, confirm a third, reject a third and leave a third."""
    ids = []
    for number in range(36):
        place = {"lat": 0.536, "lon": 35.1 + 0.03 * number, "uncertainty_m": 100}
        given = {**api.absent, "name": f"Place {number}", "location": place, "consent": "public_masked"}
        ids.append(api.post("/v1/records", given).json()["flag_id"])
    for number, flag_id in enumerate(dict.fromkeys(ids)):
        if number < 24:
            assert api.decide(flag_id, "confirmed" if number < 12 else "rejected").status_code == 201
    return ids


def offices(api, who=None):
    """Return what is told, by office, in the declared shape."""
    answer = api.get("/v1/offices", who)
    answers_review.OfficesShown.model_validate_json(answer.content)
    return {one["office"]: one for one in answer.json()["items"]}


def test_an_office_that_answered_enough_is_told_of(api, many):
    """Matters, shares and the median stand there, rounded, and the same for everybody."""
    assert len(set(many)) == 36
    told = offices(api)["statistics-office"]
    assert abs(told["matters"] - 36) < 5
    assert 0.5 <= told["share_answered"] <= 0.85
    assert 0.3 <= told["share_confirmed"] <= 0.75
    assert told["median_days"] == 0.0
    assert offices(api, "reviewer") == offices(api) == offices(api, "contributor")
    assert not any(word in api.get("/v1/offices").text for word in ("Place", "KEN", "map-kibera"))


def test_few_matters_are_not_told_of(api):
    """Under ten communities an office has no number, and the answer says why."""
    flag_id = api.post("/v1/records", {**api.absent, "consent": "public_masked"}).json()["flag_id"]
    api.decide(flag_id, "confirmed")
    told = offices(api)["statistics-office"]
    assert {told[name] for name in ("matters", "share_answered", "share_confirmed", "median_days")} == {None}
    assert told["withheld"] == "under 10"


@pytest.mark.usefixtures("many")
def test_communities_that_agreed_to_no_total_are_in_none(api):
    """What is internal raises no number."""
    before = offices(api)
    for number in range(12):
        place = {"lat": 0.7, "lon": 35.1 + 0.03 * number, "uncertainty_m": 100}
        api.post("/v1/records", {**api.absent, "name": f"Hidden {number}", "location": place, "consent": "internal"})
    assert offices(api) == before


@pytest.mark.usefixtures("many")
def test_a_mandate_says_what_is_put_before_whom(api):
    """An office whose keys work in another country is asked about nothing here."""
    with api.context.store.begin() as session:
        keys.issue(session, keys.Wanted("nbs", Role.REVIEWER, "test", areas=(Area("TZA"),)))
        keys.issue(session, keys.Wanted("knbs", Role.REVIEWER, "test", areas=(Area("KEN"),)))
    told = offices(api)
    assert told["nbs"]["matters"] is None
    assert told["knbs"]["matters"] is not None
    assert (told["knbs"]["share_answered"], told["knbs"]["median_days"]) == (None, None)
    assert told["knbs"]["withheld"] == "under 10 answered"


def test_a_spreadsheet_reads_it(sqlite_api):
    """As CSV there is a row for each office, and no number where none is told."""
    sqlite_api.decide(sqlite_api.post("/v1/records", sqlite_api.absent).json()["flag_id"], "rejected")
    answer = sqlite_api.get("/v1/offices?f=csv")
    header, *rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert header[:2] == ["office", "matters"]
    assert [row[:2] for row in rows] == [["statistics-office", ""]]
