"""What is hidden has no counterpart left, and what is drawn is drawn the same way again."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.places import Places
from matchers.evaluation.hiding import Hiding, clusters, hide, twins_of, unit_columns


def villages(count=400, per_unit=20):
    """Return villages of distinct names in districts, without points."""
    return Places.from_rows(
        {
            "id": f"V{i}",
            "names": [f"Village {i}"],
            "admin": [("province", f"P{i // per_unit % 4}"), ("district", f"D{i // per_unit}")],
        }
        for i in range(count)
    )


def test_the_share_asked_for_is_hidden_and_the_rest_of_each_unit_stays():
    """A fifth of the list is hidden, half of the units drawn, and no unit vanishes."""
    places = villages()
    found = hide(places, Hiding(share=0.2, within=0.5), np.random.default_rng(1))
    by_unit = np.bincount(found.unit, found.hidden) / np.bincount(found.unit)
    assert found.hidden.mean() == pytest.approx(0.2)
    assert set(by_unit.tolist()) == {0.0, 0.5}


def test_twins_are_hidden_together_or_not_at_all():
    """Two entries of one name in one unit cannot be told apart by anything, so neither is left behind alone."""
    places = villages()
    rows = [row | {"names": ["Santa Cruz"]} if i % 20 < 8 else row for i, row in enumerate(places.table.to_pylist())]
    alike = Places.from_rows(rows)
    found = hide(alike, Hiding(), np.random.default_rng(2))
    for group in np.unique(found.twins):
        assert len(set(found.hidden[found.twins == group].tolist())) == 1
    assert found.hidden.any()


def test_namesakes_near_one_another_are_twins_and_those_far_apart_are_not():
    """Points decide where there are any; else the unit does. Case and marks make no other name."""
    places = Places.from_rows(
        [
            {"id": "1", "names": ["San José"], "lat": 10.0, "lon": -84.0},
            {"id": "2", "names": ["Otro", "SAN JOSE"], "lat": 10.05, "lon": -84.0},  # 5.6 km
            {"id": "3", "names": ["San Jose"], "lat": 11.0, "lon": -84.0},  # 111 km
            {"id": "4", "names": ["San Jose"], "admin": [("province", "Alajuela")]},
            {"id": "5", "names": ["San Jose"], "admin": [("province", "Alajuela")]},
            {"id": "6", "names": ["San Jose"], "admin": [("province", "Heredia")]},
        ]
    )
    one, two, three, four, five, six = twins_of(places, 10_000.0).tolist()
    assert one == two
    assert four == five
    assert len({one, three, four, six}) == 4


def test_clusters_are_the_finest_units_large_enough():
    """Districts of twenty serve; of three they are too small, and the province stands in."""
    assert len(set(clusters(villages()).tolist())) == 20
    assert len(set(clusters(villages(240, per_unit=3)).tolist())) == 4
    assert unit_columns(villages()) == ("district", "province")


def test_units_of_one_name_in_two_provinces_are_two_clusters():
    """Two districts called Santa Cruz are not one."""
    rows = [
        {"id": f"{i}", "names": [f"N{i}"], "admin": [("province", "AB"[i % 2]), ("district", "Santa Cruz")]}
        for i in range(40)
    ]
    assert len(set(clusters(Places.from_rows(rows)).tolist())) == 2


def test_a_list_without_units_is_clustered_on_a_grid_and_one_without_points_by_row():
    """Half a degree stands in for a district; with nothing to go by each entry stands alone."""
    rows = [{"id": f"{i}", "names": [f"N{i}"], "lat": 0.1 + i // 5, "lon": 30.1} for i in range(20)]
    assert len(set(clusters(Places.from_rows(rows)).tolist())) == 4
    assert (
        len(set(clusters(Places.from_rows([{"id": row["id"], "names": row["names"]} for row in rows])).tolist())) == 20
    )


def test_the_same_seed_hides_the_same_entries():
    """A trial can be run again; another seed draws others."""
    places = villages()
    one, again, other = (hide(places, Hiding(), np.random.default_rng(seed)).hidden for seed in (3, 3, 4))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("share", [0.0, 0.6, -0.1, float("nan")])
def test_a_share_that_cannot_be_hidden_is_refused(share):
    """Nothing, more than units can lose, or no number at all."""
    with pytest.raises(ValueError, match="cannot be hidden"):
        hide(villages(), Hiding(share=share), np.random.default_rng(1))


def test_a_list_too_short_to_split_is_refused():
    """Of one entry nothing can be hidden while something is kept."""
    with pytest.raises(ValueError, match="of 1 entries"):
        hide(villages(1), Hiding(), np.random.default_rng(1))
