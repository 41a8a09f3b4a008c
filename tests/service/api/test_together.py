"""One decision about many flags: what was previewed is done, and nothing else."""

from __future__ import annotations

import pytest

from service.api import answers_deciding

AT = "/v1/reviews/bulk"
ASKED = {"decision": "needs_field_check", "reason_code": "too_little_known"}


@pytest.fixture
def flagged(sqlite_api):
    """Give the flags of three absent communities."""
    flags = []
    for name, lat in (("Bondeni", 0.536), ("Mbará", -0.7), ("Kijiji", 0.9)):
        body = sqlite_api.absent | {"name": name, "location": {"lat": lat, "lon": 35.0, "uncertainty_m": 100}}
        flags.append(sqlite_api.post("/v1/records", body).json()["flag_id"])
    return flags


def ask(api, who="reviewer", **parts):
    """Ask for a decision about many."""
    return api.post(AT, {**ASKED, **parts}, who)


def statuses(api, flags):
    """Return where the flags stand."""
    return [api.get(f"/v1/flags/{flag}", "reviewer").json()["status"] for flag in flags]


def test_a_preview_lists_what_would_change_and_changes_nothing(sqlite_api, flagged):
    """Each flag with its version, what would become of it, and the token of all of them."""
    answer = ask(sqlite_api, filter={"country": "KEN", "status": ["open"]})
    assert answer.status_code == 200, answer.text
    told = answers_deciding.TogetherShown.model_validate_json(answer.content)
    assert [(one.index, one.decided_on, one.version) for one in told.items] == [(at, 1, 2) for at in range(3)]
    assert {one.flag_id for one in told.items} == set(flagged)
    assert {one.name for one in told.items} == {"Bondeni", "Mbará", "Kijiji"}
    assert (told.preview, told.decided, told.refused) == (True, 3, 0)
    assert statuses(sqlite_api, flagged) == ["open"] * 3


def test_what_was_previewed_is_done(sqlite_api, flagged):
    """With the token all go through, each as one reviewer's decision; a second time nothing is doubled."""
    told = ask(sqlite_api, filter={"status": ["open"]}).json()
    named = [{"flag_id": one["flag_id"], "version": one["decided_on"]} for one in told["items"]]
    for outcome in ("decided", "unchanged"):
        done = ask(sqlite_api, flags=named, preview=False, token=told["token"])
        assert (done.status_code, done.json()[outcome]) == (200, 3), done.text
    assert statuses(sqlite_api, flagged) == ["needs_field_check"] * 3
    assert len(sqlite_api.get(f"/v1/flags/{flagged[0]}", "reviewer").json()["reviews"]) == 1


def test_only_what_was_previewed_is_changed(sqlite_api, flagged):
    """Where a filter finds others by then, or anything else is asked, nothing is changed."""
    told = ask(sqlite_api, filter={"status": ["open"]}).json()
    sqlite_api.decide(flagged[0], "confirmed")
    moved = ask(sqlite_api, filter={"status": ["open"]}, preview=False, token=told["token"])
    named = [{"flag_id": one["flag_id"], "version": one["decided_on"]} for one in told["items"]]
    other = ask(sqlite_api, flags=named, reason_code="conflicting_accounts", preview=False, token=told["token"])
    stranger = ask(sqlite_api, "admin", flags=named, preview=False, token=told["token"])
    for answer in (moved, other, stranger):
        assert (answer.status_code, answer.json()["code"]) == (409, "stale-state")
    assert statuses(sqlite_api, flagged) == ["confirmed", "open", "open"]


def test_each_is_told_for_itself(sqlite_api, flagged):
    """Of the flags of a preview that one was quicker about is refused with who and when; the others go through."""
    told = ask(sqlite_api, filter={"status": ["open"]}).json()
    sqlite_api.decide(flagged[1], "confirmed", "admin")
    named = [{"flag_id": one["flag_id"], "version": one["decided_on"]} for one in told["items"]]
    answer = ask(sqlite_api, flags=named, preview=False, token=told["token"])
    assert answer.status_code == 207, answer.text
    items = answer.json()["items"]
    refused = {one["flag_id"]: one["problem"] for one in items if one["outcome"] == "refused"}
    assert list(refused) == [flagged[1]]
    assert "desk brought the flag to version 2 (confirmed) at 20" in refused[flagged[1]]["detail"]
    assert [one["flag_id"] for one in items] == [one["flag_id"] for one in named]


@pytest.mark.parametrize(
    ("parts", "pointer"),
    [
        ({}, ""),
        ({"filter": {}, "flags": [{"flag_id": "x", "version": 1}]}, ""),
        ({"filter": {}, "preview": False}, "/token"),
        ({"filter": {"contry": "KEN"}}, "/filter/contry"),
    ],
)
def test_what_cannot_be_meant_is_refused(sqlite_api, parts, pointer):
    """No flags, two ways to say which, no preview before, a misspelt filter."""
    answer = ask(sqlite_api, **parts)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text


def test_an_unknown_reason_is_told_for_each(sqlite_api, flagged):
    """A preview shows it before anybody could be surprised."""
    items = ask(sqlite_api, filter={"status": ["open"]}, reason_code="because").json()["items"]
    assert {one["flag_id"] for one in items} == set(flagged)
    assert {(one["outcome"], one["problem"]["column"]) for one in items} == {("refused", "reason_code")}


def test_too_many_at_once_are_refused(sqlite_api, flagged, monkeypatch):
    """Nobody decides about what nobody can look through."""
    monkeypatch.setattr("service.api.together.MOST_TOGETHER", len(flagged) - 1)
    answer = ask(sqlite_api, filter={"status": ["open"]})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
