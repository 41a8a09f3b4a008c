"""What reviewers say about entries of a list over HTTP: which one it is, which it is not, and what is taken back."""

from __future__ import annotations

import pytest


@pytest.fixture
def flag(api):
    """Give the flag of a community that goes by another name than the list's Lindi."""
    sent = api.post("/v1/records", api.listed | {"name": "Zorokomu"}).json()
    return api.get(f"/v1/flags/{sent['flag_id']}", "reviewer").json()


def test_a_reviewer_says_which_entry_it_is(api, flag):
    """The answer already shows the community as listed, and its record does too."""
    best = flag["official"]["id"]
    answer = api.decide(flag["id"], "matched_existing", official_id=best)
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert (shown["status"], shown["official"]["id"]) == ("matched_existing", best)
    assert f"that it is “{flag['official']['name']}”" in shown["reason"]
    assert "matched" in shown["findings"][0]["attributes"]
    assert shown["version"] > flag["version"]
    assert api.get(f"/v1/records/{flag['record_id']}", "reviewer").json()["verdict"] == "consistent"


def test_a_reviewer_says_which_entries_it_is_not(api, flag):
    """An entry ruled out is no candidate any more, until the answer is taken back."""
    best = flag["official"]["id"]
    shown = api.decide(flag["id"], "in_review", not_official_ids=[best]).json()
    assert best not in {candidate["official_id"] for candidate in shown["candidates"]}
    assert shown["probability"] > flag["probability"]
    again = api.decide(flag["id"], "in_review", reconsider_official_ids=[best]).json()
    assert (again["official"], again["probability"]) == (flag["official"], flag["probability"])
    assert len(again["reviews"]) == 2


def test_none_of_the_candidates_shown(api, flag):
    """All that stood beside the flag are ruled out at once."""
    shown = {candidate["official_id"] for candidate in flag["candidates"]}
    after = api.decide(flag["id"], "confirmed", none_of_these=True).json()
    assert shown
    assert not shown & {candidate["official_id"] for candidate in after["candidates"]}
    assert (after["status"], after["verdict"]) == ("confirmed", "hidden_place")


@pytest.mark.parametrize(
    ("decision", "said", "pointer"),
    [
        ("matched_existing", {"official_id": "nowhere"}, "/official_id"),
        ("matched_existing", {"official_id": ""}, "/official_id"),
        ("confirmed", {"official_id": "V000"}, "/official_id"),
        ("in_review", {"not_official_ids": ["nowhere"]}, "/not_official_ids"),
        ("in_review", {"reconsider_official_ids": ["V000"]}, "/reconsider_official_ids"),
        ("in_review", {"none_of_these": True, "source": "nobody"}, "/source"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(api, flag, *, decision, said, pointer):
    """The problem names the field, and the flag stays as it was."""
    answer = api.decide(flag["id"], decision, **said)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert api.get(f"/v1/flags/{flag['id']}", "reviewer").json() == flag
