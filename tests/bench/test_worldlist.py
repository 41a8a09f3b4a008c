"""The made-up dump of a world: its second release differs where it is said to, and records lie where it has places."""

from __future__ import annotations

import zipfile

import pytest

from bench.geonames import dump
from bench.worldlist import near

_PLACES = 4_000


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """Make two releases, of which one place in a hundred has another name in the second."""
    folder = tmp_path_factory.mktemp("dumps")
    dump(folder / "first", _PLACES, 10)
    dump(folder / "second", _PLACES, 10, renamed=100)
    return folder / "first", folder / "second"


def test_a_second_release_renames_one_place_in_a_hundred(releases):
    """Nothing else differs, so that the figures are about the rows that changed."""
    first, second = (_rows(folder) for folder in releases)
    changed = [(one, other) for one, other in zip(first, second, strict=True) if one != other]
    assert len(changed) == _PLACES / 100
    assert all(other[1] == f"{one[1]}wenu" and one[4:] == other[4:] for one, other in changed)


def test_records_lie_beside_places_of_the_dump(releases):
    """Each is a listed place a hundred metres off, and every tenth is called as no listed place is."""
    told = near(releases[0], 5)
    listed = {row[0]: row for row in _rows(releases[0]) if len(row) > 8}
    assert len(told) == 5
    assert told[0][1] == "Xoxoqui 0"
    for own, _, _, lat, lon in told:
        assert (lat, lon) == (pytest.approx(float(listed[own][4]) + 0.001), float(listed[own][5]))


def _rows(folder):
    with zipfile.ZipFile(folder / "allCountries.zip") as archive:
        return [line.split("\t") for line in archive.read("allCountries.txt").decode().splitlines()]
