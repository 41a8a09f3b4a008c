"""Maine as it ships: 922 places people use, the county subdivisions of the census, and which of them those are."""

from __future__ import annotations

import pytest

from connectors.register import official_file
from geodata.files.columns import read_places
from geodata.files.tables import read_table
from geodata.index import PlaceIndex
from geodata.samples import maine
from matchers.base import OfficialList
from matchers.evaluation.outcomes import Known
from matchers.training.tally import Labelled


@pytest.fixture(scope="session")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Labelled:
    """Every place of Maine with its truth."""
    sample = maine.sample(tmp_path_factory.mktemp("maine"))
    citizen = read_places(read_table(sample.citizen)).places
    read = official_file(sample.official[0][1])
    official = OfficialList(
        "maine", "Maine", "0" * 64, "2025", None, read.coverage, PlaceIndex.build(read.reading.places)
    )
    known = (
        Known(hidden=one.official_id is None, entries=frozenset({one.official_id} if one.official_id else ()))
        for one in sample.truth
    )
    return Labelled(citizen, official, tuple(known))
