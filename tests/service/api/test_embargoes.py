"""Embargo: a published flag opens when its organisation and community had their time, or when they say so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from geodata import sensitivity
from service.accounts import embargo
from service.store.flags import FLAGS


@pytest.fixture(autouse=True)
def month(api):
    """Put the shipped policy in force, with its thirty days, after the context put the one of the tests: none."""
    assert embargo.lasting("open") == timedelta(0)
    sensitivity.install()
    yield
    sensitivity.install(api.context.settings.sensitivity_policy)


@pytest.fixture
def aged(api):
    """Give what lets a flag be raised so long ago."""

    def age(flag_id, **ago):
        raised = datetime.now(UTC) - timedelta(**ago)
        with api.context.store.begin() as session:
            session.execute(update(FLAGS).where(FLAGS.c.id == flag_id).values(created_at=raised))

    return age


def public(api, flag_id):
    """Return where everybody reads about a flag: alone, in the lists, the report, the record, the page."""
    record_id = api.get(f"/v1/flags/{flag_id}", "admin").json()["record_id"]
    api.client.app.state.overviews._read_at = float("-inf")  # ageing a flag by hand is nothing the page hears of
    listed = {
        path: flag_id in api.get(path).text
        for path in ("/v1/flags", "/v1/flags?f=csv", "/v1/flags?f=geojson", "/v1/gap-reports", "/v1/records", "/")
    }
    alone = {path: api.get(path).status_code == 200 for path in (f"/v1/flags/{flag_id}", f"/v1/records/{record_id}")}
    return set((listed | alone).values())


def test_a_published_flag_waits_for_the_end_of_its_embargo(api, aged):
    """Until thirty days after it was raised nobody outside finds it anywhere; from then on everybody does."""
    flag_id = api.published()
    assert public(api, flag_id) == {False}
    aged(flag_id, days=30, seconds=-60)
    assert public(api, flag_id) == {False}
    aged(flag_id, days=30)
    assert public(api, flag_id) == {True}


def test_those_inside_see_until_when(api, aged):
    """Its organisation and reviewers read the flag meanwhile, and when it opens; afterwards there is nothing to say."""
    flag_id = api.published()
    for who in ("contributor", "reviewer", "admin"):
        told = api.get(f"/v1/flags/{flag_id}", who).json()
        left = datetime.fromisoformat(told["embargo_until"]) - datetime.now(UTC)
        assert (told["status"], left.days) == ("published", 29)
    assert api.get(f"/v1/flags/{flag_id}", "stranger").status_code == 404
    aged(flag_id, days=31)
    assert api.get(f"/v1/flags/{flag_id}", "reviewer").json()["embargo_until"] is None


def test_its_organisation_ends_it_and_begins_it_again(api):
    """Ended, it is open at once; moved to a later day, it is closed again and leaves a tombstone."""
    flag_id = api.published()
    ended = api.post(f"/v1/flags/{flag_id}/embargo", {"reason_code": "community_agreed"})
    assert (ended.status_code, ended.json()["embargo_until"]) == (200, None)
    assert public(api, flag_id) == {True}
    later = (datetime.now(UTC) + timedelta(days=10)).isoformat()
    moved = api.post(f"/v1/flags/{flag_id}/embargo", {"reason_code": "threats", "until": later})
    assert datetime.fromisoformat(moved.json()["embargo_until"]) == datetime.fromisoformat(later)
    assert public(api, flag_id) == {False}
    assert flag_id in {one["id"] for one in api.get("/v1/tombstones").json()["items"]}


def test_nobody_else_moves_it(api):
    """A reviewer sees the flag and may not; for a stranger it does not exist; an admin may."""
    flag_id = api.published()
    given = {"reason_code": "impatience"}
    answers = [api.post(f"/v1/flags/{flag_id}/embargo", given, who).status_code for who in ("reviewer", "stranger")]
    assert answers == [403, 404]
    assert api.post(f"/v1/flags/{flag_id}/embargo", given, None).status_code == 401
    assert public(api, flag_id) == {False}
    assert api.post(f"/v1/flags/{flag_id}/embargo", given, "admin").status_code == 200


@pytest.mark.parametrize("given", [{"reason_code": " "}, {"reason_code": "x", "until": "2099-01-01T00:00:00Z"}, {}])
def test_without_a_reason_or_for_ever_nothing_is_moved(api, given):
    """A reason is needed, and nothing is kept under embargo for longer than two years."""
    flag_id = api.published()
    assert api.post(f"/v1/flags/{flag_id}/embargo", given).status_code == 422
    assert api.get(f"/v1/flags/{flag_id}", "contributor").json()["version"] == 3


def test_an_open_flag_that_people_take_back_leaves_a_tombstone(api, aged):
    """A decision that ends publication is told to whoever copied the flag; one that was never open is not."""
    hidden, shown = api.published(), api.published(name="Kwa Njenga", location={"lat": 0.62, "lon": 35.0})
    aged(shown, days=31)
    for flag_id in (hidden, shown):
        assert api.decide(flag_id, "in_review").status_code == 201
    gone = {one["id"] for one in api.get("/v1/tombstones").json()["items"]}
    assert shown in gone
    assert hidden not in gone


def test_a_correction_that_withdraws_consent_leaves_a_tombstone(api, aged):
    """Sent again with a narrower consent, a record that everybody read is gone, and copies are told."""
    flag_id = api.published(id="B-1")
    aged(flag_id, days=31)
    assert public(api, flag_id) == {True}
    again = api.post("/v1/records", {**api.absent, "id": "B-1", "consent": "internal"})
    assert again.json()["outcome"] == "revised"
    assert api.get(f"/v1/flags/{flag_id}").status_code == 404
    assert flag_id in {one["id"] for one in api.get("/v1/tombstones").json()["items"]}


def test_where_showing_does_more_harm_it_lasts_thrice_as_long():
    """The classes restricted and closed have ninety days where the others have thirty."""
    assert {name: embargo.lasting(name).days for name in ("open", "caution", "restricted", "closed")} == {
        "open": 30,
        "caution": 30,
        "restricted": 90,
        "closed": 90,
    }
    assert embargo.shortest() == timedelta(days=30)
