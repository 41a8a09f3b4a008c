"""What is set aside: copied points, floods, more people than fit. What is not: a survey's first upload."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.places import Places
from matchers.communities.quarantine import History, examine, flood_of, heaped, spot_of
from matchers.communities.texts import alike_texts

NOTE = (
    "we walked from house to house with the elders of the village and counted every person who slept there last night"
)


def places(number, **parts):
    """Return accounts a kilometre apart."""
    rows = [{"id": str(at), "names": [f"Place {at}"], "lat": at / 100, "lon": 35.0} for at in range(number)]
    return Places.from_rows(
        [{**row, **{key: value(at) for key, value in parts.items()}} for at, row in enumerate(rows)]
    )


def codes(found):
    """Return the distinct codes of all grounds."""
    return {ground.code for grounds in found for ground in grounds}


def test_three_hundred_on_one_point_are_set_aside():
    """Identical to five decimals, in one go: all of them, each with a sentence that says so."""
    found = examine(places(300, lat=lambda at: 0.5 + at % 2 * 1e-7), History())
    assert {tuple(ground.code for ground in grounds) for grounds in found} == {("copied_geometry",)}
    assert found[0][0].sentence.startswith("300 accounts of this organisation stand on the very same point")


def test_one_more_on_a_point_sent_before_is_set_aside():
    """What was sent earlier counts; few on a spot are a compound of several facilities."""
    one = places(1)
    spot = spot_of(0.0, 35.0)
    assert codes(examine(one, History(at_spot={spot: 19}, today=19))) == {"copied_geometry"}
    assert examine(one, History(at_spot={spot: 18}, today=18)) == [()]


def test_a_first_upload_of_thousands_passes():
    """Five thousand places of an organisation that never sent any are a normal thing, some on one point included."""
    assert not codes(examine(places(5_000, lat=lambda at: 0.0 if at < 40 else at / 1000), History()))


def test_a_rough_point_may_be_shared():
    """Whoever says that a location is a kilometre rough may give the middle of a town to all its communities."""
    assert not codes(examine(places(50, lat=lambda _: 0.5, r95_m=lambda _: 5_000.0), History()))


@pytest.mark.parametrize(
    ("today", "days", "most"),
    [
        (5_000, (), None),
        (5_000, (40, 60, 50, 45), None),
        (150, (40, 60, 50, 45, 55), 100),
        (101, (1, 1, 1, 1, 1), 100),
        (400, (100, 120, 80, 110, 90), 160),
        (150, (100, 120, 80, 110, 90), None),
    ],
)
def test_a_flood_is_measured_by_habit(today, days, most):
    """More than the median day and six absolute deviations, at least a hundred; without a habit there is no flood."""
    assert flood_of(today, days) == most


def test_a_flood_sets_all_of_it_aside():
    """An organisation of a few records a day sends two hundred: each is set aside, with the numbers said."""
    found = examine(places(200), History(days=(3, 5, 4, 6, 2)))
    assert codes(found) == {"rate_alarm"}
    assert found[0][0].sentence == (
        "200 new accounts in one day, where 100 would be much by this organisation's own habit."
    )


def test_more_than_fit_are_set_aside():
    """Sixteen people in each dwelling, or three thousand on a hectare; a crowded camp passes."""
    count = {"value": 1_600.0, "unit": "persons"}
    houses = [[count, {"value": number, "unit": "dwellings"}] for number in (100.0, 200.0)]
    found = examine(places(2, counts=lambda at: houses[at]), History())
    assert [len(grounds) for grounds in found] == [1, 0]
    assert found[0][0].sentence == "1,600 people in 100 dwellings: more than 15 in each."


def test_heaping_is_noted_beside_another_ground():
    """Counts that end in 0 or 5 set nothing aside, but are said of what is."""
    rounded = places(300, lat=lambda _: 0.5, counts=lambda at: [{"value": 100.0 + 5 * at, "unit": "persons"}])
    assert codes(examine(rounded, History())) == {"copied_geometry", "digit_heaping"}
    assert heaped(np.arange(10.0, 200.0)) is None
    assert heaped(np.array([50.0] * 5)) is None


def test_nearly_the_same_text_is_found():
    """A word changed leaves a text nearly the same; another text, a short one and none do not count."""
    texts = [NOTE, NOTE, f"{NOTE} indeed", "counted by foot", None, " ".join(reversed(NOTE.split()))]
    assert alike_texts(texts) == [3, 3, 3, 0, 0, 1]
