"""A record of a group and a list that speaks of groups, in the fewest words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from geodata.counts.coverage import Boundary, CountCoverage
from geodata.coverage import from_dict
from geodata.taxonomy import shipped
from matchers.counting.definitions import definition_gap
from matchers.counting.frame import Frame
from matchers.groups import Claim, GroupFinding, Listed, judge_groups
from matchers.parameters import DEFAULTS

DAY = date(2022, 8, 24)
GAP = definition_gap(Boundary.NOT_IDENTICAL, None, DEFAULTS.counting)
ETHNIC = {
    "variables": [
        {
            "dimension": "ethnic",
            "categories": ["Maasai", "Kalenjin", "Nubi", {"label": "Hunters", "code": "27"}, "Other", "Not stated"],
        }
    ]
}


def counted(group: str | None = None, value: float | None = None, **parts: Any) -> dict[str, Any]:
    """Return a count of a group, in persons, by full enumeration."""
    plain = {"low": None, "high": None, "unit": "persons", "method": "full enumeration", "date": DAY}
    return {"value": value, "group": group, "status": "observed", **plain, **parts}


def judged(
    groups: dict[str, Any] | None,
    *labels: str,
    mine: Sequence[dict[str, Any]] = (),
    theirs: Sequence[dict[str, Any]] = (),
    level: str = "ward",
    **coverage: Any,
) -> GroupFinding:
    """Return what a list of Kenya with these declarations says about a record's groups."""
    manifest = from_dict({**({} if groups is None else {"groups": groups}), **coverage})
    frame = Frame(DEFAULTS.counting, date(2026, 1, 1), (DAY, DAY), GAP, manifest.counts or CountCoverage())
    found = judge_groups(Claim(labels, "KEN", mine), Listed(manifest, theirs, level), frame, shipped())
    assert found is not None
    return found


class Bench:
    """The helpers above as one fixture, because tests do not import one another."""

    ethnic = ETHNIC
    frame = Frame(DEFAULTS.counting, date(2026, 1, 1), (DAY, DAY), GAP)
    counted = staticmethod(counted)
    judged: Callable[..., GroupFinding] = staticmethod(judged)


@pytest.fixture
def bench() -> Bench:
    """Give the helpers."""
    return Bench()
