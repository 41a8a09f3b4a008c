"""The estimate: a number where one is earned, else the range or only how many are known, with reasons and remedies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import orjson
import pytest

from matchers.coverage.estimate import Estimate, estimate
from matchers.coverage.histories import Histories, Impossible
from matchers.coverage.linkage import LinkQuality
from matchers.coverage.refusal import Code, Known, Shared, Unit
from matchers.coverage.sentences import sentences

GIVEN = Known(given=True)
GOOD = LinkQuality(0.98, 0.95, 200, 200)
PAIR = Histories.two(("A", "B"), (1000, 800), 608)


def codes(found: Estimate) -> list[str]:
    """Return the codes of the refusals."""
    return [refusal.code.value for refusal in found.refusals]


def nothing(found: Estimate) -> bool:
    """Return whether an estimate tells no number at all, but how many are known."""
    numbers = (found.total, found.span, found.bound, found.uncorrected, found.method)
    return not any(numbers) and not found.models and not found.dependence


def test_kosovo_tells_the_range_and_the_bound_and_no_single_number(kosovo: Histories) -> None:
    """E2: models that fit about as well are more than 1.5 times apart."""
    found = estimate(kosovo, replace(GIVEN, unit=Unit.PERSONS))
    assert found.total is None
    assert codes(found) == ["models_disagree"]
    assert found.span == pytest.approx((9824.17, 19233.48), abs=0.01)
    assert found.bound is not None
    said = " ".join([*sentences(found), *(one.reason for one in found.refusals)])
    assert "9,824" in said
    assert "19,233" in said
    assert "At least 4,400 persons" in said
    assert "10,35" not in said
    assert len(found.near) == 6
    assert len(found.models) == 113


def test_rome_is_reportable_as_a_range(rome: Histories) -> None:
    """E4: twelve models, 1.29 times apart."""
    found = estimate(rome, replace(GIVEN, unit=Unit.PERSONS))
    assert not found.refusals
    assert found.total is not None
    assert found.span == pytest.approx((10532.26, 13569.04), abs=0.01)
    assert "between 10,532 and 13,569" in " ".join(sentences(found))


def test_two_lists_come_with_what_they_cannot_tell() -> None:
    """E8 with its correction, the uncorrected total, and totals for odds ratios of a half, one and two."""
    found = estimate(PAIR, Known(links=GOOD))
    assert not found.refusals
    assert found.method == "linkage-corrected"
    assert found.total is not None
    assert found.uncorrected is not None
    assert found.total.value == pytest.approx(1275.510, abs=1e-3)
    assert found.uncorrected.value == pytest.approx(1315.6, abs=0.1)
    low, same, high = (one.total.value for one in found.dependence)
    assert low < same == found.total.value < high
    assert "0.5" in sentences(found)[-1]


@pytest.mark.parametrize(
    ("histories", "known", "code"),
    [
        (PAIR, Known(), "links_unmeasured"),
        (PAIR, Known(links=LinkQuality(0.98, 0.95, 200, 99)), "links_sample"),
        (PAIR, Known(links=LinkQuality(1.0, 0.5, 200, 200)), "links_poor"),
        (PAIR, replace(GIVEN, shared=(Shared("B", "A", "B was seeded from A"),)), "shared_source"),
        (replace(PAIR, unknown=100), GIVEN, "unknown_membership"),
        (Histories.two(("A", "B"), (1000, 300), 300), GIVEN, "contained"),
        (Histories.two(("A", "B"), (10, 15), 5), GIVEN, "thin_overlap"),
        (Histories.two(("A", "B"), (10, 0), 0), GIVEN, "empty_list"),
        (Histories.two(("A", "B"), (9, 10), 8), GIVEN, "too_small"),
    ],
)
def test_no_number_is_told_where_one_would_mislead(histories: Histories, known: Known, code: str) -> None:
    """Each reason says what is wrong and how to mend it, and only what is known remains."""
    found = estimate(histories, known)
    assert codes(found) == [code]
    assert nothing(found)
    assert all(one.reason.endswith(".") and one.remedy.endswith(".") for one in found.refusals)
    assert f"At least {histories.distinct:,}" in sentences(found)[0]


def test_an_overlap_of_four_refuses_three_lists() -> None:
    """Among more lists, every two must have five in common."""
    cells = {(1, 0, 0): 50, (0, 1, 0): 50, (0, 0, 1): 50, (1, 1, 0): 20, (1, 0, 1): 20, (0, 1, 1): 4}
    assert codes(estimate(Histories.of("ABC", cells), GIVEN)) == ["thin_overlap"]


def test_an_estimate_that_is_half_error_is_refused() -> None:
    """Three lists of which A and B share nearly only what C has too."""
    cells = {(1, 0, 0): 11, (0, 1, 0): 140, (0, 0, 1): 260, (1, 1, 0): 1, (1, 0, 1): 55, (0, 1, 1): 11, (1, 1, 1): 200}
    found = estimate(Histories.of("ABC", cells), GIVEN)
    assert codes(found) == ["too_uncertain"]
    assert nothing(found)


def test_links_that_would_shift_a_total_of_three_lists_are_refused() -> None:
    """The correction is for two lists only."""
    on = np.random.default_rng(3).random((2000, 3)) < 0.4
    histories = Histories.seen("ABC", on)
    assert codes(estimate(histories, Known(links=LinkQuality(0.99, 0.90, 200, 200)))) == ["links_poor"]
    assert not estimate(histories, Known(links=LinkQuality(0.98, 0.97, 200, 200))).refusals


def test_lists_declared_dependent_must_be_there() -> None:
    """A name that no list has is a slip of the pen, not a refusal."""
    with pytest.raises(Impossible, match="no list C"):
        estimate(PAIR, replace(GIVEN, shared=(Shared("A", "C", "seeded"),)))


def test_most_intervals_hold_the_truth() -> None:
    """Of 200 simulated pairs of independent lists, at least nine in ten intervals hold the 1,000 there are."""
    draw = np.random.default_rng(11)
    held = 0
    for _ in range(200):
        found = estimate(Histories.seen("AB", draw.random((1000, 2)) < (0.5, 0.3)), GIVEN)
        assert found.total is not None
        held += found.total.low <= 1000 <= found.total.high
    assert held >= 180


def test_an_estimate_is_plain_json(kosovo: Histories) -> None:
    """Numbers, model table, assumptions, refusals and overlaps, with nothing left to say."""
    told = orjson.loads(orjson.dumps(estimate(kosovo, GIVEN).as_dict()))
    assert told["at_least"] == 4400
    assert told["total"] is None
    assert told["range"] == {"low": 9824.2, "high": 19233.5}
    assert told["refusals"][0]["code"] == Code.MODELS_DISAGREE
    assert told["overlaps"][0] == {"lists": ["EXH", "ABA"], "both": 403}
    assert len(told["models"]) == 113
    assert len(told["assumptions"]) >= 4
