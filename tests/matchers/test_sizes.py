"""Sizes of facilities are evidence only where they are far apart; counts of people never are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.compare import compare
from matchers.features.sizes import Measured

NAMES = ("Olympic", "Raila", "Silanga", "Lindi", "Makina", "Toi", "Ayany", "Soweto", "Gatwekera", "Mashimoni")


def school(name, number, unit="pupils", **parts):
    """Return a school of so many pupils."""
    return {"id": name, "names": [f"{name} Primary School"], "counts": [{"value": number, "unit": unit}]} | parts


def listed(unit="pupils"):
    """Return ten schools of four hundred to five hundred pupils."""
    rows = [
        school(name, 400 + 10 * at, unit, lat=-1.31 + at / 500, lon=36.78, kind="primary_school")
        for at, name in enumerate(NAMES)
    ]
    return OfficialList(
        "l", "Schools", "0" * 64, "2007", None, CoverageManifest(), PlaceIndex.build(Places.from_rows(rows))
    )


def evidence(record, official):
    """Return the evidence of the best candidate by feature."""
    found = compare(Places.from_rows([record]), official, today=date(2026, 1, 1)).candidates.to_pylist()[0]
    return {each["feature"]: each for each in found["evidence"]}


def test_a_school_many_times_as_large_is_rather_another():
    """Six thousand pupils speak against an entry of four hundred, and the sentence says both."""
    size = evidence(school("Olympic", 6_000, lat=-1.31, lon=36.78), listed())["size"]
    assert size["level"] == "apart"
    assert size["bits"] < -1
    assert size["sentence"] == "The record says 6,000 pupils, the list 400"


def test_a_school_of_like_size_says_nothing():
    """Sizes that agree are no evidence, so that none is chosen for its size."""
    size = evidence(school("Olympic", 700, lat=-1.31, lon=36.78), listed())["size"]
    assert (size["level"], size["bits"]) == ("comparable", 0.0)


@pytest.mark.parametrize("unit", ["persons", "households", "dwellings", None])
def test_counts_that_are_tested_afterwards_are_never_evidence(unit):
    """A match must not be chosen by the numbers whose difference is the question."""
    assert "size" not in evidence(school("Olympic", 6_000, unit, lat=-1.31, lon=36.78), listed(unit))


@pytest.mark.parametrize("unit", ["persons", "households", "dwellings", "pupils"])
def test_no_feature_sees_a_count_that_is_tested(unit):
    """Whatever either side counts of its people, the candidates, their evidence and probabilities are the same."""

    def candidates(mine, theirs):
        official = listed("persons")
        rows = [
            {**row, "counts": [{"value": theirs, "unit": "persons"}]} for row in official.index.places.table.to_pylist()
        ]
        official = replace(official, index=PlaceIndex.build(Places.from_rows(rows)))
        record = school("Olympic", mine, unit, lat=-1.31, lon=36.78)
        return compare(Places.from_rows([record]), official, today=date(2026, 1, 1)).candidates.to_pylist()

    assert candidates(400, 400) == candidates(40_000, 400) == candidates(400, 9)


def test_sizes_in_different_units_are_not_compared():
    """Beds say nothing about pupils."""
    assert "size" not in evidence(school("Olympic", 6_000, "beds", lat=-1.31, lon=36.78), listed())


def test_sizes_are_read_alike_from_few_rows_and_many():
    """Each row's first positive number in each unit is read, however long the table is; people are no size."""
    counts = [
        [{"value": None, "unit": "beds"}, {"value": 0.0, "unit": "beds"}, {"value": 30.0, "unit": "Beds"}],
        [{"value": 4.0, "unit": "pupils"}, {"value": 9.0, "unit": "pupils"}, {"value": 3.0, "unit": "beds"}],
        None,
        [{"value": 7.0}, {"value": 8.0, "unit": "households"}, {"value": -1.0, "unit": "pupils"}],
    ]
    rows = [{"id": str(at), "counts": own} for at, own in enumerate(counts)]
    few, many = (Measured.of(Places.from_rows(rows * times).column("counts")).log for times in (1, 5))
    assert list(few) == list(many) == ["beds", "pupils"]
    for unit, column in few.items():
        np.testing.assert_array_equal(np.tile(column, 5), many[unit])
