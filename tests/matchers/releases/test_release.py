"""Verifying again only what a release concerns comes to the same as verifying everything."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geodata.coverage import Completeness, CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.compare import compare
from matchers.parameters import DEFAULTS
from matchers.releases.borderline import borderline
from matchers.releases.release import Release

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
TODAY = date(2026, 1, 1)
#: What of a finding must not depend on whether its record was verified again.
DECIDED = ("verdict", "subtype", "needs_review", "failed_preconditions")


def official(rows: list[Mapping[str, Any]], kind: str) -> OfficialList:
    """Return a list of these rows."""
    coverage = CoverageManifest(Completeness.UNKNOWN, kinds=frozenset({kind}))
    index = PlaceIndex.build(Places.from_rows(rows))
    return OfficialList("list", "A list", "0" * 64, "2020", date(2020, 1, 1), coverage, index)


def rows_of(folder: str, name: str) -> list[dict[str, str]]:
    """Read a table of real data, or skip."""
    path = DATA / folder / name
    if not path.exists():
        pytest.skip(f"real data is missing: {path}")
    with path.open(encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


@pytest.fixture(scope="module")
def schools() -> tuple[Places, list[dict[str, Any]]]:
    """Return the schools of Kibera as its mappers know them, and as the ministry listed them in 2007."""

    def place(row: dict[str, str], key: str) -> dict[str, Any]:
        at = {"lat": float(row["lat"]), "lon": float(row["lon"]), "r95_m": 100.0} if row["lat"] else {}
        return {"id": row[key], "names": [row["name"]], "country": "KEN", "kind": "school", **at}

    citizen = [place(row, "record_id") for row in rows_of("kibera-schools", "citizen.csv")]
    return Places.from_rows(citizen), [place(row, "official_id") for row in rows_of("kibera-schools", "official.csv")]


@pytest.fixture(scope="module")
def towns() -> tuple[Places, list[dict[str, Any]]]:
    """Return the places of Maine as people call them, and the county subdivisions of the census: no points."""

    def place(row: dict[str, str], key: str) -> dict[str, Any]:
        county = {"county": row["county"]} if row["county"] else {}
        return {"id": row[key], "names": [row["name"]], "country": "USA", "admin": county}

    citizen = [place(row, "record_id") for row in rows_of("maine-places", "citizen.csv")]
    return Places.from_rows(citizen), [place(row, "official_id") for row in rows_of("maine-places", "official.csv")]


def released(rows: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Return the rows with a few removed, renamed, moved and added."""
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(rows)).tolist()
    gone, renamed, moved = set(order[:3]), set(order[3:5]), set(order[5:7])
    changed = []
    for at, row in enumerate(rows):
        if at in gone:
            continue
        new = dict(row)
        if at in renamed:
            new["names"] = [f"{row['names'][0]} of Hope"]
        if at in moved and "lat" in row:
            new["lat"] = row["lat"] + 0.01
        changed.append(new)
    added = [dict(rows[at]) | {"id": f"new-{at}", "names": [f"New {rows[at]['names'][0]}"]} for at in order[7:10]]
    return [*changed, *added]


def concerned(release: Release, citizen: Places, findings: list[dict[str, Any]], p: list[list[float]]) -> np.ndarray:
    """Return which records are verified again, as the service decides it."""
    found = release.concerns(citizen)
    found |= np.array([finding["official_id"] in release.identifiers for finding in findings])
    drift = release.drift(citizen.take(np.flatnonzero(~found))) if not found.all() else 0.0
    near = [
        finding["p_absent"] is not None and borderline(finding["p_absent"], p[at], drift, DEFAULTS.absence)
        for at, finding in enumerate(findings)
    ]
    return found | np.array(near)


def check(citizen: Places, rows: list[dict[str, Any]], later: list[dict[str, Any]], kind: str) -> tuple[int, int]:
    """Assert that nothing differs for records that are not verified again; return how many are, and of how many."""
    before, after = official(rows, kind), replace(official(later, kind), snapshot="1" * 64)
    findings, p = [], []
    for at in (before, after):
        alone = [compare(citizen.take([row]), at, today=TODAY) for row in range(len(citizen))]
        findings.append([one.findings.to_pylist()[0] for one in alone])
        p.append([one.candidates.column("probability").to_pylist() for one in alone])
    release = Release(before, after, DEFAULTS)
    assert release.whole is None
    again = concerned(release, citizen, findings[0], p[0])
    for row in np.flatnonzero(~again).tolist():
        one, other = findings[0][row], findings[1][row]
        assert [one[name] for name in DECIDED] == [other[name] for name in DECIDED], one["record_id"]
        assert ("matched" in one["attributes"]) == ("matched" in other["attributes"])
        if "matched" in one["attributes"]:
            assert one["official_id"] == other["official_id"]
    return int(again.sum()), len(again)


@pytest.mark.parametrize("seed", range(3))
def test_schools_of_kibera_elsewhere_are_left_alone(schools, seed):
    """Ten changes among 157 schools concern a part of the 96 that mappers know, and change no other verdict."""
    citizen, rows = schools
    again, total = check(citizen, rows, released(rows, seed), "school")
    assert again < total


@pytest.mark.parametrize("seed", range(2))
def test_towns_of_maine_elsewhere_are_left_alone(towns, seed):
    """Ten changes among 528 towns without points concern a few of 922 places, and change no other verdict."""
    citizen, rows = towns
    again, total = check(citizen.take(range(0, len(citizen), 4)), rows, released(rows, seed), "town")
    assert again < total / 2
