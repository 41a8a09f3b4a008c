"""Official sources, snapshots and places over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

from service.sources import turns
from service.store import leases, sources
from service.syncing.pruning import prune
from service.syncing.schedule import set_schedule
from service.syncing.sizes import measure


def test_sources_and_snapshots_are_listed_with_their_terms(api):
    """Everybody reads which lists are in use, of which vintage, under which licence."""
    (source,) = api.get("/v1/sources").json()["items"]
    assert (source["id"], source["current"]["vintage"], source["current"]["licence"]) == (
        "ke-villages",
        "2019",
        "CC0-1.0",
    )
    (snapshot,) = api.get("/v1/snapshots?source=ke-villages").json()["items"]
    assert api.get(f"/v1/snapshots/{snapshot['sha256']}").json() == snapshot == source["current"]
    assert api.get("/v1/snapshots?source=other").json()["items"] == []
    assert api.get("/v1/snapshots/" + "0" * 64).status_code == 404


def test_pages_of_snapshots_hold_each_once(api, scene):
    """Old snapshots stay and are paged, newest first."""
    for vintage in ("2021", "2022"):
        scene.publish(api.context, scene.official(scene.villages, vintage=vintage))
    first = api.get("/v1/snapshots?limit=2").json()
    second = api.get(first["next"]).json()
    assert [one["vintage"] for one in first["items"] + second["items"]] == ["2022", "2021", "2019"]
    assert [one["current"] for one in first["items"] + second["items"]] == [True, False, False]
    assert second["next"] is None


def test_places_are_found_by_name_in_another_spelling(sqlite_api):
    """A name finds the nearest names of the list, the best first."""
    items = sqlite_api.get("/v1/places", params={"name": "Gatwikira"}).json()["items"]
    assert items[0]["name"] == "Gatwekera"
    assert items[0]["similarity"] > 0.7
    assert items[0]["source"] == "ke-villages"
    assert items[0]["distance_m"] is None


def test_places_are_found_near_a_point(sqlite_api):
    """A point and a radius find what lies within it, nearest first, with the distance in metres."""
    told = sqlite_api.get("/v1/places?near=0.5181,35.0&radius_m=1500").json()
    assert [item["name"] for item in told["items"]] == ["Lindi", "Turbo", "Mashimoni"]
    assert told["items"][0]["distance_m"] < 20
    assert sqlite_api.get("/v1/places?near=0.5181,35.0&limit=1").json()["numberReturned"] == 1


def test_a_search_for_nothing_or_in_no_list_is_told(sqlite_api):
    """A search needs a name or a point, a radius a point, and a source that is in use."""
    for query, pointer in (
        ("", "?name"),
        ("name=a&radius_m=5", "?near"),
        ("name=a&source=x", "?source"),
        ("near=95,0", "?near"),
    ):
        answer = sqlite_api.get(f"/v1/places?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_why_a_source_failed_is_for_those_inside(api):
    """The last error of a source is shown to reviewers, not to the public."""
    with api.context.store.begin() as session:
        sources.set_checked(session, "ke-villages", datetime(2026, 2, 2, tzinfo=UTC), "the server at 10.0.0.7 refused")
    assert api.get("/v1/sources").json()["items"][0]["last_error"] is None
    assert "refused" in api.get("/v1/sources", "reviewer").json()["items"][0]["last_error"]


def test_what_sources_weigh_and_when_they_are_due_is_told(api, scene):
    """Each snapshot, each source and all together, in bytes; the schedule with its next moment; a sync that died."""
    first = scene.publish(api.context, scene.official(scene.villages, vintage="2021"))
    measure(api.context)
    set_schedule(api.context, "ke-villages", "0 3 * * 1")
    with api.context.store.begin() as session:
        died = turns.take(session, "ke-villages").lease
        leases.renew(session, died, died.since)
    told = api.get("/v1/sources").json()
    (source,) = told["items"]
    kept = api.get("/v1/snapshots").json()["items"]
    assert source["current"]["bytes"] == api.context.archive.size(first)
    assert source["bytes"] == told["bytes"] == sum(one["bytes"] for one in kept)
    assert len(kept) == 2
    assert (source["schedule"], source["under_way_since"]) == ("0 3 * * 1", None)
    assert datetime.fromisoformat(source["due_at"]).strftime("%A %H:%M") == "Monday 03:00"
    assert datetime.fromisoformat(source["broken_off_at"]) == died.since


def test_a_pruned_snapshot_is_still_known(api, scene):
    """Its vintage and terms stay, with the moment its content was removed."""
    scene.publish(api.context, scene.official(scene.villages, vintage="2021"))
    prune(api.context, 1)
    newest, oldest = api.get("/v1/snapshots").json()["items"]
    assert (newest["vintage"], newest["pruned_at"]) == ("2021", None)
    assert oldest["vintage"] == "2019"
    assert oldest["pruned_at"] is not None
