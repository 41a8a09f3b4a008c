"""The desk over HTTP: the queue, the next flag, claims, cases, and 32 reviewers at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.api.answers_desk import CaseShown, ClaimGivenShown, NextShown, QueuePage
from service.callers.caller import Role
from service.store import keys


@pytest.fixture
def flag(api) -> str:
    """Give the flag of a village that the list lacks."""
    counts = [{"value": 240, "unit": "persons", "method": "enumeration"}]
    answer = api.post("/v1/records", {**api.absent, "counts": counts, "consent": "reviewers"})
    return str(answer.json()["flag_id"])


def waiting(api, number):
    """Return the flags of so many villages far from one another."""
    bodies = [
        {**api.absent, "name": f"Mahali {at}", "location": {"lat": 1 + at / 10, "lon": 35.5, "uncertainty_m": 50}}
        for at in range(number)
    ]
    return [api.post("/v1/records", body).json()["flag_id"] for body in bodies]


def reviewers(api, number):
    """Return the headers of so many reviewers of as many offices."""
    with api.context.store.begin() as session:
        made = [keys.create(session, f"office-{at}", Role.REVIEWER, "test") for at in range(number)]
    return [{"Authorization": f"Bearer {secret}"} for secret in made]


def test_the_answers_are_what_the_document_declares(api, flag):
    """Queue, case, next and claim have the members of their schemas and no others."""
    QueuePage.model_validate(api.get("/v1/queue", "reviewer").json())
    case = api.get(f"/v1/flags/{flag}/case", "reviewer")
    CaseShown.model_validate(case.json())
    assert case.headers["ETag"].startswith('W/"1.')
    CaseShown.model_validate(api.get(f"/v1/flags/{flag}/case?blind=1", "reviewer").json())
    taken = api.client.post("/v1/queue/next", headers=api.key("reviewer"))
    assert (taken.status_code, taken.headers["Location"]) == (201, f"/v1/flags/{flag}")
    shown = NextShown.model_validate(taken.json()).case
    assert shown is not None
    assert shown.claim is not None
    assert shown.claim.mine
    again = api.client.post("/v1/queue/next", headers=api.key("admin"))
    assert (again.status_code, again.json()) == (200, {"case": None})
    ClaimGivenShown.model_validate(api.post(f"/v1/flags/{flag}/claims", {"minutes": 90}, "reviewer").json())


def test_a_claimed_flag_is_decided_by_whoever_claimed_it(api, flag):
    """Others get a 409 that says who and until when, also as members; releasing it frees it."""
    assert api.post(f"/v1/flags/{flag}/claims", {}, "reviewer").status_code == 201
    refused = api.decide(flag, "confirmed", "admin")
    assert (refused.status_code, refused.json()["code"]) == (409, "claimed")
    assert refused.json()["claimed_by"] == "statistics-office"
    assert refused.json()["detail"].startswith("statistics-office has been at work on this flag since ")
    released = api.client.post(f"/v1/flags/{flag}/claims/release", headers=api.key("reviewer"))
    assert (released.status_code, released.json()) == (200, {"flag_id": flag, "released": True})
    assert api.client.post(f"/v1/flags/{flag}/claims/release", headers=api.key("reviewer")).status_code == 404
    assert api.decide(flag, "confirmed", "admin").status_code == 201


@pytest.mark.parametrize("who", [None, "contributor", "stranger"])
def test_the_desk_is_for_reviewers(api, flag, who):
    """Nobody else reads the queue or a case, or claims anything; whose record it is makes no difference."""
    expected = 401 if who is None else 403
    assert api.get("/v1/queue", who).status_code == expected
    assert api.get(f"/v1/flags/{flag}/case", who).status_code == expected
    assert api.post(f"/v1/flags/{flag}/claims", {}, who).status_code == expected
    assert api.client.post("/v1/queue/next", headers=api.key(who)).status_code == expected
    assert api.client.post(f"/v1/flags/{flag}/claims/release", headers=api.key(who)).status_code == expected


def test_the_queue_is_narrowed_and_paged_by_its_address(sqlite_api):
    """Filters stand in the address of the next page too; an unknown one is refused."""
    api = sqlite_api
    flags = waiting(api, 3)
    first = api.get("/v1/queue?country=KE&limit=2&assigned=nobody", "reviewer")
    assert first.json()["numberReturned"] == 2
    assert "country=KE" in first.json()["next"]
    assert first.headers["Link"] == f'<{first.json()["next"]}>; rel="next"'
    second = api.get(first.json()["next"], "reviewer").json()
    assert second["next"] is None
    assert sorted(one["flag_id"] for one in first.json()["items"] + second["items"]) == sorted(flags)
    assert api.get("/v1/queue?country=TZ", "reviewer").json()["items"] == []
    assert api.get("/v1/queue?min_probability=0.999999", "reviewer").json()["items"] == []
    assert api.get("/v1/queue?verdikt=x", "reviewer").status_code == 422
    assert api.get("/v1/queue?cursor=YWZ0ZXI6MQ", "reviewer").status_code == 422
    blind = api.get("/v1/queue?blind=true", "reviewer").json()["items"][0]
    assert (blind["probability"], blind["verdict"], blind["expected_loss"], blind["best_candidate"]) == (None,) * 4


def test_32_reviewers_who_ask_for_the_next_at_once_are_each_given_another(api):
    """Over the application itself: no flag twice, none left."""
    flags = waiting(api, 32)
    headers = reviewers(api, 32)
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda one: api.client.post("/v1/queue/next", headers=one), headers))
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["case"]["flag_id"] for answer in answers) == sorted(flags)


def test_of_32_who_decide_at_once_one_wins_and_the_others_are_told_who_and_when(api, flag):
    """Exactly one 201; every refusal is a 409 with the name of the office that was quicker, and the moment."""
    headers = [one | {"If-Match": '"1"'} for one in reviewers(api, 32)]
    body = {"decision": "confirmed", "reason_code": "field_visit"}
    with ThreadPoolExecutor(32) as pool:
        answers = list(
            pool.map(lambda one: api.client.post(f"/v1/flags/{flag}/reviews", json=body, headers=one), headers)
        )
    winners = [answer.json() for answer in answers if answer.status_code == 201]
    refused = [answer.json() for answer in answers if answer.status_code != 201]
    assert len(winners) == 1
    quicker = winners[0]["reviews"][-1]["organisation"]
    assert {(one["status"], one["code"]) for one in refused} == {(409, "stale-state")}
    assert {(one["version"], one["flag_status"]) for one in refused} == {(2, "confirmed")}
    assert all(f"{quicker} brought the flag to version 2 (confirmed) at 20" in one["detail"] for one in refused)
