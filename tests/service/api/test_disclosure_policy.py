"""The policy of disclosure as everybody reads it."""

from __future__ import annotations

from geodata.sensitivity import in_force
from service.api.answers_policy import PolicyShown


def test_everybody_reads_what_is_shown_of_whom(sqlite_api):
    """Classes in order with their numbers, rules with their reasons, the same for every caller and as declared."""
    told = sqlite_api.get("/v1/disclosure-policy")
    assert told.status_code == 200
    body = told.json()
    assert [one["id"] for one in body["classes"]] == ["open", "caution", "restricted", "closed"]
    assert [one["smallest_count"] for one in body["classes"]] == [10, 10, 50, 50]
    rules = {rule["id"]: rule for rule in body["rules"]}
    assert rules["eviction"]["class"] == "restricted"
    assert rules["shelter"]["class"] == "closed"
    assert rules["isolation"]["groups"] == ["Indigenous peoples in voluntary isolation"]
    assert [one.name for one in PolicyShown.model_validate(body).boards] == [one.name for one in in_force().boards]
    assert sqlite_api.get("/v1/disclosure-policy", "admin").json() == body
