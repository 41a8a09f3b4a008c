"""The comparison of two snapshots over HTTP: paged, in three formats, and silent about whom others may not see."""

from __future__ import annotations

import csv
import io

import pytest


@pytest.fixture
def released(api, scene):
    """Publish a list without Bondeni, then one with it that names Turbo otherwise; give both names."""
    (first,) = api.get("/v1/snapshots").json()["items"]
    villages = [("Turbo Kubwa", lat, lon) if name == "Turbo" else (name, lat, lon) for name, lat, lon in scene.villages]
    return first["sha256"], scene.publish(api.context, scene.official(villages, vintage="2026"))


def test_what_changed_is_told_entry_by_entry(api, released):
    """Identifiers here follow the rows, so that one village more renames what comes after it, and moves it."""
    told = api.get(f"/v1/snapshots/{released[0]}/diff/{released[1]}").json()
    assert (told["before"]["sha256"], told["after"]["sha256"]) == released
    assert told["counted"]["added"] == 1
    assert told["numberReturned"] == len(told["items"]) == 7
    assert told["items"][0] | {"moved_m": None} == told["items"][0]
    assert (told["items"][0]["name"], told["items"][0]["previous_name"]) == ("Turbo Kubwa", "Turbo")
    assert told["items"][0]["changes"] == ["renamed"]
    assert told["items"][1]["moved_m"] == pytest.approx(1000.8, abs=1)
    assert told["made_visible"] == {"communities": None, "withheld": "of others under 10"}


def test_pages_hold_each_change_once(api, released):
    """A page names the next one, with the same filters, and another order never mixes them."""
    address = f"/v1/snapshots/{released[0]}/diff/{released[1]}?limit=3&change=renamed"
    whole = [item["id"] for item in api.get(address.replace("limit=3", "limit=100")).json()["items"]]
    first = api.get(address).json()
    second = api.get(first["next"]).json()
    assert [item["id"] for item in first["items"] + second["items"]] == whole
    assert second["next"] is None
    added = api.get(f"/v1/snapshots/{released[0]}/diff/{released[1]}?change=added").json()
    assert [item["previous_id"] for item in added["items"]] == [None]


def test_spreadsheets_and_maps_read_it_too(api, released):
    """CSV has a row and GeoJSON a point for every entry that changed."""
    address = f"/v1/snapshots/{released[0]}/diff/{released[1]}"
    rows = list(csv.DictReader(io.StringIO(api.get(f"{address}?f=csv").text)))
    features = api.get(f"{address}?f=geojson").json()["features"]
    assert len(rows) == len(features) == 7
    assert (rows[0]["name"], rows[0]["changes"]) == ("Turbo Kubwa", "renamed")
    assert features[0]["geometry"]["coordinates"] == [35.0, 0.527]


def test_what_cannot_be_compared_says_why(api, scene, released):
    """An unknown snapshot is not found; lists of two sources are not releases of one another."""
    other = scene.publish(api.context, scene.official(scene.villages, source="other"))
    assert api.get(f"/v1/snapshots/{released[0]}/diff/{'0' * 64}").status_code == 404
    answer = api.get(f"/v1/snapshots/{released[0]}/diff/{other}")
    assert (answer.status_code, "of ke-villages and of other" in answer.json()["detail"]) == (422, True)


def test_a_flag_row_bears_the_code_of_its_community(api):
    """Reviewers find the provisional code in the flag, in the table, and the public where the unit may be shown."""
    flag_id = api.published()
    code = api.get(f"/v1/flags/{flag_id}", "reviewer").json()["code"]
    assert code.startswith("X-KEN-")
    rows = list(csv.DictReader(io.StringIO(api.get("/v1/gap-reports?f=csv").text)))
    assert [row["code"] for row in rows] == [code]


def test_what_is_told_of_the_list_says_up_to_when_it_holds(api, released):
    """A record that no release concerned since names the list it was compared with; nothing later is claimed."""
    record = api.post("/v1/records", api.absent).json()
    assert (record["list"]["snapshot"], record["list"]["holds_at"], record["list"]["holds_at_vintage"]) == (
        released[1],
        None,
        None,
    )
