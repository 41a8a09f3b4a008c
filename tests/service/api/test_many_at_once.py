"""Many senders at the same moment: each is answered for itself, whatever the others sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from service.posting.line import Line
from service.store import keys, records
from service.store.filters import RecordFilter
from service.verifying import judging

SENDERS = 32


def at_once(api, bodies):
    """Send every body by a sender of its own, and return the answers in the same order."""
    with ThreadPoolExecutor(len(bodies)) as senders:
        return list(senders.map(lambda body: api.post("/v1/records", body), bodies))


def placed(number, **parts):
    """Return a record of a village by itself, 5 km from the next."""
    point = {"lat": 0.1 + 0.045 * number, "lon": 36.0, "uncertainty_m": 100}
    return {
        "name": f"Village {chr(97 + number % 26) * (5 + number // 26)}",
        "country": "KEN",
        "location": point,
        "kind": "village",
        **parts,
    }


def kept(api):
    """Return every record that is kept, by name."""
    with api.context.store.read() as session:
        found = records.page(session, RecordFilter(), limit=100).items
    return {record.account.names[0].text: record for record in found}


def test_thirty_two_at_once_are_all_answered_and_one_broken_body_breaks_nothing(api):
    """Every good record is kept and verified, and its answer is its own; the broken one is told what is wrong."""
    bodies = [placed(number) for number in range(SENDERS)]
    bodies[7] = placed(7, location={"lat": 95.0, "lon": 36.0})
    answers = at_once(api, bodies)
    assert [answer.status_code for answer in answers] == [422 if at == 7 else 201 for at in range(SENDERS)]
    found = kept(api)
    assert len(found) == SENDERS - 1
    for body, answer in zip(bodies, answers, strict=True):
        if answer.status_code == 201:
            said = answer.json()
            assert said["name"] == body["name"]
            assert (said["id"], said["state"]) == (found[body["name"]].id, "verified")
            assert api.get(f"/v1/records/{said['id']}", "contributor").json() == {
                name: value for name, value in said.items() if name != "outcome"
            }


def test_one_that_breaks_the_matcher_waits_and_its_neighbours_are_answered(api, monkeypatch):
    """Kept is kept: the record whose comparison fails is answered as pending."""
    working = judging.compare

    def breaking(citizen, official, **options):
        if any(name.startswith("Village ccccc") for name in citizen.primary_names):
            raise ZeroDivisionError
        return working(citizen, official, **options)

    monkeypatch.setattr(judging, "compare", breaking)
    answers = at_once(api, [placed(number) for number in range(8)])
    assert [answer.json()["state"] for answer in answers] == ["pending" if at == 2 else "verified" for at in range(8)]


def test_the_same_record_by_many_senders_is_kept_once(api):
    """Retries that overtake one another under one own id make one record, and one of them made it."""
    answers = at_once(api, [placed(1, id="MK-1") for _ in range(12)])
    assert sorted(answer.status_code for answer in answers) == [200] * 11 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_the_same_idempotency_key_by_many_senders_is_answered_alike(api):
    """A client that retries while its first try is still under way gets the same record."""
    with ThreadPoolExecutor(8) as senders:
        posting = [
            senders.submit(api.post, "/v1/records", placed(1), "contributor", **{"Idempotency-Key": "once"})
            for _ in range(8)
        ]
        answers = [one.result() for one in posting]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(kept(api)) == 1


def test_a_full_line_is_told_with_the_moment_to_come_again(sqlite_api):
    """Back-pressure is a 503 with Retry-After, and nothing of it is kept."""
    sqlite_api.client.app.state.line = Line(lambda posts: posts, most_waiting=0)
    answer = sqlite_api.post("/v1/records", placed(1))
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert int(answer.headers["Retry-After"]) >= 1
    assert kept(sqlite_api) == {}


def test_a_key_that_was_revoked_opens_nothing_though_it_was_just_used(api):
    """Whoever is remembered is asked for again where it counts: in the transaction that would keep the record."""
    assert api.post("/v1/records", placed(1)).status_code == 201
    with api.context.store.begin() as session:
        (mine,) = (one.id for one in keys.all(session) if one.organisation == "map-kibera")
        keys.revoke(session, mine)
    for body in (placed(2), placed(3), {"name": "nowhere"}):
        answer = api.post("/v1/records", body)
        assert (answer.status_code, answer.json()["code"]) == (401, "key-unknown")
    assert len(kept(api)) == 1
