"""Whoever reads every number over HTTP, before and after, counts nobody out whom they are not shown."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.report import AWAITED
from service.store import editions

CLOSED = {"sensitivity": "closed", "consent": "public_exact"}


def hide(api, number, first=0, **parts):
    """Let some communities that agreed to totals only be published."""
    return [api.published(id=f"a{at}", consent="public_aggregate", **parts) for at in range(first, first + number)]


def test_one_community_more_moves_no_number_of_a_report(api):
    """Twelve are told; a thirteenth, published later, moves neither verdict, status, tag nor estimate of people."""
    heads = [{"value": 700, "method": "enumeration"}]
    hide(api, 12, counts=heads)
    api.settle()
    told = api.get("/v1/gap-reports?country=KEN").json()
    assert told["verdicts"]["hidden_place"] in {10, 15}
    assert told["statuses"]["published"] in {10, 15}
    hide(api, 1, first=12, counts=heads)
    api.settle()
    for path in ("/v1/gap-reports?country=KEN", "/v1/gap-reports"):
        now = api.get(path).json()
        assert {part: now[part] for part in ("verdicts", "statuses", "by_tag", "people", "regions")} == {
            part: told[part] for part in ("verdicts", "statuses", "by_tag", "people", "regions")
        }


def test_a_withdrawal_takes_the_number_away_that_held_who_left(sqlite_api):
    """Superseded, nothing is told until the report is told anew: not twelve less one, but no such number."""
    flag_ids = hide(sqlite_api, 12)
    sqlite_api.settle()
    assert sqlite_api.get("/v1/gap-reports").json()["verdicts"]
    assert sqlite_api.decide(flag_ids[0], "rejected", "reviewer").status_code == 201
    sqlite_api.settle()
    assert sqlite_api.get("/v1/gap-reports").json()["verdicts"]
    sqlite_api.context.store.write(lambda session: editions.supersede(session, datetime.now(UTC)))
    told = sqlite_api.get("/v1/gap-reports").json()
    assert (told["verdicts"], told["statuses"]) == ({}, {})
    assert told["limits"][-1] == AWAITED
    sqlite_api.settle()
    told = sqlite_api.get("/v1/gap-reports").json()
    assert (told["verdicts"], told["statuses"]) == ({}, {})
    assert AWAITED not in told["limits"]


@pytest.mark.parametrize("narrower", ["admin=Turkana", "source=ke-villages", "theme=disability"])
def test_no_narrower_question_counts_hidden_communities(sqlite_api, narrower):
    """What a country tells of twelve, no unit, list or tag of it tells of some of them."""
    hide(sqlite_api, 12, admin={"county": "Turkana"}, groups=["Deaf"])
    sqlite_api.settle()
    assert sqlite_api.get("/v1/gap-reports?country=KEN").json()["verdicts"]
    told = sqlite_api.get(f"/v1/gap-reports?country=KEN&{narrower}").json()
    assert (told["verdicts"], told["statuses"], told["items"]) == ({}, {}, [])
    assert not any(told["by_tag"].values())
    assert told["people"]["communities"] == 0


def test_who_sent_them_is_told_no_more_than_anybody_of_others(sqlite_api):
    """Its own twelve hidden ones are counted once; without them the number would be of others alone."""
    hide(sqlite_api, 12)
    sqlite_api.settle()
    told = sqlite_api.get("/v1/gap-reports", "contributor").json()
    assert told["verdicts"] == {"hidden_place": 12}
    assert told["statuses"] == {"published": 12}
    stranger = sqlite_api.get("/v1/gap-reports", "stranger").json()
    assert stranger["verdicts"] == sqlite_api.get("/v1/gap-reports").json()["verdicts"]


@pytest.mark.parametrize("parts", [{"sensitivity": "restricted"}, {"consent": "reviewers"}])
def test_a_report_rests_on_nothing_where_nothing_is_shown(sqlite_api, parts):
    """A snapshot or a model beside an empty list would say that something is hidden there."""
    sqlite_api.settle()
    empty = sqlite_api.get("/v1/gap-reports?country=KEN").json()
    sqlite_api.published(**{"consent": "public_aggregate", **parts})
    sqlite_api.settle()
    told = sqlite_api.get("/v1/gap-reports?country=KEN").json()
    changing = {"generated_at"}
    assert {k: v for k, v in told.items() if k not in changing} == {k: v for k, v in empty.items() if k not in changing}


@pytest.mark.parametrize("place", ["listed", "absent"])
def test_a_reviewer_counts_no_closed_record_of_another_organisation(sqlite_api, place):
    """Listed or not, flagged or not, in no verdict, status, region, snapshot or model; its own organisation does."""
    api = sqlite_api
    before = api.get("/v1/gap-reports", "reviewer").json()
    body = {**getattr(api, place), **CLOSED, "admin": {"county": "Turkana"}}
    assert api.post("/v1/records", body).status_code == 201
    after = api.get("/v1/gap-reports", "reviewer").json()
    assert {k: v for k, v in after.items() if k != "generated_at"} == {
        k: v for k, v in before.items() if k != "generated_at"
    }
    for who in ("contributor", "admin"):
        assert sum(api.get("/v1/gap-reports", who).json()["verdicts"].values()) == 1
    api.post("/v1/records", {**api.listed, "name": "Lindi", "id": "open"}, "stranger")
    assert sum(api.get("/v1/gap-reports", "reviewer").json()["verdicts"].values()) == 1


@pytest.mark.parametrize("what", ["flags", "records"])
def test_no_next_page_says_that_something_hidden_follows(sqlite_api, what):
    """A page ends where what is shown ends, whatever of others answers the same question behind it."""
    api = sqlite_api
    api.published(id="shown")
    alone = api.get(f"/v1/{what}?limit=1").json()
    assert alone["numberReturned"] == 1
    for number in range(3):
        api.published(id=f"h{number}", sensitivity="restricted")
    assert api.get(f"/v1/{what}?limit=1").json() == alone
    api.published(id="later")
    following = api.get(f"/v1/{what}?limit=1").json()["next"]
    last = api.get(following).json()
    assert (last["numberReturned"], last["next"]) == (1, None)


def test_the_first_page_tells_about_how_many_accounts_came(sqlite_api):
    """Rounded down to fifty: one account more is nobody's business."""
    for number in range(3):
        sqlite_api.post("/v1/records", {**sqlite_api.listed, "id": f"r{number}"})
    assert "have been received" not in sqlite_api.get("/").text
