"""What records say of themselves, read as columns and one by one."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from geodata.coverage import from_dict
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.groups.block import GroupBlock
from matchers.judging.accounts import Accounts
from matchers.judging.scope import outside
from matchers.model import Task
from matchers.parameters import DEFAULTS
from tests.specimens.worlds import MANIFESTS, listed, records


def accounts(seed, manifest):
    """Return made-up records against a list of this manifest."""
    random = Random(seed)  # noqa: S311 - test data, not secrets
    rows = listed(random, 30)
    index = PlaceIndex.build(Places.from_rows(rows))
    official = OfficialList("test", "Register", "0" * 64, "2022", None, from_dict(manifest), index)
    task = Task.of(Places.from_rows(records(random, rows, 60)), official, DEFAULTS)
    return Accounts(task, GroupBlock(task)), official.coverage


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_many_lie_outside_as_each_does(manifest):
    """Whether a list would hold records is the same for all of them at once and for each, whatever it declares."""
    block, coverage = accounts(1, manifest)
    subjects = [block.subject(record) for record in range(60)]
    assert block.outside(coverage).tolist() == [bool(outside(subject, coverage)) for subject in subjects]


def test_manifests_that_leave_out_do_leave_some_out():
    """The manifests above tell some records from others."""
    found = [accounts(1, manifest)[0].outside(from_dict(manifest)).mean() for manifest in MANIFESTS]
    assert sum(0 < share < 1 for share in found) > 2


def test_the_greatest_number_of_persons_counts():
    """A record of several counts of persons is as large as the greatest; of none, its size is not known."""
    rows = [
        {"id": "a", "counts": [{"value": value, "unit": "persons"} for value in (40.0, 120.0, None)]},
        {"id": "b", "counts": [{"value": 300.0, "unit": "households"}, {"value": 0.0, "unit": "persons"}]},
        {"id": "c"},
    ]
    block, _ = accounts(1, {})
    task = Task.of(Places.from_rows(rows), block.task.official, DEFAULTS)
    said = [replace(block, task=task).subject(record).persons for record in range(3)]
    assert said == [120.0, None, None]


def test_founded_after_a_day():
    """Only a place that says when it was founded can be younger than a list; on the same day it is not."""
    block, _ = accounts(2, {})
    founded = block.column("founded")
    day = next(one for one in founded if one)
    assert block.founded_after(day).tolist() == [one is not None and one > day for one in founded]
    assert not block.founded_after(None).any()


def test_units_bear_the_country():
    """The units of a record hold its country beside what its columns say."""
    block, _ = accounts(3, {})
    said = [{unit for unit in own if unit == "country"} for own in block.units]
    assert [bool(own) for own in said] == [country is not None for country in block.column("country")]
    assert np.array_equal(block.located, ~np.isnan(block.task.records.places.lat))
