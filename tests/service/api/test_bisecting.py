"""Bisecting: no question and no sum of answers tells an outsider more than one reading of what is shown."""

from __future__ import annotations

import pytest

MASKED = {"consent": "public_masked"}
PATHS = ("/v1/flags", "/v1/records")


@pytest.fixture
def planted(sqlite_api, scene):
    """Publish one exact community, then a masked one of the class caution; lists say who lives around."""
    api = sqlite_api
    listed = scene.official(scene.without("Bondeni"), source="ke-census", residents=1_000)
    scene.publish(api.context, listed)
    absent = {"location": {"lat": 0.62, "lon": 35.2, "uncertainty_m": 100}, "name": "Kerita Bondeni"}
    api.published(id="seen", **absent)
    parts = {
        "sensitivity": "caution",
        "admin": {"ward": "Moi's Bridge"},
        "groups": ["a minority"],
        "drivers": ["no road"],
    }
    api.hidden_id = api.published(id="masked", **MASKED, **parts)
    return api


def answered(api, question, who=None):
    """Return what both lists answer to a question: identifiers, and whether they promise another page."""
    found = []
    for path in PATHS:
        told = api.get(path, who, params={"limit": 1, **question}).json()
        found.append(([item["id"] for item in told["items"]], told["next"] is None))
    return found


def boxes(lat, lon):
    """Yield boxes that hold a point, each a quarter of the one before."""
    reach = 4.0
    while reach > 0.0005:
        yield f"{lon - reach:.5f},{lat - reach:.5f},{lon + reach:.5f},{lat + reach:.5f}"
        reach /= 4


def test_small_boxes_home_in_on_the_shown_place_only(planted):
    """Whatever the box and the page, a masked place is where it is shown: in items and in what follows them."""
    shown = planted.get(f"/v1/flags/{planted.hidden_id}").json()["community"]["location"]
    assert shown["precision"] == "h3_6"
    for box in boxes(0.536, 35.0):
        west, south, east, north = map(float, box.split(","))
        inside = west <= shown["lon"] <= east and south <= shown["lat"] <= north
        for path in PATHS:
            told = planted.get(path, params={"bbox": box}).json()
            precisions = [(item.get("community") or item)["location"]["precision"] for item in told["items"]]
            assert ("h3_6" in precisions) is inside
    for box in boxes(shown["lat"], shown["lon"]):
        told = planted.get("/v1/flags", params={"bbox": box}).json()
        assert planted.hidden_id in [item["id"] for item in told["items"]]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ({"q": "Bondeni"}, {"q": "Kerita"}),
        ({"q": "Bonde"}, {"q": "Kerit"}),
        ({"admin": "Moi's Bridge"}, {"admin": "Nowhere"}),
        ({"admin": "ward=Moi's Bridge"}, {"admin": "ward=Nowhere"}),
        ({"sdg": "9.1.1"}, {"sdg": "2.1.1"}),
        ({"factor": "geography"}, {"factor": "shocks"}),
        ({"bbox": "34.99,0.53,35.01,0.54"}, {"bbox": "34.99,0.50,35.01,0.51"}),
    ],
)
def test_a_guess_that_is_right_answers_like_one_that_is_wrong(planted, right, wrong):
    """Name, unit, tag and box of what is withheld change neither the items nor whether a next page is promised."""
    for who in (None, "stranger"):
        found, other = (answered(planted, ask, who) for ask in (right, wrong))
        assert [alone for _, alone in found] == [alone for _, alone in other] == [True, True]
        assert planted.hidden_id not in [item for items, _ in found for item in items]


def test_hidden_flags_leave_no_trace_in_pages(sqlite_api):
    """Between two that are shown stand others that are not: no short page, no empty page, no promise of one."""
    first = sqlite_api.published(id="a", location={"lat": 0.62, "lon": 35.2, "uncertainty_m": 100}, name="Kerita")
    for number in range(12):
        spot = {"lat": 0.7 + number / 50, "lon": 35.4, "uncertainty_m": 100}
        sqlite_api.published(id=f"h{number}", name=f"Tindi {number}", location=spot, consent="internal")
    last = sqlite_api.published(id="z", location={"lat": 0.2, "lon": 35.6, "uncertainty_m": 100}, name="Olmara")
    page = sqlite_api.get("/v1/flags?limit=1").json()
    assert [item["id"] for item in page["items"]] == [first]
    page = sqlite_api.get(page["next"]).json()
    assert ([item["id"] for item in page["items"]], page["next"]) == ([last], None)


def test_a_reviewer_does_not_find_closed_records_by_their_next_page(sqlite_api):
    """A closed record matches no question of a reviewer of another organisation, nor makes a page seem to follow."""
    spot = {"lat": 0.2, "lon": 35.6, "uncertainty_m": 100}
    sqlite_api.post("/v1/records", {**sqlite_api.absent, "id": "open"})
    sqlite_api.post("/v1/records", {**sqlite_api.absent, "id": "closed", "location": spot, "sensitivity": "closed"})
    for path in PATHS:
        told = sqlite_api.get(f"{path}?q=Bondeni&limit=1", "reviewer").json()
        assert (len(told["items"]), told["next"]) == (1, None)
