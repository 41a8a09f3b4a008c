"""Emergency holds: one call hides everything they reach, in every process, and lifting shows it as before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from service.store.holds import HOLDS
from tests.specimens.warm import ROOT, run_command

#: Reaches the community that is published below, each in its way.
REACHING = {
    "country": {"country": "Kenya"},
    "unit": {"country": "KEN", "admin": "ward=Lindi"},
    "people": {"people": "Nubians"},
    "organisation": {"organisation": "map-kibera"},
    "collection": {"collection": "survey-2025"},
    "area": {"bbox": "34.9,0.5,35.1,0.6"},
    "several": {"country": "KEN", "people": "nubi", "organisation": "map-kibera"},
}
MISSING = {
    "country": {"country": "Uganda"},
    "unit": {"country": "KEN", "admin": "ward=Makina"},
    "people": {"people": "Maasai"},
    "organisation": {"organisation": "another-group"},
    "area": {"bbox": "36,0.5,37,0.6"},
    "several": {"country": "UGA", "organisation": "map-kibera"},
}
PARTS = {
    "id": "B-1",
    "admin": {"ward": "Lindi"},
    "groups": ["Nubian"],
    "collection": "survey-2025",
    "sensitivity": "open",
}


@pytest.fixture
def flag_id(api):
    """Give the flag of a published community that every hold above reaches."""
    return api.published(**PARTS)


def seen(api, flag_id, who=None):
    """Return where a caller finds the community: alone, listed, in numbers, on the page."""
    record_id = api.get(f"/v1/flags/{flag_id}", "admin").json()["record_id"]
    report = api.get("/v1/gap-reports?country=KEN", who).json()
    return {
        "flag": api.get(f"/v1/flags/{flag_id}", who).status_code == 200,
        "counts": api.get(f"/v1/flags/{flag_id}/counts", who).status_code == 200,
        "record": api.get(f"/v1/records/{record_id}", who).status_code == 200,
        "flags": flag_id in api.get("/v1/flags?f=csv", who).text,
        "records": record_id in api.get("/v1/records?f=geojson", who).text,
        "report": flag_id in api.get("/v1/gap-reports", who).text,
        "verdicts": bool(report["verdicts"]),
        "statuses": bool(report["statuses"]),
        "page": flag_id in api.get("/").text,
    }


def hold(api, **given):
    """Begin a hold."""
    return api.post("/v1/holds", {"reason": "threats after the report", **given}, "admin")


@pytest.mark.parametrize("way", REACHING)
def test_a_hold_hides_what_it_reaches_from_everybody_outside(api, flag_id, way):
    """Nobody, a stranger and a reviewer find it nowhere, in no number either; its organisation and admins do."""
    assert set(seen(api, flag_id).values()) == {True}
    made = hold(api, **REACHING[way])
    assert (made.status_code, made.json()["records_held"]) == (201, 1)
    for who in (None, "stranger", "reviewer"):
        assert set(seen(api, flag_id, who).values()) == {False}, who
    for who in ("contributor", "admin"):
        assert {name for name, found in seen(api, flag_id, who).items() if not found} == {"page"}


@pytest.mark.usefixtures("flag_id")
@pytest.mark.parametrize("who", ["reviewer", None])
@pytest.mark.parametrize("way", REACHING)
def test_numbers_are_those_of_the_others_alone(api, way, who):
    """A report counts whom it counted before without what is held, neither more nor fewer."""
    rest = {**api.absent, "name": "Kwa Njenga", "location": {"lat": 0.62, "lon": 35.4}, "consent": "public_exact"}
    free = api.post("/v1/records", {**rest, "admin": {"ward": "Makina"}}, "stranger").json()["flag_id"]
    for decision, by in (("confirmed", "reviewer"), ("published", "admin")):
        api.decide(free, decision, by)
    hold(api, **REACHING[way])
    told = api.get("/v1/gap-reports", who).json()
    standing = [] if way == "country" else [free]
    assert [one["id"] for one in told["items"]] == standing
    assert told["verdicts"] == ({"hidden_place": 1} if standing else {})
    assert told["statuses"] == ({"published": 1} if standing else {})


@pytest.mark.parametrize("way", MISSING)
def test_a_hold_hides_nothing_else(api, flag_id, way):
    """What does not fit all that a hold names stays as it is."""
    assert hold(api, **MISSING[way]).json()["records_held"] == 0
    assert set(seen(api, flag_id).values()) == {True}


def test_lifted_everything_is_as_before(api, flag_id):
    """Lifting shows it again; another hold that reaches it too keeps it hidden; none is lifted twice."""
    before = api.get("/v1/gap-reports").json()["items"]
    one, other = (hold(api, **REACHING[way]).json()["id"] for way in ("country", "area"))
    assert api.post(f"/v1/holds/{one}/lift", None, "admin").json()["in_force"] is False
    assert set(seen(api, flag_id).values()) == {False}
    assert api.post(f"/v1/holds/{other}/lift", None, "admin").status_code == 200
    assert set(seen(api, flag_id).values()) == {True}
    assert api.get("/v1/gap-reports").json()["items"] == before
    assert api.post(f"/v1/holds/{other}/lift", None, "admin").status_code == 409
    assert [one["in_force"] for one in api.get("/v1/holds", "admin").json()["items"]] == [False, False]


def test_a_hold_ends_by_itself_where_it_says_when(api, flag_id):
    """Up to its end it hides, from then on it does not, with nobody doing anything."""
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    made = hold(api, country="KEN", until=until).json()
    assert set(seen(api, flag_id).values()) == {False}
    with api.context.store.begin() as session:
        over = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(update(HOLDS).where(HOLDS.c.id == made["id"]).values(until=over))
    assert set(seen(api, flag_id).values()) == {True}
    assert api.get(f"/v1/holds/{made['id']}", "admin").json()["in_force"] is False


def test_a_hold_of_another_process_is_in_force_here_at_once(api, flag_id):
    """What a command holds is hidden in the very next answer of a service that was running, and shown when lifted."""
    assert set(seen(api, flag_id).values()) == {True}
    settings = api.context.settings
    environment = {
        "UNCOUNTED_DATA_DIR": str(settings.data_dir),
        "UNCOUNTED_DATABASE_URL": settings.database_url,
        "PATH": "",
    }

    def run(*words):
        done = run_command(ROOT, ("hold", *words), environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    hold_id = run("begin", "KEN", "--group", "Nubian", "--reason", "threats")
    assert set(seen(api, flag_id).values()) == {False}
    assert hold_id in run("list")
    run("lift", hold_id)
    assert set(seen(api, flag_id).values()) == {True}


def test_who_holds_what_they_have_gets_no_304(api, flag_id):
    """A client that asks whether its copy still holds is told that there is nothing, not that nothing changed."""
    tag = api.get(f"/v1/flags/{flag_id}").headers["ETag"]
    listed = api.get("/v1/flags").headers["ETag"]
    hold(api, country="KEN")
    assert api.get(f"/v1/flags/{flag_id}", headers={"If-None-Match": tag}).status_code == 404
    again = api.get("/v1/flags", headers={"If-None-Match": listed})
    assert (again.status_code, again.json()["items"]) == (200, [])


def test_what_everybody_read_leaves_tombstones(api, flag_id):
    """Copies of flags and records that were public are told to go; of what was not public nothing is told."""
    secret = api.post("/v1/records", {**api.absent, "id": "B-2", "name": "Kwa Njenga"}).json()["id"]
    record_id = api.get(f"/v1/flags/{flag_id}", "admin").json()["record_id"]
    hold(api, country="KEN")
    gone = [(one["noun"], one["id"]) for one in api.get("/v1/tombstones").json()["items"]]
    assert gone == [("flag", flag_id), ("record", record_id)]
    assert secret not in str(gone)


def test_the_reason_is_told_to_admins_alone(api, flag_id):
    """Others neither list, read, begin nor lift holds, and no event or answer repeats the reason."""
    made = hold(api, country="KEN").json()
    for who in ("contributor", "reviewer"):
        calls = [
            api.get("/v1/holds", who),
            api.get(f"/v1/holds/{made['id']}", who),
            api.post("/v1/holds", {"reason": "x", "country": "KEN"}, who),
            api.post(f"/v1/holds/{made['id']}/lift", None, who),
        ]
        assert [one.status_code for one in calls] == [403] * 4
        assert all("threats" not in one.text for one in calls)
    assert api.get("/v1/holds").status_code == 401
    assert "threats" not in api.get(f"/v1/flags/{flag_id}").text


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"admin": "ward=Lindi"},
        {"country": "KEN", "reason": " "},
        {"country": "KEN", "until": "2020-01-01T00:00:00Z"},
        {"country": "Atlantis"},
        {"bbox": "1,2,3"},
    ],
)
def test_what_makes_no_sense_holds_nothing(api, flag_id, given):
    """A hold of nothing, of a unit of no country, without a reason or over already is refused with a hint."""
    refused = hold(api, **given)
    assert refused.status_code == 422
    assert all(one["hint"] for one in refused.json()["errors"])
    assert set(seen(api, flag_id).values()) == {True}


def test_a_record_that_does_not_say_where_it_is_is_held(api):
    """In a country that is named, a record without a unit fits any unit, and one without a point any area."""
    flag_id = api.published()
    hold(api, country="KEN", admin="ward=Makina")
    assert set(seen(api, flag_id).values()) == {False}


def test_a_held_record_competes_with_nobody(api, flag_id):
    """What others send is compared as if the held record were not there, and no reason names it."""
    hold(api, country="KEN")
    record_id = api.get(f"/v1/flags/{flag_id}", "admin").json()["record_id"]
    other = api.post("/v1/records", {**api.listed, "name": "Bondeni"}, "stranger")
    assert record_id not in other.text


def test_what_arrives_under_a_hold_is_held(api):
    """A record sent after the hold began is hidden like those before."""
    hold(api, country="KEN")
    sent = api.post("/v1/records", {**api.absent, **PARTS, "consent": "public_exact"})
    assert sent.status_code == 201
    assert api.get(f"/v1/records/{sent.json()['id']}", "contributor").status_code == 200
    for who in ("reviewer", "stranger", None):
        assert set(seen(api, sent.json()["flag_id"], who).values()) == {False}
