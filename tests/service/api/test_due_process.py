"""Due process over HTTP: reasons, taking back, appeals, blind reviews, and what those who sent a record are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.api import answers_flag, answers_review
from service.api.answers import RecordShown
from service.callers.caller import Charge, Role
from service.store import keys
from service.store.keys import Wanted

AHEAD = str(datetime.now(UTC).date() + timedelta(days=30))
MEETING = {"documents": ["https://example.org/minutes"]}


@pytest.fixture
def flag_id(api):
    """Give an open flag of map-kibera."""
    return api.post("/v1/records", {**api.absent, "id": "mk-1", "consent": "public_exact"}).json()["flag_id"]


@pytest.fixture
def second(api):
    """Give another reviewer of the same office."""
    with api.context.store.begin() as session:
        api.keys["second"] = keys.create(session, "statistics-office", Role.REVIEWER, "test")
    return "second"


def outcomes(api, query="", who="contributor"):
    """Return what an organisation is told, in the declared shape."""
    answer = api.get(f"/v1/outcomes{query}", who)
    assert answer.status_code == 200, answer.text
    answers_review.OutcomesShown.model_validate_json(answer.content)
    return answer.json()


def test_the_code_list_is_told_in_the_language_asked_for(sqlite_api):
    """Everybody reads which reasons there are, for what, and what they need."""
    told = sqlite_api.get("/v1/reason-codes?lang=sw")
    answers_review.ReasonCodesShown.model_validate_json(told.content)
    by_code = {one["code"]: one for one in told.json()["items"]}
    assert by_code["alias"]["needs"] == ["official_id"]
    assert by_code["field_visit"]["label"] == by_code["field_visit"]["labels"]["sw"]
    assert sqlite_api.get("/v1/reason-codes?lang=de").status_code == 422


def test_a_reason_that_is_not_on_the_list_is_refused_with_those_that_are(api, flag_id):
    """The hint names what fits this decision."""
    answer = api.decide(flag_id, "rejected", reason_code="because").json()
    assert answer["errors"][0]["pointer"] == "/reason_code"
    assert "not_a_community" in answer["errors"][0]["hint"]
    assert "four_eyes" not in answer["errors"][0]["hint"]


def test_a_decision_is_taken_back_without_saying_where_the_flag_stood(api, flag_id):
    """With `supersedes` alone the flag stands as before; with neither it nor a decision, nothing was said."""
    wrong = api.decide(flag_id, "rejected").json()["reviews"][-1]
    path = f"/v1/flags/{flag_id}/reviews"
    nothing = api.post(path, {"reason_code": "entered_in_error"}, "reviewer").json()
    assert nothing["errors"][0]["pointer"] == "/decision"
    back = api.post(path, {"reason_code": "entered_in_error", "supersedes": wrong["id"]}, "reviewer")
    answers_flag.FlagShown.model_validate_json(back.content)
    assert back.json()["status"] == "open"
    assert [(one["supersedes"], one["undo"]) for one in back.json()["reviews"]] == [(None, False), (wrong["id"], True)]
    again = api.post(path, {"reason_code": "entered_in_error", "supersedes": wrong["id"]}, "reviewer")
    assert again.status_code == 422


def test_a_flag_is_put_off_to_a_day(api, flag_id):
    """The day stands on the flag; without one it is not put off."""
    assert api.decide(flag_id, "deferred").json()["errors"][0]["pointer"] == "/until"
    told = api.decide(flag_id, "deferred", until=AHEAD).json()
    assert (told["status"], told["deferred_until"], told["reviews"][-1]["until"]) == ("deferred", AHEAD, AHEAD)


def test_notes_stay_with_reviewers_and_messages_reach_those_who_sent_it(api, flag_id):
    """The organisation of the record reads what was written for it, and no note."""
    api.decide(flag_id, "needs_field_check", note="Ask the chief", message="We come in May.", question="Which road?")
    inside = api.get(f"/v1/flags/{flag_id}", "reviewer").json()["reviews"][0]
    own = api.get(f"/v1/flags/{flag_id}", "contributor").json()["reviews"][0]
    assert (inside["note"], own["note"]) == ("Ask the chief", None)
    assert (own["message"], own["question"]) == ("We come in May.", "Which road?")


def test_what_is_about_one_person_is_not_written_to_anybody(api, flag_id):
    """A telephone number in a message is refused."""
    answer = api.decide(flag_id, "rejected", message="Call +254 712 345678")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/message")


def test_both_outcomes_are_told_with_the_way_to_appeal(api, flag_id):
    """Decision, reason in words, office, message, and until when; never the person, never the note."""
    assert outcomes(api)["items"] == []
    api.decide(flag_id, "in_review")
    api.decide(flag_id, "rejected", reason_code="not_a_community", note="Ask the chief", message="It is a market.")
    told = outcomes(api, "?lang=fr")
    (one,) = told["items"]
    assert (one["decision"], one["status"], one["holds"], one["own_id"]) == ("rejected", "rejected", True, "mk-1")
    assert one["reason"]["label"].startswith("Personne n'y habite")
    assert (one["office"], one["message"]) == ("statistics-office", "It is a market.")
    assert one["appeal"]["possible"]
    assert one["appeal"]["address"] == f"/v1/flags/{flag_id}/appeals"
    assert "key" not in str(one)
    assert "Ask the chief" not in str(told)
    assert outcomes(api, who="stranger")["items"] == []
    api.decide(flag_id, "confirmed")
    following = outcomes(api, f"?cursor={told['cursor']}")
    assert [(each["decision"], each["appeal"]["possible"]) for each in following["items"]] == [("confirmed", False)]
    assert outcomes(api)["items"][0]["holds"] is False


def test_outcomes_come_in_pages_that_can_be_gone_on_from(api):
    """Walking meets each once, and the last cursor finds only what comes after."""
    ids = [
        api.post("/v1/records", {**api.absent, "name": f"Bondeni {n}", "id": f"b{n}"}).json()["flag_id"]
        for n in range(3)
    ]
    for each in dict.fromkeys(ids):
        api.decide(each, "rejected")
        api.decide(each, "unverifiable")
    whole = outcomes(api)
    first = outcomes(api, "?limit=2")
    rest = api.get(first["next"], "contributor").json()
    assert first["items"] + rest["items"] == whole["items"][: 2 + len(rest["items"])]
    assert outcomes(api, f"?cursor={whole['cursor']}")["items"] == []
    assert outcomes(api, "?since=2100-01-01T00:00:00Z")["items"] == []
    assert api.get("/v1/outcomes?cursor=nonsense", "contributor").status_code == 422
    assert api.get("/v1/outcomes").json()["code"] == "key-needed"


def test_a_steward_is_told_what_was_decided_about_its_charge_and_no_more(api):
    """Of two collections of one organisation a steward is told of theirs, as its organisation is."""
    charged, other = (
        api.post("/v1/records", {**api.absent, "name": name, "id": name, "collection": name}).json()
        for name in ("villages", "camps")
    )
    assert charged["flag_id"] != other["flag_id"]
    for record in (charged, other):
        api.decide(record["flag_id"], "rejected", message="A market.", note="Seen twice")
    with api.context.store.begin() as session:
        for name, collection in (("steward", "villages"), ("elsewhere", "none")):
            wanted = Wanted("map-kibera", Role.STEWARD, "", charges=(Charge("map-kibera", collection),))
            api.keys[name] = keys.issue(session, wanted)
    (told,) = outcomes(api, who="steward")["items"]
    assert (told["flag_id"], told["record_id"]) == (charged["flag_id"], charged["id"])
    assert len(outcomes(api)["items"]) == 2
    assert told in outcomes(api)["items"]
    assert "Seen twice" not in str(told)
    assert outcomes(api, who="elsewhere")["items"] == []


def test_the_record_says_what_was_decided_about_it(api, flag_id):
    """Its organisation finds the last outcome on it; a reviewer and the public do not need it there."""
    record_id = api.get(f"/v1/flags/{flag_id}", "reviewer").json()["record_id"]
    assert api.get(f"/v1/records/{record_id}", "contributor").json()["decided"] is None
    api.decide(flag_id, "rejected")
    own = api.get(f"/v1/records/{record_id}", "contributor")
    RecordShown.model_validate_json(own.content)
    assert own.json()["decided"]["decision"] == "rejected"
    assert api.get(f"/v1/records/{record_id}", "reviewer").json()["decided"] is None


def test_an_appeal_goes_to_somebody_else_and_is_told(api, flag_id, second):
    """From rejection over appeal and another reviewer to confirmation, each side reads where it stands."""
    api.decide(flag_id, "rejected")
    path = f"/v1/flags/{flag_id}/appeals"
    made = api.post(path, {"grounds": "People live there.", "evidence": MEETING})
    answers_review.AppealShown.model_validate_json(made.content)
    assert made.status_code == 201
    assert api.get(f"/v1/flags/{flag_id}", "reviewer").json()["status"] == "appealed"
    assert api.post(path, {"grounds": "Again."}).json()["code"] == "conflict"
    assert api.post(path, {"grounds": "Mine?"}, "stranger").status_code == 404
    listed = api.get(path, "reviewer").json()["items"]
    assert [(one["grounds"], one["evidence"]) for one in listed] == [("People live there.", MEETING)]
    refused = api.decide(flag_id, "rejected")
    assert refused.json()["code"] == "not-permitted"
    assert "took part" in refused.json()["detail"]
    assert api.decide(flag_id, "confirmed", second).json()["status"] == "confirmed"
    first, answer = outcomes(api)["items"]
    assert (first["appeal"]["answered_by"], answer["decision"]) == (answer["id"], "confirmed")
    assert api.get(path, "contributor").json()["items"][0]["answered_by"] == answer["id"]


@pytest.mark.parametrize(
    "body",
    [
        {"grounds": " "},
        {"grounds": "Call +254 712 345678"},
        {"grounds": "See.", "evidence": {"documents": ["nowhere"]}},
        {"grounds": "See.", "evidence": {"counts": [{"value": -1}]}},
        {"evidence": MEETING},
    ],
)
def test_an_appeal_that_says_nothing_or_too_much_is_refused(sqlite_api, body):
    """It needs grounds, no person, and evidence that can be looked at."""
    flag_id = sqlite_api.post("/v1/records", sqlite_api.absent).json()["flag_id"]
    sqlite_api.decide(flag_id, "rejected")
    answer = sqlite_api.post(f"/v1/flags/{flag_id}/appeals", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["hint"]


def test_others_read_no_appeal(api):
    """Who reads a published flag learns of no appeal about it; who sees no flag learns nothing."""
    flag_id = api.published()
    assert api.get(f"/v1/flags/{flag_id}/appeals", "stranger").json() == {"items": []}
    closed = api.post("/v1/records", {**api.absent, "name": "Refuge", "sensitivity": "closed"}).json()["flag_id"]
    assert api.get(f"/v1/flags/{closed}/appeals", "reviewer").status_code == 404


def test_what_is_handed_out_blind_is_shown_unjudged_everywhere(api, flag_id):
    """The flag, the list and the record keep status and scores from whoever is to judge it, until they have."""
    assert api.post("/v1/blind-reviews", None, "second" if "second" in api.keys else "admin").status_code == 200
    shown = api.get(f"/v1/flags/{flag_id}", "admin").json()
    answers_flag.FlagShown.model_validate(shown)
    assert (shown["status"], shown["probability"]) == ("open", None)
    record = api.get(f"/v1/records/{shown['record_id']}", "admin")
    RecordShown.model_validate_json(record.content)
    assert record.json()["probability"] is None
    assert api.get(f"/v1/flags/{flag_id}", "reviewer").json()["probability"] is not None
    api.decide(flag_id, "rejected")
    assert [one["status"] for one in api.get("/v1/flags", "admin").json()["items"]] == ["open"]
    assert api.get("/v1/flags?status=rejected", "admin").json()["items"] == []
    assert "rejected" not in api.get(f"/v1/flags/{flag_id}", "admin").text


def test_with_nothing_to_judge_there_is_no_flag(sqlite_api):
    """An empty desk answers so, in the declared shape."""
    answer = sqlite_api.post("/v1/blind-reviews", None, "reviewer")
    assert (answer.status_code, answer.json()) == (200, {"flag": None})


def test_agreement_is_told_to_reviewers(sqlite_api):
    """In the declared shape, also before anything was judged twice."""
    answer = sqlite_api.get("/v1/agreement", "reviewer")
    answers_review.AgreementShown.model_validate_json(answer.content)
    assert answer.json()["overall"]["kappa"] is None
    assert sqlite_api.get("/v1/agreement", "contributor").json()["code"] == "not-permitted"


def test_other_matters_about_the_place_are_shown_beside(api):
    """What lies within the error of a flag is listed, in the shape of flags."""
    first = api.post("/v1/records", api.absent).json()["flag_id"]
    near = {**api.absent, "name": "Kware", "location": {"lat": 0.536, "lon": 35.0008, "uncertainty_m": 100}}
    other = api.post("/v1/records", near, "stranger").json()["flag_id"]
    assert other not in {None, first}
    answer = api.get(f"/v1/flags/{first}/beside", "reviewer")
    answers_review.BesideShown.model_validate_json(answer.content)
    assert [one["id"] for one in answer.json()["items"]] == [other]
    assert api.get(f"/v1/flags/{first}/beside", "contributor").json()["code"] == "not-permitted"
