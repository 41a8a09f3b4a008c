"""Communities over HTTP: accounts of one place share a flag, and what is copied waits for a person."""

from __future__ import annotations

import pytest

NEARBY = {"location": {"lat": 0.5363, "lon": 35.0, "uncertainty_m": 100}}


def sent(api, who="contributor", **parts):
    """Send an account of the absent village and return the record."""
    answer = api.post("/v1/records", {**api.absent, **parts}, who)
    assert answer.status_code == 201, answer.text
    return answer.json()


def flags_of(api, who="reviewer"):
    """Return the flags a caller sees."""
    return api.get("/v1/flags", who).json()["items"]


def copies(number):
    """Return accounts of different villages on one and the same point."""
    return [
        {
            "id": f"copy-{at}",
            "name": f"Settlement {chr(97 + at // 26)}{chr(97 + at % 26)}",
            "country": "KEN",
            "kind": "village",
            "location": {"lat": 0.53612, "lon": 35.01234, "uncertainty_m": 50},
        }
        for at in range(number)
    ]


def test_two_organisations_share_one_flag(api):
    """The second account joins the community and its flag; the reviewer sees both, and what they are worth."""
    first, second = sent(api), sent(api, "stranger", **NEARBY)
    assert first["flag_id"] == second["flag_id"]
    assert first["community_id"] == second["community_id"]
    (flag,) = flags_of(api)
    assert flag["record_id"] == first["id"]
    assert [member["record_id"] for member in flag["members"]] == [first["id"], second["id"]]
    assert flag["corroboration"] == {
        "organisations": 2,
        "records": 2,
        "effective_sources": 1.667,
        "probability": pytest.approx(0.6628, abs=1e-3),
        "sufficient": True,
        "sentence": "Two organisations in 2 accounts, worth 1.7 independent sources.",
        "persons": None,
    }


def test_head_counts_of_two_organisations_are_combined(sqlite_api):
    """Two counts become one with a range; counts that contradict one another say so."""
    count = {"unit": "persons", "method": "full enumeration"}
    flag_id = sent(sqlite_api, counts=[{**count, "value": 500}])["flag_id"]
    sent(sqlite_api, "stranger", counts=[{**count, "value": 520}], **NEARBY)
    persons = sqlite_api.get(f"/v1/flags/{flag_id}", "reviewer").json()["corroboration"]["persons"]
    assert (persons["counts"], persons["conflicting"]) == (2, False)
    assert 500 < persons["estimate"] < 520
    sent(sqlite_api, "reviewer", counts=[{**count, "value": 5_000}], **NEARBY)
    assert sqlite_api.get(f"/v1/flags/{flag_id}", "reviewer").json()["corroboration"]["persons"]["conflicting"]


def test_each_organisation_sees_the_flag_by_its_own_record(api):
    """A contributor finds the shared flag with its own record, learns of no other, and the public of none at all."""
    first, second = sent(api, consent="public_exact"), sent(api, "stranger", **NEARBY)
    for who, record in (("contributor", first), ("stranger", second)):
        (flag,) = flags_of(api, who)
        assert (flag["record_id"], flag["community"]["location"]) == (record["id"], record["location"])
        assert [member["record_id"] for member in flag["members"]] == [record["id"]]
        assert flag["corroboration"]["organisations"] == 1
        assert api.get(f"/v1/flags/{flag['id']}", who).json()["record_id"] == record["id"]
    api.decide(first["flag_id"], "confirmed")
    api.decide(first["flag_id"], "published", "admin")
    (public,) = flags_of(api, None)
    assert (public["record_id"], public["members"], public["corroboration"]) == (first["id"], [], None)
    assert api.get(f"/v1/records/{second['id']}").status_code == 404


def test_reports_count_a_community_once_and_its_records_each(api):
    """One flag, two records with its verdict; the organisation of one finds only its own."""
    sent(api)
    sent(api, "stranger", **NEARBY)
    report = api.get("/v1/gap-reports", "reviewer").json()
    assert (report["statuses"], report["verdicts"], len(report["items"])) == ({"open": 1}, {"hidden_place": 2}, 1)
    own = api.get("/v1/gap-reports", "stranger").json()
    assert (own["statuses"], own["verdicts"], len(own["items"])) == ({"open": 1}, {"hidden_place": 1}, 1)


def test_another_account_changes_nothing_about_a_decision(api):
    """A confirmed flag stays confirmed when a second organisation says the same."""
    flag_id = sent(api)["flag_id"]
    api.decide(flag_id, "confirmed")
    assert sent(api, "stranger", **NEARBY)["flag_id"] == flag_id
    assert api.get(f"/v1/flags/{flag_id}", "reviewer").json()["status"] == "confirmed"


def test_an_account_that_is_found_closes_the_gap(api):
    """Where one organisation's name is on the list, the community is: the other's flag is withdrawn."""
    place = {"location": {"lat": 0.5182, "lon": 35.0, "uncertainty_m": 100}}
    lost = sent(api, name="Makao Mapya", **place)
    assert api.get(f"/v1/flags/{lost['flag_id']}", "reviewer").json()["status"] == "open"
    found = sent(api, "stranger", names=[{"text": "Lindi"}, {"text": "Makao Mapya"}], name=None, **place)
    assert (found["verdict"], found["flag_id"]) == ("consistent", lost["flag_id"])
    assert api.get(f"/v1/flags/{lost['flag_id']}", "reviewer").json()["status"] == "withdrawn"


