"""What KoboToolbox posts, one submission at a time: kept before it is answered, once, whatever is retried."""

from __future__ import annotations

from base64 import b64encode

import pytest

from service.api.answers_import import SubmissionShown
from service.api.examples import SUBMISSION
from service.store import engine, records
from service.store.filters import RecordFilter

WHERE = "/v1/collections/live/submissions"


def held(api):
    """Return the records of the collection, by own id."""
    with api.context.store.read() as session:
        page = records.page(session, RecordFilter(organisation="map-kibera", collection="live"), None, 100)
    return {record.account.own_id: record for record in page.items}


def basic(key, user="kobo"):
    """Return the header of HTTP Basic."""
    return {"Authorization": f"Basic {b64encode(f'{user}:{key}'.encode()).decode()}"}


def test_a_submission_is_kept_before_the_answer_and_verified_after_it(api):
    """The answer names the record under the submission's own id; it stands verified against the list soon after."""
    answer = api.post(WHERE, SUBMISSION)
    assert answer.status_code == 201, answer.text
    told = SubmissionShown.model_validate_json(answer.content)
    assert (told.outcome, told.own_id, told.revision, told.problems) == ("created", "4711", 1, [])
    assert answer.headers["location"] == f"/v1/records/{told.record_id}"
    record = held(api)["4711"]
    assert (record.state.value, record.verdict) == ("verified", "needs_review")
    assert (record.account.lat, record.account.lon, record.account.consent) == (0.536, 35.0, "internal")


def test_the_same_again_changes_nothing_and_an_edit_is_the_next_revision(api):
    """A retry is unchanged; an edited submission has another `_uuid` and the same `_id`, and revises its record."""
    first = api.post(WHERE, SUBMISSION).json()
    again = api.post(WHERE, SUBMISSION)
    assert (again.status_code, again.json()["outcome"], again.json()["revision"]) == (200, "unchanged", 1)
    edited = {**SUBMISSION, "_uuid": "0d1ce5b2-0000-4000-8000-000000000000", "population": "120"}
    told = api.post(WHERE, edited)
    assert (told.status_code, told.json()["outcome"], told.json()["revision"]) == (200, "revised", 2)
    assert told.json()["record_id"] == first["record_id"]
    assert len(held(api)) == 1


def test_what_is_not_approved_is_left_out_and_withdrawn_if_it_was_kept(api):
    """Review is respected: nothing is made of a rejected submission, and a kept one is taken back; both answer 200."""
    rejected = {"_validation_status": {"uid": "validation_status_not_approved", "label": "Not Approved"}}
    never = api.post(WHERE, {**SUBMISSION, "_id": 9, **rejected})
    assert (never.status_code, never.json()["outcome"], never.json()["withdrawn"]) == (200, "left_out", 0)
    assert "rejected in review" in never.json()["why"]
    api.post(WHERE, SUBMISSION)
    told = api.post(WHERE, {**SUBMISSION, **rejected})
    assert (told.json()["outcome"], told.json()["withdrawn"]) == ("left_out", 1)
    assert held(api)["4711"].state.value == "withdrawn"
    assert api.post(WHERE, SUBMISSION).json()["revision"] == 2
    assert held(api)["4711"].state.value == "verified"


def test_the_key_is_taken_as_bearer_as_a_header_of_its_own_and_as_a_password(sqlite_api):
    """KoboToolbox sends custom headers or HTTP Basic, whose user name does not matter; a wrong key is refused."""
    key = sqlite_api.keys["contributor"]
    for headers in ({"Authorization": f"Bearer {key}"}, {"X-API-Key": key}, basic(key), basic(key, "")):
        assert sqlite_api.client.post(WHERE, json=SUBMISSION, headers=headers).status_code in {200, 201}
    for headers in ({}, basic("unc_wrong"), {"Authorization": "Basic ?"}, basic("")):
        answer = sqlite_api.client.post(WHERE, json=SUBMISSION, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"hello": "world"},
        {"_id": None, "_uuid": "a"},
        {"_uuid": "a", "_submission_time": "2026-03-02T09:14:31", "name": "Soi"},
        {"__id": "uuid:1", "__system": {"submissionDate": "2026-03-02T09:14:31Z"}, "name": "Soi"},
        {"results": [SUBMISSION, SUBMISSION]},
        {"results": []},
        {**SUBMISSION, "name": ""},
        {**SUBMISSION, "country": "Nowhere"},
        {**SUBMISSION, "location": ""},
        {**SUBMISSION, "name": "So\x00i"},
        {**SUBMISSION, "name": ["a", {"b": [1]}], "location": {"type": "Point", "coordinates": []}},
        {**SUBMISSION, "_id": "9" * 300},
    ],
)
def test_what_cannot_be_kept_is_a_problem_that_says_what_and_how(sqlite_api, body):
    """Never a 500, which nobody could mend: 422 with a hint, and nothing is kept."""
    answer = sqlite_api.post(WHERE, body)
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert problem["errors"]
    assert all(error["hint"] for error in problem["errors"])
    assert held(sqlite_api) == {}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"<data/>", b"[]", b"3"])
