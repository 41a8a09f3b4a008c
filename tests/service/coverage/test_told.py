"""What of an estimate leaves: all of it for insiders, rounded totals for outsiders, nothing where a number is small."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest

from matchers.coverage.estimate import estimate
from matchers.coverage.histories import Histories
from matchers.coverage.linkage import LinkQuality
from matchers.coverage.refusal import Known
from service.api.answers_coverage import CoverageShown
from service.callers.caller import ANONYMOUS, Caller, Role
from service.coverage.estimating import CoverageReport
from service.coverage.scope import CoverageScope
from service.disclosure import redact_coverage

REVIEWER = Caller("office", "k1", Role.REVIEWER)
STRANGER = Caller("another-group", "k2", Role.CONTRIBUTOR)
GOOD = LinkQuality(0.98, 0.95, 200, 200)


def report(sizes: tuple[int, int], both: int, *, insider: bool) -> CoverageReport:
    """Return a report over all that citizens sent and an official list."""
    found = estimate(Histories.two(("citizens", "ke-villages"), sizes, both), Known(links=GOOD))
    return CoverageReport(CoverageScope("KEN"), datetime.now(UTC), found, None, insider, 7, "ab" * 32)


def test_reviewers_are_told_every_number() -> None:
    """With what was left out, and nothing withheld."""
    told = redact_coverage(report((1000, 800), 608, insider=True), REVIEWER)
    assert told["total"]["value"] == 1275.51
    assert told["uncorrected"]["value"] == pytest.approx(1315.6, abs=0.1)
    assert told["outside"] == 7
    assert told["withheld"] is None
    CoverageShown.model_validate_json(orjson.dumps(told))


@pytest.mark.parametrize("caller", [ANONYMOUS, STRANGER])
def test_outsiders_are_told_numbers_rounded_to_five(caller: Caller) -> None:
    """In the total, its interval, what it would be with other odds ratios, and the sentences."""
    told = redact_coverage(report((1003, 801), 608, insider=False), caller)
    numbers = [told["total"][name] for name in ("value", "se", "low", "high")]
    numbers += [one["value"] for one in told["dependence"]] + [one["count"] for one in told["histories"]]
    numbers += [one["size"] for one in told["lists"]] + [told["at_least"]]
    assert all(number % 5 == 0 for number in numbers)
    assert [one["odds_ratio"] for one in told["dependence"]] == [0.5, 1, 2]
    assert "At least 1,195 communities" in told["summary"][0]
    assert told["outside"] is None
    CoverageShown.model_validate_json(orjson.dumps(told))


@pytest.mark.parametrize("caller", [ANONYMOUS, STRANGER])
def test_outsiders_are_told_no_number_where_one_combination_is_small(caller: Caller) -> None:
    """Nine on the one list only could be worked out from the official list and any total."""
    told = redact_coverage(report((617, 801), 608, insider=False), caller)
    assert told["withheld"]
    numbers = ("at_least", "total", "range", "lower_bound", "uncorrected", "unknown", "outside")
    assert not any(told[name] for name in numbers)
    assert {one["count"] for one in told["histories"]} == {one["size"] for one in told["lists"]} == {None}
    assert not any(character.isdigit() for sentence in told["summary"] for character in sentence)
    CoverageShown.model_validate_json(orjson.dumps(told))


def test_reasons_told_to_outsiders_hold_no_number() -> None:
    """A refusal would tell how few communities two lists share."""
    known = Known(links=LinkQuality(0.98, 0.95, 57, 43))
    found = estimate(Histories.two(("citizens", "ke-villages"), (1000, 800), 608), known)
    made = CoverageReport(CoverageScope(), datetime.now(UTC), found, None, insider=False, outside=0, official=None)
    (refusal,) = redact_coverage(made, ANONYMOUS)["refusals"]
    assert refusal["reason"] == "People judged too few of the links between the lists."
    (inside,) = redact_coverage(replace(made, insider=True), REVIEWER)["refusals"]
    assert "57 links" in inside["reason"]
