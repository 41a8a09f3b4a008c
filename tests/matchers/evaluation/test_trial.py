"""A hold-out trial on a list of distinct names: what is hidden is found, what is kept is linked to itself."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from geodata.coverage import Completeness, CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.evaluation.accounts import Noise, UnitNoise
from matchers.evaluation.figures import figures
from matchers.evaluation.location_noise import LocationNoise
from matchers.evaluation.spelling_noise import SpellingNoise
from matchers.evaluation.trial import Trial, hold_out

TODAY = date(2026, 1, 1)
EXACT = Noise(
    SpellingNoise(alternate=0.0, romanised=0.0, exact=1.0),
    LocationNoise(tail=0.0, gross=0.0, unlocated=0.0),
    UnitNoise(0.0, 0.0, 0.0),
)


@pytest.fixture(scope="module")
def register():
    """Return a list of 600 villages of made-up distinct names, with points, in thirty districts."""
    random = np.random.default_rng(8)
    parts = [c + v for c in "bdgklmnprst" for v in "aeiou"]
    names = ["".join(random.choice(parts, 4)).capitalize() for _ in range(600)]
    return Places.from_rows(
        {
            "id": f"V{i}",
            "names": [name],
            "country": "KEN",
            "admin": [("district", f"District {i // 20}")],
            "lat": float(-1 + i // 20 * 0.5 + random.normal(0, 0.1)),
            "lon": float(36 + random.normal(0, 0.1)),
            "kind": "village",
        }
        for i, name in enumerate(names)
    )


def listed(places):
    """Return the villages as an exhaustive list."""
    coverage = CoverageManifest(Completeness.EXHAUSTIVE, "village", frozenset({"village"}))
    return OfficialList("v", "Villages", "0" * 64, "2025", None, coverage, PlaceIndex.build(places))


def test_accounts_without_any_error_are_all_linked_and_the_hidden_never_wrongly_matched(register):
    """Exact names at exact places: every kept entry is the first choice of its account, none is flagged."""
    found = figures(hold_out(register, listed(register), Trial(noise=EXACT), today=TODAY).outcomes)
    assert found["first_choice"].value == 1.0
    assert found["false_hidden"].value == 0.0
    assert found["hidden_swallowed"].value <= 0.05
    assert found["average_precision"].value > 0.99


def test_noisy_accounts_are_still_ranked_well(register):
    """With the usual noise the hidden rank before the kept, and hardly a kept one is flagged."""
    found = figures(hold_out(register, listed(register), Trial(), today=TODAY).outcomes)
    assert found["average_precision"].value > 0.9
    assert found["false_hidden"].value <= 0.02


def test_a_sample_takes_whole_units_and_the_whole_list_is_searched(register):
    """Sixty accounts come from three districts of twenty, and the trial is the same at every run."""
    one, again = (hold_out(register, listed(register), Trial(sample=60), today=TODAY) for _ in range(2))
    assert len(one.outcomes) == 60
    assert len(set(one.unit.tolist())) == 3
    assert one.accounts.table.equals(again.accounts.table)
    assert one.comparison.findings.equals(again.comparison.findings)


def test_accounts_may_use_names_the_list_does_not_show(register):
    """Names known of an entry but not listed are people's names for it: then the place must decide."""
    known = Places.from_rows(
        row | {"names": [*row["names"], {"text": "Elsewhere"}]} for row in register.table.to_pylist()
    )
    noise = Noise(SpellingNoise(alternate=1.0, exact=1.0), EXACT.location, EXACT.units)
    tried = hold_out(known, listed(register), Trial(noise=noise), today=TODAY)
    assert set(tried.accounts.primary_names) == {"Elsewhere"}
    assert figures(tried.outcomes)["right_if_matched"].value in {None, 1.0} or tried.outcomes.matched.sum() < 30
