"""Keys, invitations, coalitions, limits and organisations over HTTP, as those who use them meet them."""

from __future__ import annotations

import pytest

from service.callers.caller import Charge, Role
from service.callers.territory import Area
from service.store import keys
from service.store.keys import Wanted


def header(secret):
    """Return the header that sends a key or a token."""
    return {"Authorization": f"Bearer {secret}"}


def let_in(api, who, wanted):
    """Give somebody a key of their own."""
    with api.context.store.begin() as session:
        api.keys[who] = keys.issue(session, wanted)


def test_somebody_is_invited_accepts_once_and_works_in_their_territory(api):
    """The token makes one key; what lies outside its territory does not exist for it."""
    flag_id = api.post("/v1/records", {**api.absent, "consent": "partners"}).json()["flag_id"]
    body = {"role": "reviewer", "label": "desk 3", "organisation": "office", "areas": [{"country": "Tanzania"}]}
    assert api.post("/v1/invitations", body, "reviewer").json()["code"] == "not-permitted"
    made = api.post("/v1/invitations", {**body, "key_days": 90}, "admin")
    assert made.status_code == 201
    assert made.json()["areas"] == [{"country": "TZA", "admin": None}]
    accepting = header(made.json()["token"])
    accepted = api.client.post("/v1/invitations/accept", headers=accepting)
    assert accepted.status_code == 201, accepted.text
    assert (accepted.json()["role"], accepted.json()["rights"][0]) == ("reviewer", "exchange")
    assert api.client.post("/v1/invitations/accept", headers=accepting).status_code == 401
    assert api.client.post("/v1/invitations/accept").json()["code"] == "key-needed"
    api.keys["scoped"] = accepted.json()["key"]
    assert api.get(f"/v1/flags/{flag_id}", "scoped").status_code == 404
    assert api.decide(flag_id, "confirmed", "scoped").status_code == 404
    assert api.get("/v1/flags", "scoped").json()["items"] == api.get("/v1/records", "scoped").json()["items"] == []
    listed = api.get("/v1/invitations", "admin").json()["items"]
    assert [(one["accepted"], "token" in one) for one in listed] == [(True, False)]
    assert api.get("/v1/invitations", "contributor").json()["items"] == []


def test_a_decision_outside_the_territory_says_where_the_key_works(api):
    """A flag that everybody reads is still decided only by whom it is for."""
    flag_id = api.published()
    api.post(f"/v1/flags/{flag_id}/embargo", {"reason_code": "agreed"})
    let_in(api, "scoped", Wanted("office", Role.REVIEWER, "", areas=(Area("TZA"),)))
    answer = api.decide(flag_id, "in_review", "scoped")
    assert answer.status_code == 403
    assert "it works in TZA" in answer.json()["detail"]


def test_a_key_is_exchanged_listed_and_revoked(api):
    """Both keys open for a while; then the old one is revoked by the new one."""
    answer = api.post("/v1/keys/rotate", {"overlap_hours": 1})
    assert answer.status_code == 201, answer.text
    api.keys["new"] = answer.json()["key"]
    items = api.get("/v1/keys", "new").json()["items"]
    assert [(one["role"], "key" in one) for one in items] == [("contributor", False)] * 2
    assert api.post("/v1/keys/rotate", {}).json()["code"] == "stale-state"
    old, new = (one["id"] for one in items)
    assert api.client.post(f"/v1/keys/{old}/revoke", headers=api.key("new")).json()["revoked_at"]
    assert api.get("/v1/keys").status_code == 401
    assert api.client.post(f"/v1/keys/{new}/revoke", headers=api.key("reviewer")).status_code == 404


def test_partners_read_and_decide_nothing_and_leave_at_once(api):
    """Both agree; each sees what communities agreed to show partners; one leaves, and it is over."""
    sent = [api.post("/v1/records", {**api.absent, "consent": consent}).json() for consent in ("partners", "internal")]
    shared, _ = (one["id"] for one in sent)
    assert api.client.put("/v1/coalition/another-group", headers=api.key("contributor")).json()["shared"] is False
    assert api.client.put("/v1/coalition/map-kibera", headers=api.key("stranger")).json()["shared"] is True
    assert [one["id"] for one in api.get("/v1/records", "stranger").json()["items"]] == [shared]
    assert api.get(f"/v1/records/{shared}", "stranger").json()["own_id"] is None
    taking_back = api.post(f"/v1/records/{shared}/withdrawal", {"reason_code": "x"}, "stranger")
    assert taking_back.json()["code"] == "not-permitted"
    assert (
        api.client.post("/v1/coalition/another-group/leave", headers=api.key("contributor")).json()["given_at"] is None
    )
    assert api.get(f"/v1/records/{shared}", "stranger").status_code == 404
    assert [one["shared"] for one in api.get("/v1/coalition", "stranger").json()["items"]] == [False]


def test_a_steward_shows_less_and_withdraws(api):
    """What it speaks for it sees, narrows and takes back; nothing else is there for it."""
    record = api.post("/v1/records", {**api.absent, "collection": "villages", "consent": "partners"}).json()
    let_in(api, "steward", Wanted("map-kibera", Role.STEWARD, "", charges=(Charge("map-kibera", "villages"),)))
    assert [one["id"] for one in api.get("/v1/records", "steward").json()["items"]] == [record["id"]]
    assert [one["id"] for one in api.get("/v1/flags", "steward").json()["items"]] == [record["flag_id"]]
    body = {"collection": "villages", "sensitivity": "closed", "reason_code": "threats"}
    limit = api.post("/v1/limits", body, "steward")
    assert limit.status_code == 201, limit.text
    assert api.get(f"/v1/flags/{record['flag_id']}", "reviewer").status_code == 404
    assert api.client.post(f"/v1/limits/{limit.json()['id']}/lift", headers=api.key("admin")).status_code == 200
    assert api.get(f"/v1/flags/{record['flag_id']}", "reviewer").status_code == 200
    gone = api.post("/v1/withdrawals", {"collection": "villages", "reason_code": "asked"}, "steward")
    assert gone.json()["withdrawn"] == 1
    assert api.post("/v1/records", api.listed, "steward").json()["code"] == "not-permitted"


def test_an_organisation_says_what_it_is(api):
    """For itself and admins; others are told that there is no such organisation of theirs."""
    body = {"name": "Map Kibera Trust", "kind": "civil_society", "contact": "office"}
    put = api.client.put("/v1/organisations/map-kibera", json=body, headers=api.key("contributor"))
    assert put.json() == {"id": "map-kibera", **body}
    other = api.client.put("/v1/organisations/map-kibera", json=body, headers=api.key("stranger"))
    nobody = api.client.put("/v1/organisations/nobody", json=body, headers=api.key("stranger"))
    assert (
        (other.status_code, other.json()["title"])
        == (nobody.status_code, nobody.json()["title"])
        == (404, other.json()["title"])
    )
    assert [one["id"] for one in api.get("/v1/organisations", "stranger").json()["items"]] == ["another-group"]


@pytest.mark.parametrize("operation", ["listKeys", "createInvitation"])
def test_the_document_names_the_right_an_operation_needs(operation):
    """An integrator reads it as `x-scope`."""
    from service.api.openapi import document  # noqa: PLC0415 - made once, only here

    told = {one["operationId"]: one["x-scope"] for item in document()["paths"].values() for one in item.values()}
    assert told[operation] == "send"
