"""What leaves through the API for people from outside: blurred where agreed so, in filters, totals and formats too."""

from __future__ import annotations

import pytest

from geodata.hexagons import cell_at

MASKED = {"consent": "public_masked"}
EXACT = ("35.0]", "0.536", '"lat":0.536')


@pytest.fixture
def peopled(api, scene):
    """Give the application with a list that says who lives in each village, so that cells can be shown."""
    listed = scene.official(scene.without("Bondeni"), source="ke-census", residents=1_000)
    scene.publish(api.context, listed)
    return api


def test_a_masked_place_is_its_cell_in_every_format(peopled):
    """JSON, GeoJSON, CSV, gap report and first page show the cell and its radius, never the place."""
    flag_id = peopled.published(**MASKED)
    cell = cell_at(0.536, 35.0, 6)
    told = peopled.get(f"/v1/flags/{flag_id}").json()
    assert told["community"]["location"] == {
        "lat": cell.lat,
        "lon": cell.lon,
        "uncertainty_m": cell.radius_m + 100,
        "precision": "h3_6",
        "label": "approximate",
        "cell": cell.id,
        "unit": None,
    }
    assert "location" in told["withheld"]
    for path in ("/v1/flags", "/v1/flags?f=geojson", "/v1/flags?f=csv", "/v1/gap-reports", "/v1/records", "/"):
        text = peopled.get(path).text
        assert "Bondeni" in text
        assert not any(exact in text for exact in EXACT)
    for path in ("/v1/flags?f=geojson", "/v1/flags?f=csv"):
        assert cell.id in peopled.get(path).text
        assert "approximate" in peopled.get(path).text


def test_a_masked_place_without_people_around_is_held_back(api):
    """Where no list says who lives there, the flag is public and its place is not, in any format."""
    flag_id = api.published(**MASKED)
    told = api.get(f"/v1/flags/{flag_id}").json()
    assert told["community"]["location"] is None
    assert "held back" in told["withheld"]["location"]
    feature = api.get("/v1/flags?f=geojson").json()["features"][0]
    assert feature["geometry"] is None


def test_a_box_finds_a_masked_place_only_where_it_is_shown(peopled):
    """Small boxes cannot home in on the true place: they answer to the shown point."""
    peopled.published(**MASKED)
    cell = cell_at(0.536, 35.0, 6)

    def found(lat, lon):
        box = f"{lon - 0.0005:.6f},{lat - 0.0005:.6f},{lon + 0.0005:.6f},{lat + 0.0005:.6f}"
        paths = (f"/v1/flags?bbox={box}", f"/v1/records?bbox={box}")
        return [peopled.get(path).json()["numberReturned"] for path in paths]

    assert found(cell.lat, cell.lon) == [1, 1]
    assert found(0.536, 35.0) == [0, 0]
    inside = peopled.get("/v1/flags?bbox=34.9995,0.5355,35.0005,0.5365", "contributor")
    assert inside.json()["numberReturned"] == 1


def test_a_withheld_name_is_not_found_by_guessing(peopled):
    """Where sensitivity withholds the name, neither the name nor its part finds the flag."""
    flag_id = peopled.published(**MASKED, sensitivity="caution", groups=["a minority"])
    told = peopled.get(f"/v1/flags/{flag_id}").json()["community"]
    assert (told["name"], told["names"], told["groups"]) == ("A settlement in Kenya", [], [])
    assert told["location"]["precision"] == "h3_6"
    for guess in ("Bondeni", "settlement", "Kenya"):
        assert peopled.get(f"/v1/flags?q={guess}").json()["items"] == []
    assert peopled.get("/v1/flags?q=Bondeni", "reviewer").json()["numberReturned"] == 1


def test_a_withheld_unit_is_not_found_by_guessing(api):
    """Where the administrative unit is withheld, no unit finds the flag, in the list or in the report."""
    api.published(**MASKED, admin={"ward": "Moi's Bridge"})
    for path in ("/v1/flags", "/v1/records", "/v1/gap-reports"):
        told = api.get(path, params={"admin": "Moi's Bridge"}).json()
        assert told["items"] == []
        assert "hidden_place" not in told.get("verdicts", {})
    assert (
        api.get("/v1/gap-reports", "reviewer", params={"admin": "Moi's Bridge"}).json()["verdicts"]["hidden_place"] == 1
    )


def test_small_counts_are_withheld_as_a_reason(api):
    """A published count under ten is null with the status suppressed, never zero."""
    flag_id = api.published(counts=[{"value": 7}, {"low": 4, "high": 40}, {"value": 1200}])
    counts = api.get(f"/v1/flags/{flag_id}").json()["community"]["counts"]
    assert [(count["value"], count["low"], count["high"]) for count in counts] == [
        (None, None, None),
        (None, None, None),
        (1200, None, None),
    ]
    assert [count["status"] for count in counts] == ["suppressed", "suppressed", "observed"]


def test_what_did_not_agree_is_not_public_even_when_published(api):
    """Internal, reviewers' and aggregate consent, restricted and closed classes: no trace of the flag from outside."""
    hidden = [
        api.published(id="a", consent="internal"),
        api.published(id="b", consent="reviewers"),
        api.published(id="c", consent="partners"),
        api.published(id="d", consent="public_aggregate"),
        api.published(id="e", sensitivity="restricted"),
    ]
    api.settle()
    for who in (None, "stranger"):
        assert api.get("/v1/flags", who).json()["items"] == []
        assert [api.get(f"/v1/flags/{flag_id}", who).status_code for flag_id in hidden] == [404] * 5
        report = api.get("/v1/gap-reports", who).json()
        assert (report["verdicts"], report["statuses"], report["items"]) == ({}, {}, [])
        assert report["people"]["communities"] == 0
    assert "Bondeni" not in api.get("/").text


def test_grounds_that_would_give_the_place_away_are_not_public(api):
    """Candidates, findings and the full reason carry distances to known points, so the public gets a plain sentence."""
    flag_id = api.published()
    told = api.get(f"/v1/flags/{flag_id}").json()
    assert (told["candidates"], told["findings"], told["official"]) == ([], [], None)
    assert told["reason"].startswith("Not found in List ke-villages, vintage 2019. Checked on ")
    assert "km" not in told["reason"]


def test_a_closed_record_is_known_to_its_organisation_and_admins_alone(api):
    """To a reviewer of another organisation a closed record and its flag do not exist."""
    answer = api.post("/v1/records", {**api.absent, "sensitivity": "closed"})
    record, flag = f"/v1/records/{answer.json()['id']}", f"/v1/flags/{answer.json()['flag_id']}"
    assert [api.get(record, who).status_code for who in ("contributor", "admin", "reviewer", None)] == [
        200,
        200,
        404,
        404,
    ]
    assert [api.get(flag, who).status_code for who in ("contributor", "admin", "reviewer", None)] == [
        200,
        200,
        404,
        404,
    ]
    assert api.get("/v1/records", "reviewer").json()["items"] == []
    assert api.get("/v1/gap-reports", "reviewer").json()["items"] == []
