"""Gap reports over HTTP: what was found, what it rests on, and what it does not say."""

from __future__ import annotations

import csv
import io


def test_a_report_says_what_it_rests_on(api):
    """A report counts verdicts, estimates people, names snapshots and model, and states its limits."""
    api.post("/v1/records", api.listed)
    counts = [{"value": 1200, "method": "door to door enumeration", "date": "2019-08-01"}]
    api.post("/v1/records", {**api.absent, "counts": counts})
    told = api.get("/v1/gap-reports?country=KEN", "reviewer").json()
    assert told["verdicts"] == {"consistent": 1, "hidden_place": 1}
    assert told["statuses"] == {"open": 1}
    assert (told["people"]["estimate"], told["people"]["communities"]) == (1200, 1)
    assert [snapshot["source"] for snapshot in told["snapshots"]] == ["ke-villages"]
    assert told["models"]
    (measured,) = told["measured_error"]
    assert measured["parameters"] in told["models"][0]
    assert all(0 <= one["figures"]["false_hidden"]["high"] <= 1 for one in measured["sets"])
    assert told["limits"][0].startswith("Absence of data is not absence of people")
    assert [item["community"]["name"] for item in told["items"]] == ["Bondeni"]
    assert api.get("/v1/gap-reports?country=UGA", "reviewer").json()["items"] == []


def test_a_report_opens_on_a_map_and_in_a_spreadsheet(api):
    """GeoJSON and CSV hold the flags of the report."""
    flag_id = api.published()
    assert [feature["id"] for feature in api.get("/v1/gap-reports?f=geojson").json()["features"]] == [flag_id]
    rows = list(csv.DictReader(io.StringIO(api.get("/v1/gap-reports?f=csv").text, newline="")))
    assert [row["id"] for row in rows] == [flag_id]


def test_a_public_total_hides_fewer_than_ten_among_others(api):
    """Communities that agreed to totals only are counted together with nine others, or not at all."""
    for number in range(9):
        api.published(id=f"a{number}", consent="public_aggregate")
    api.published(id="shown")
    api.settle()
    assert api.get("/v1/gap-reports").json()["verdicts"] == {"hidden_place": 1}
    api.published(id="a9", consent="public_aggregate")
    api.settle()
    told = api.get("/v1/gap-reports").json()
    assert told["verdicts"] == {"hidden_place": 11}
    assert told["statuses"] == {"published": 11}
    assert len(told["items"]) == 1


def test_a_public_estimate_of_few_people_is_withheld(api):
    """An estimate under ten is no number but a reason; a larger one is rounded to five."""
    api.published(id="few", counts=[{"value": 6, "method": "enumeration"}])
    people = api.get("/v1/gap-reports").json()["people"]
    assert (people["estimate"], people["low"], people["high"], people["withheld"]) == (None, None, None, "under 10")
    api.published(id="many", name="Bondeni Two", counts=[{"value": 1203, "method": "enumeration"}])
    assert api.get("/v1/gap-reports").json()["people"]["estimate"] % 5 == 0
