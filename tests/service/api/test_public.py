"""What leaves through the API for people from outside: blurred where agreed so, in filters, totals and formats too."""

from __future__ import annotations

from geodata.precision import coarsen

MASKED = {"consent": "public_masked"}
EXACT = ("35.0]", "0.536", '"lat":0.536')


def test_a_masked_place_is_blurred_in_every_format(api):
    """JSON, GeoJSON, CSV, gap report and first page show the grid cell and its radius, never the place."""
    flag_id = api.published(**MASKED)
    cell = coarsen(0.536, 35.0, 1_000)
    told = api.get(f"/v1/flags/{flag_id}").json()
    assert told["community"]["location"] == {
        "lat": cell.lat,
        "lon": cell.lon,
        "uncertainty_m": cell.radius_m + 100,
        "precision": "grid_1000m",
    }
    assert "location" in told["withheld"]
    for path in ("/v1/flags", "/v1/flags?f=geojson", "/v1/flags?f=csv", "/v1/gap-reports", "/v1/records", "/"):
        text = api.get(path).text
        assert "Bondeni" in text
        assert not any(exact in text for exact in EXACT)


def test_a_box_finds_a_masked_place_only_where_it_is_shown(api):
    """Small boxes cannot home in on the true place: they answer to the shown point."""
    api.published(**MASKED)
    cell = coarsen(0.536, 35.0, 1_000)

    def found(lat, lon):
        box = f"{lon - 0.0005:.6f},{lat - 0.0005:.6f},{lon + 0.0005:.6f},{lat + 0.0005:.6f}"
        paths = (f"/v1/flags?bbox={box}", f"/v1/records?bbox={box}")
        return [api.get(path).json()["numberReturned"] for path in paths]

    assert found(cell.lat, cell.lon) == [1, 1]
    assert found(0.536, 35.0) == [0, 0]
    inside = api.get("/v1/flags?bbox=34.9995,0.5355,35.0005,0.5365", "contributor")
    assert inside.json()["numberReturned"] == 1


def test_a_withheld_name_is_not_found_by_guessing(api):
    """Where sensitivity withholds the name, neither the name nor its part finds the flag."""
    flag_id = api.published(**MASKED, sensitivity="caution", groups=["a minority"])
    told = api.get(f"/v1/flags/{flag_id}").json()["community"]
    assert (told["name"], told["names"], told["groups"]) == (None, [], [])
    assert told["location"]["precision"] == "grid_2500m"
    assert api.get("/v1/flags?q=Bondeni").json()["items"] == []
    assert api.get("/v1/flags?q=Bondeni", "reviewer").json()["numberReturned"] == 1


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
