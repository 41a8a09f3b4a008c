"""The rows of the golden table (`tests/matchers/cases.toml`) that only the service as a whole can show."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

CASES = tomllib.loads((Path(__file__).parents[2] / "matchers" / "cases.toml").read_text(encoding="utf-8"))["case"]
NOBODY = "0" * 32  # looks like an identifier, and is none


def cases(through):
    """Give a test the cases of the table that go through it."""
    rows = [case for case in CASES if case.get("through") == through]
    return pytest.mark.parametrize("case", rows, ids=[case["name"] for case in rows])


@cases("disclosure")
def test_what_outsiders_learn(api, case):
    """The verdict is kept; to outsiders the record answers word for word as one that does not exist."""
    posted = api.post("/v1/records", {**api.absent, "sensitivity": case["sensitivity"], "consent": "public_exact"})
    record, verdict = posted.json()["id"], posted.json()["verdict"]
    assert verdict is not None
    for who in case["seen_by"]:
        assert api.get(f"/v1/records/{record}", who).json()["verdict"] == verdict
    for who in (who or None for who in case["not_by"]):
        here, nowhere = (api.get(f"/v1/records/{each}", who) for each in (record, NOBODY))
        assert (here.status_code, nowhere.status_code) == (404, 404)
        told, expected = ({k: v for k, v in each.json().items() if k != "request_id"} for each in (here, nowhere))
        assert {k: str(v).replace(record, NOBODY) for k, v in told.items()} == {k: str(v) for k, v in expected.items()}


@cases("quarantine")
def test_what_is_set_aside_has_no_verdict(sqlite_api, case):
    """Copied submissions are kept and answered, set aside, without a verdict and without a flag."""
    lat, lon = case["at"]
    batch = [
        {**sqlite_api.absent, "id": f"v{number}", "name": f"Village {number}", "location": {"lat": lat, "lon": lon}}
        for number in range(case["records"])
    ]
    answer = sqlite_api.post("/v1/records/batch", batch)
    assert answer.status_code == 200, answer.text
    told = [item["record"] for item in answer.json()["items"]]
    assert len(told) == case["records"]
    assert {(record["state"], record["verdict"], record["flag_id"]) for record in told} == {("quarantined", None, None)}
