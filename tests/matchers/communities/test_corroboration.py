"""What several sources are worth together; the numbers are the worked examples of the method."""

from __future__ import annotations

import numpy as np
import pytest

from matchers.communities.corroboration import (
    Source,
    capped,
    corroborate,
    effective_sources,
    faded,
    pooled,
    reliability,
)


def correlated(size, shared):
    """Return a matrix with one correlation off the diagonal."""
    return np.full((size, size), shared) + (1 - shared) * np.eye(size)


def source(organisation, **parts):
    """Return an unaudited source of today that says something of its own."""
    return Source(
        **{"organisation": organisation, "content": organisation, "reliability": 0.6, "age_years": 0.0} | parts
    )


@pytest.mark.parametrize(
    ("weights", "shared", "worth"), [((1, 1, 1), 0.8, 1.153846), ((1, 1, 1), 0.0, 3.0), ((1, 0.5), 0.0, 1.8)]
)
def test_correlated_sources_are_worth_fewer(weights, shared, worth):
    """Three sources that share their errors are hardly worth more than one."""
    found = effective_sources(np.array(weights, float), correlated(len(weights), shared))
    assert found == pytest.approx(worth, abs=1e-6)


@pytest.mark.parametrize(("sources", "shared", "p"), [(3, 0.0, 0.941), (3, 0.8, 0.553), (1, 0.0, 0.50)])
def test_evidence_pools_by_what_the_sources_are_worth(sources, shared, p):
    """Likelihood ratios of 4 on a prior of .2: independent, dependent, alone."""
    ratios, weights = np.full(sources, 4.0), np.ones(sources)
    assert pooled(0.2, ratios, weights, correlated(sources, shared)) == pytest.approx(p, abs=5e-4)


def test_audits_make_reliability():
    """Eight of ten reports confirmed: mean and cautious figure. Who was never audited is right three times in five."""
    assert reliability(8, 2) == pytest.approx((0.7333, 0.5343), abs=5e-5)
    assert reliability(0, 0)[0] == pytest.approx(0.6)
    assert (faded(3, 3), faded(-1, 3)) == (0.5, 1.0)


def test_no_organisation_outweighs_all_others():
    """Ten accounts of one organisation weigh no more than the single one of another."""
    weights = capped(["a"] * 10 + ["b"], np.ones(11))
    assert weights[:10].sum() == pytest.approx(weights[10])
    assert capped(["a", "a"], np.ones(2)).tolist() == [1, 1]


def test_a_shared_survey_is_said():
    """The sentence tells how many organisations there are, what they are worth, and why."""
    survey = frozenset({("survey", "2024")})
    found = corroborate([source("a", origins=survey), source("b", origins=survey), source("c")])
    assert (found.organisations, found.accounts, found.enough) == (3, 3, True)
    assert found.effective == pytest.approx(9 / (3 + 2 * 0.8 + 4 * 0.2), abs=1e-3)
    assert found.sentence == (
        "Three organisations in 3 accounts, worth 1.7 independent sources, because some share the same survey."
    )


def test_one_organisation_is_one_source():
    """The same account sent twice counts once, and a second one of the same organisation adds little."""
    assert corroborate([source("a"), source("a")]).effective == 1
    again = corroborate([source("a"), source("a", content="other")])
    assert again.effective == pytest.approx(4 / 3.6, abs=1e-3)
    assert not again.enough
    assert again.sentence.endswith("because accounts of one organisation repeat one another.")


def test_a_copy_of_the_official_list_is_no_evidence():
    """An account that repeats the list is counted out; alone it leaves the prior."""
    copy = source("b", official_copy=True)
    assert corroborate([source("a"), copy]).effective == 1
    assert corroborate([copy]).probability == 0.5


def test_old_evidence_fades():
    """An account of five years ago weighs half of one of today."""
    fresh, old = source("a"), source("b", age_years=5.0)
    # Of two, neither may outweigh the other: the fresh one counts no more than the old one.
    assert corroborate([fresh, old]).effective == pytest.approx(2 / 1.2, abs=1e-3)
    third = source("c")
    weighed = 2.5**2 / (1 + 1 + 0.25 + 2 * 0.2 * (1 + 0.5 + 0.5))
    assert corroborate([fresh, old, third]).effective == pytest.approx(weighed, abs=1e-3)
