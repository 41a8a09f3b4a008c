"""Who is told what through reconciliation: lists are everybody's, what was found at a place is not."""

from __future__ import annotations

import json

import pytest

from tests.service.interop.test_reconcile import DRAFT, PLACES, ask, valid
from tests.specimens import reconciliation as protocol

LINDI = "ke-villages:V002"
ASKED = ("code", "verdict", "flag_status", "flag_id", "counted_persons")


def extended(api, path=PLACES, who=None):
    """Return what a caller is told of Lindi."""
    wanted = {"ids": [LINDI, "ke-villages:V999"], "properties": [{"id": name} for name in ASKED]}
    answer = api.client.post(path, data={"extend": json.dumps(wanted)}, headers=api.key(who))
    rows = valid(answer, protocol.EXTENSION)["rows"]
    assert rows["ke-villages:V999"] == {name: [] for name in ASKED}
    draft = valid(api.client.post(f"{DRAFT}/extend", json=wanted, headers=api.key(who)), protocol.DRAFT_EXTENSION)
    if path == PLACES:
        assert {one["id"]: one["values"] for one in draft["rows"][0]["properties"]} == rows[LINDI]
    return rows[LINDI]


@pytest.fixture
def flagged(api, scene):
    """Let a village be listed with far fewer people than were counted there, so that a flag is about its entry."""
    scene.publish(api.context, scene.official(scene.without("Bondeni"), residents=200))
    counts = [{"value": 5_000, "unit": "persons", "method": "census", "date": "2019-08-24"}]
    body = {**api.listed, "counts": counts, "consent": "public_exact"}
    answer = api.post("/v1/records", body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["flag_id"], answer.text
    return answer.json()


def test_what_was_found_at_a_place_is_told_to_those_who_see_its_flag(api, flagged):
    """Its sender and reviewers get verdict, status and count; others get the list's own words and nothing else."""
    for who in ("contributor", "reviewer"):
        told = extended(api, who=who)
        assert told["code"] == [{"str": "V002"}]
        assert told["verdict"] == [{"str": flagged["verdict"]}]
        assert told["flag_id"] == [{"str": flagged["flag_id"]}]
        assert told["counted_persons"] == [{"int": 5000}]
        assert flagged["verdict"] in api.get(f"{PLACES}/preview?id={LINDI}", who).text.replace(" ", "_")
    for who in (None, "stranger"):
        assert extended(api, who=who) == {"code": [{"str": "V002"}], **{name: [] for name in ASKED[1:]}}
        assert "Found there" not in api.get(f"{PLACES}/preview?id={LINDI}", who).text


def test_a_published_flag_tells_outsiders_no_entry(api, flagged):
    """What is published says that a list undercounts, not of which entry: neither does this."""
    flag_id = flagged["flag_id"]
    assert api.decide(flag_id, "confirmed").status_code == 201
    assert api.decide(flag_id, "published", "admin").status_code == 201
    shown = api.get(f"/v1/flags/{flag_id}")
    assert shown.status_code in {200, 404}  # under embargo it is not there yet
    assert extended(api)["verdict"] == []


def test_a_key_in_the_address_is_the_key_in_the_header(sqlite_api):
    """Tools that send no headers get the same answers, and addresses in the manifest that go on holding the key."""
    key = sqlite_api.keys["reviewer"]
    keyed = f"/reconcile/t/{key}/official-places"
    assert (
        sqlite_api.get(f"{keyed}/suggest/type?prefix=v").json()
        == sqlite_api.get(f"{PLACES}/suggest/type?prefix=v").json()
    )
    assert ask(sqlite_api, {"q": {"query": "Lindi"}}, keyed) == ask(sqlite_api, {"q": {"query": "Lindi"}})
    told = valid(sqlite_api.get(keyed), protocol.MANIFEST)
    assert told["preview"]["url"].startswith(f"http://testserver{keyed}/")
    assert key not in told["identifierSpace"] + told["schemaSpace"] + told["view"]["url"]  # these stay in projects


def test_a_key_in_the_address_is_told_nowhere(sqlite_api, capsys):
    """Neither problems nor the log repeat it, whether it opens something or not."""
    for key in (sqlite_api.keys["reviewer"], "unc_" + "0" * 64):
        for path in ("official-places/preview?id=x", "rivers", "official-places?queries={"):
            answer = sqlite_api.get(f"/reconcile/t/{key}/{path}")
            assert answer.status_code >= 400
            assert key not in answer.text
        assert key not in capsys.readouterr().err
    assert sqlite_api.get("/reconcile/t/wrong/official-places").status_code == 401
    assert sqlite_api.get("/v1/t/wrong/flags").status_code == 404  # only where tools need it


def test_pages_of_any_origin_may_ask_here_and_nowhere_else(sqlite_api):
    """Browser tools read answers, without credentials; the API is open to those the operator names."""
    origin = {"Origin": "https://refine.example"}
    answer = sqlite_api.get(PLACES, headers=origin)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    asks = {**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    assert sqlite_api.client.options(f"{DRAFT}/reconcile", headers=asks).status_code == 200
    assert "access-control-allow-origin" not in sqlite_api.get("/v1/flags", headers=origin).headers
    assert sqlite_api.client.options("/v1/records", headers=asks).status_code == 400


def test_previews_alone_may_be_framed(sqlite_api):
    """Any page may show a preview; it loads nothing and runs nothing. Every other answer stays out of frames."""
    preview = sqlite_api.get(f"{PLACES}/preview?id={LINDI}")
    policy = preview.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "x-frame-options" not in preview.headers
    assert "<script" not in preview.text
    for path in (PLACES, f"{PLACES}/suggest/type?prefix=v", f"{PLACES}/preview?id=nothing"):
        headers = sqlite_api.get(path).headers
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_markup_in_a_list_stays_text(sqlite_api, scene):
    """Whatever stands in an official list is shown as letters."""
    scene.publish(sqlite_api.context, scene.official((("<img src=x onerror=alert(1)>", 0.5, 35.0),)))
    for path in ("preview?id=ke-villages:V000", "flyout/entity?id=ke-villages:V000"):
        assert "<img" not in sqlite_api.get(f"{PLACES}/{path}").text