def test_a_body_that_is_no_json_object_is_refused(sqlite_api, content):
    """A body that breaks off or is something else is told, with a status that is not retried."""
    assert sqlite_api.raw(WHERE, content).status_code in {400, 422}


def test_a_wrapper_around_the_submission_is_understood(sqlite_api):
    """REST services may put something around a submission."""
    assert sqlite_api.post(WHERE, {"payload": SUBMISSION}).json()["outcome"] == "created"
    assert sqlite_api.post(WHERE, {"results": [SUBMISSION]}).json()["outcome"] == "unchanged"


def test_what_is_about_people_stays_outside(sqlite_api):
    """Who asked, whose telephone, who answered: dropped at the door, named without values."""
    people = {"_submitted_by": "wanjiru77", "deviceid": "dev-31", "respondent_name": "Akinyi Otieno"}
    answer = sqlite_api.post(WHERE, {**SUBMISSION, **people, "phone": "+254 712 345678"})
    assert {one["header"] for one in answer.json()["dropped"]} >= {"phone", "respondent_name"}
    with sqlite_api.context.store.read() as session:
        kept = repr(session.exec_driver_sql("SELECT body FROM revisions").all())
    for secret in (*people.values(), "345678"):
        assert secret not in kept
        assert secret not in answer.text


def test_the_saved_mapping_and_the_collection_hold_although_questions_were_not_answered(sqlite_api):
    """Submissions are sent without unanswered questions; the mapping that knows all others still reads them."""
    own = {"kijiji": "Bondeni", "mahali": "0.536 35.0 0 40", "watu": "90"}
    tool = {name: value for name, value in SUBMISSION.items() if name.startswith("_")}
    put = {"headers": list(own), "columns": {"name": "kijiji", "count.persons": "watu"}, "left_out": []}
    headers = sqlite_api.key("contributor")
    client = sqlite_api.client
    assert client.put("/v1/collections/live/mapping", json={"name": "swa", **put}, headers=headers).status_code < 300
    usual = {"country": "KE", "consent": "public_masked", "sensitivity": "caution"}
    assert client.put("/v1/collections/live", json=usual, headers=headers).status_code < 300
    assert sqlite_api.post(WHERE, {**tool, **own}).status_code == 201
    del own["watu"]
    assert sqlite_api.post(WHERE, {**tool, **own, "_id": 4712}).status_code == 201
    first, second = (held(sqlite_api)[own_id].account for own_id in ("4711", "4712"))
    assert (first.names[0].text, first.consent, first.sensitivity) == ("Bondeni", "public_masked", "caution")
    assert [count.value for count in first.counts] == [90]
    assert (second.names, second.counts) == (first.names, ())
    assert sqlite_api.post(f"{WHERE}?profile=none", {**tool, **own}).status_code == 422


def test_a_busy_database_answers_503_and_when_to_come_back(sqlite_api, monkeypatch):
    """KoboToolbox sends again after 502, 503 and 504 only: while another writer holds the database, that is said."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    store = sqlite_api.context.store
    store.engine.dispose()  # new connections wait so briefly
    with store.begin():
        answer = sqlite_api.post(WHERE, SUBMISSION)
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert sqlite_api.post(WHERE, SUBMISSION).json()["outcome"] == "created"
