"""Groups over HTTP: a closed group answers like nothing at all, and what leaves insults nobody."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("who", [None, "stranger", "reviewer"])
def test_a_closed_group_answers_like_no_such_record(sqlite_api, who):
    """Methods case 12: whoever the caller's class keeps out gets the answer of an id that never was, word by word."""
    sent = {**sqlite_api.absent, "groups": ["Sex workers"], "consent": "public_exact", "sensitivity": "open"}
    kept = sqlite_api.post("/v1/records", sent).json()
    assert (kept["verdict"], kept["sensitivity"]) == ("hidden_place", "closed")
    for path, real in (("records", kept["id"]), ("flags", kept["flag_id"])):
        never = ("0" * len(real))[: len(real)]
        answers = [sqlite_api.get(f"/v1/{path}/{one}", who) for one in (real, never)]
        assert [answer.status_code for answer in answers] == [answers[1].status_code] * 2
        told = [
            {name: part.replace(one, "ID") if isinstance(part, str) else part for name, part in answer.json().items()}
            for answer, one in zip(answers, (real, never), strict=True)
        ]
        differing = {name for name in told[0] if told[0][name] != told[1].get(name)} - {"request_id"}
        assert differing == set()
        assert kept["id"] not in sqlite_api.get(f"/v1/{path}", who).text
    report = sqlite_api.get("/v1/gap-reports", who).json()
    assert (report["verdicts"], report["statuses"], report["items"]) == ({}, {}, [])


def test_a_closed_group_is_never_published(sqlite_api):
    """A reviewer cannot decide about what is not there, and an admin's publication shows it to nobody."""
    sent = {**sqlite_api.absent, "groups": ["Sex workers"], "consent": "public_exact"}
    flag = sqlite_api.post("/v1/records", sent).json()["flag_id"]
    assert sqlite_api.decide(flag, "confirmed").status_code == 404
    assert sqlite_api.get(f"/v1/flags/{flag}", None).status_code == 404


def test_a_published_group_is_named_as_it_names_itself(sqlite_api):
    """A community sent under a resented name is published under the preferred one, in its class."""
    flag = sqlite_api.published(groups=["Wandorobo"], consent="public_exact")
    told = sqlite_api.get(f"/v1/flags/{flag}")
    assert told.json()["community"]["groups"] == ["Ogiek"]
    assert told.json()["community"]["sensitivity"] == "caution"
    assert "dorobo" not in told.text.casefold()
    for form in ("csv", "geojson"):
        assert "dorobo" not in sqlite_api.get("/v1/flags", None, params={"f": form}).text.casefold()