def test_a_closed_record_keeps_no_company(api):
    """Nobody learns from a shared flag that a closed record exists."""
    hidden = sent(api, sensitivity="closed")
    other = sent(api, "stranger", **NEARBY)
    assert hidden["community_id"] != other["community_id"]
    (flag,) = flags_of(api)
    assert [member["record_id"] for member in flag["members"]] == [other["id"]]


def test_a_correction_that_moves_a_record_leaves_the_community(api):
    """A record that turns out to be elsewhere gets a community and a flag of its own; the old one stays."""
    first = sent(api)
    second = sent(api, "stranger", id="ours", **NEARBY)
    moved = sent(api, "stranger", id="ours", name="Kwanza", location={"lat": 0.5635, "lon": 35.0, "uncertainty_m": 100})
    assert moved["id"] == second["id"]
    assert moved["community_id"] != first["community_id"]
    assert moved["flag_id"] != first["flag_id"]
    by_id = {flag["id"]: flag for flag in flags_of(api)}
    assert by_id[first["flag_id"]]["record_id"] == first["id"]


def test_three_hundred_copies_are_set_aside(api):
    """One organisation, 300 records in a day on one point: kept, answered, in no verdict and no flag."""
    answer = api.post("/v1/records/batch", copies(300)).json()
    assert (answer["accepted"], answer["refused"]) == (300, 0)
    records = [item["record"] for item in answer["items"]]
    assert {item["status"] for item in answer["items"]} == {201}
    assert {(record["state"], record["verdict"], record["flag_id"]) for record in records} == {
        ("quarantined", None, None)
    }
    (ground,) = records[0]["quarantine"]
    assert ground["code"] == "copied_geometry"
    assert ground["sentence"].startswith("300 accounts of this organisation stand on the very same point")
    assert records[0]["reason"].startswith("It is kept, and set aside until a person has looked at it.")
    assert flags_of(api) == []
    waiting = api.get("/v1/records?state=quarantined&limit=1000", "reviewer").json()
    assert waiting["numberReturned"] == 300


def test_copies_sent_one_by_one_are_set_aside_once_they_show(api):
    """The first ones pass and are taken back when the pattern shows; what people decided about stays."""
    kept = api.post("/v1/records", copies(1)[0]).json()
    assert kept["verdict"] == "hidden_place"
    assert api.decide(kept["flag_id"], "confirmed").status_code == 201
    states = [api.post("/v1/records", body).json()["state"] for body in copies(25)[1:]]
    assert states == ["verified"] * 18 + ["quarantined"] * 6
    records = api.get("/v1/records?limit=1000", "reviewer").json()["items"]
    assert [record["state"] for record in records] == ["verified"] + ["quarantined"] * 24
    assert {record["verdict"] for record in records[1:]} == {None}
    open_flags = [flag for flag in flags_of(api) if flag["status"] != "withdrawn"]
    assert [(flag["id"], flag["status"]) for flag in open_flags] == [(kept["flag_id"], "confirmed")]


def test_a_reviewer_lets_a_record_out(api):
    """Released, it is compared and flagged like any other, and its corrections pass."""
    record = api.post("/v1/records/batch", copies(40)).json()["items"][3]["record"]
    path = f"/v1/records/{record['id']}/release"
    assert api.post(path, {"reason_code": "checked"}).json()["code"] == "not-permitted"
    assert api.post(path, {"reason_code": " "}, "reviewer").status_code == 422
    answer = api.post(path, {"reason_code": "checked_with_sender"}, "reviewer")
    assert answer.status_code == 200, answer.text
    out = answer.json()
    assert (out["state"], out["verdict"], out["quarantine"]) == ("verified", "hidden_place", [])
    assert api.get(f"/v1/flags/{out['flag_id']}", "reviewer").json()["status"] == "open"
    assert api.post(path, {"reason_code": "again"}, "reviewer").json()["code"] == "stale-state"
    again = api.post("/v1/records", {**copies(40)[3], "groups": ["fishers"]}).json()
    assert (again["id"], again["state"]) == (record["id"], "verified")


def test_one_let_out_after_it_was_verified_has_its_flag_again(api):
    """A record that was taken back and let out goes on with the flag it had."""
    first, *_ = [api.post("/v1/records", body).json() for body in copies(20)]
    assert api.get(f"/v1/flags/{first['flag_id']}", "reviewer").json()["status"] == "withdrawn"
    out = api.post(f"/v1/records/{first['id']}/release", {"reason_code": "checked"}, "reviewer").json()
    assert (out["verdict"], out["flag_id"]) == ("hidden_place", first["flag_id"])
    assert api.get(f"/v1/flags/{first['flag_id']}", "reviewer").json()["status"] == "open"


def test_an_ordinary_batch_passes(sqlite_api):
    """A thousand villages on points of their own, sent at once by somebody new, are all compared."""
    batch = [
        {
            "id": str(at),
            "name": f"Settlement {chr(97 + at // 26 % 26)}{chr(97 + at % 26)}",
            "country": "KEN",
            "location": {"lat": 1.00013 + at % 40 / 50, "lon": 36.00017 + at // 40 / 50, "uncertainty_m": 100},
        }
        for at in range(1_000)
    ]
    items = sqlite_api.post("/v1/records/batch", batch).json()["items"]
    assert {item["record"]["state"] for item in items} == {"verified"}
