"""Withdrawal: one call, and nothing that the service gives out names the record or counts it any more."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import inspect, select, text

from service import collections
from service.store import events
from service.store.records import RECORDS
from service.store.tables import METADATA

SECRETS = ("Bondeni", "0.536", "Zebaki", "Lindi ward")
COUNT = re.compile(r"(?<![\w.])1234(?!\w)")  # by itself: digests and moments hold any four digits by chance
GONE = {
    "id": "B-1",
    "names": [{"text": "Zebaki"}],
    "admin": {"ward": "Lindi ward"},
    "collection": "survey-2025",
    "counts": [{"value": 1234, "date": "2025-03-01", "method": "household_survey"}],
    "evidence": ["https://example.org/Zebaki.jpg"],
}


@pytest.fixture
def flag_id(api):
    """Give the flag of a published community of which everything can be told."""
    return api.published(**GONE)


@pytest.fixture
def record_id(api, flag_id):
    """Give its record."""
    return api.get(f"/v1/flags/{flag_id}", "admin").json()["record_id"]


def withdraw(api, record_id, who="contributor", **parts):
    """Withdraw a record."""
    return api.post(f"/v1/records/{record_id}/withdrawal", {"reason_code": "consent_withdrawn", **parts}, who)


def everything(api, who, *ids):
    """Return all that a caller is told at any address that lists, counts or draws, and at those of these ids."""
    paths = [
        *(f"/v1/{noun}{form}" for noun in ("records", "flags", "gap-reports") for form in ("", "?f=csv", "?f=geojson")),
        "/v1/gap-reports?country=KEN",
        "/v1/collections",
        "/v1/collections/survey-2025",
        "/v1/coverage?country=KEN",
        "/v1/flags?q=Bondeni",
        "/v1/records?q=Zebaki",
        "/v1/countries/KEN/summary",
        "/v1/sources",
        "/v1/imports",
        "/",
        "/countries/KEN",
    ]
    paths += [f"/v1/{noun}/{one}" for noun in ("records", "flags") for one in ids]
    paths += [f"/v1/flags/{one}/counts" for one in ids]
    told = {path: api.get(path, who) for path in paths}
    for path, answer in told.items():
        assert answer.status_code < 500, path
    return {path: answer.text.replace(f"There is no flag {ids[0]}", "") for path, answer in told.items()}


def test_nothing_outside_names_or_counts_it_any_more(api, flag_id, record_id):
    """Neither its identifiers, its names, its place nor its people are in any answer to anybody outside."""
    before = "".join(everything(api, None, flag_id).values())
    assert all(one in before for one in (flag_id, record_id, "Bondeni", "Zebaki"))
    assert withdraw(api, record_id).json() == {"id": record_id, "outcome": "withdrawn"}
    api.settle()
    for who in (None, "stranger", "reviewer"):
        for path, told in everything(api, who, flag_id, record_id).items():
            said = told if path.count(flag_id) + path.count(record_id) == 0 else ""  # a refusal repeats what was asked
            assert not [one for one in (flag_id, record_id, *SECRETS) if one in said], (who, path)
            assert not [one for one in SECRETS if one in told], (who, path)
        assert api.get(f"/v1/flags/{flag_id}", who).status_code == 404
        assert api.get(f"/v1/records/{record_id}", who).status_code == 404
        report = api.get("/v1/gap-reports", who).json()
        assert (report["items"], report["people"]["estimate"] or 0) == ([], 0)


@pytest.mark.parametrize("who", ["reviewer", "admin", "contributor", "stranger", None])
def test_numbers_are_those_of_the_others_alone(api, record_id, who):
    """A report counts whom it counted before without the withdrawn record, neither more nor fewer."""
    other = api.published(id="B-2", name="Kwa Njenga", location={"lat": 0.62, "lon": 35.0})
    withdraw(api, record_id)
    told = api.get("/v1/gap-reports?country=KEN", who).json()
    assert [one["id"] for one in told["items"]] == [other]
    assert (told["verdicts"], told["statuses"]) == ({"hidden_place": 1}, {"published": 1})


def test_its_organisation_sees_that_it_was_withdrawn(api, flag_id, record_id):
    """Inside it stays, as withdrawn, with no verdict that stands; the flag is closed."""
    withdraw(api, record_id)
    told = api.get(f"/v1/records/{record_id}", "contributor").json()
    assert (told["state"], told["verdict"], told["findings"]) == ("withdrawn", None, [])
    assert api.get(f"/v1/flags/{flag_id}", "contributor").json()["status"] == "withdrawn"


def test_certificates_are_not_found_and_old_copies_do_not_hold(api, flag_id, record_id):
    """The certificate of a finding is gone for everybody outside, and nobody is told 304."""
    finding = api.get(f"/v1/records/{record_id}", "reviewer").json()["findings"][0]["id"]
    tags = {
        path: api.get(path, "reviewer").headers["ETag"]
        for path in (f"/v1/records/{record_id}", f"/v1/flags/{flag_id}", f"/v1/findings/{finding}/certificate")
    }
    withdraw(api, record_id)
    for path, tag in tags.items():
        assert api.get(path, "reviewer", headers={"If-None-Match": tag}).status_code == 404, path


def test_erased_there_is_nothing_left_to_find(api, flag_id, record_id):
    """No name, place, number, link or note is left in any table; for its organisation too there is no such record."""
    api.decide(flag_id, "in_review", note="Zebaki is the chief's name for it")
    finding = api.get(f"/v1/records/{record_id}", "contributor").json()["findings"][0]["id"]
    assert COUNT.search(_everything_kept(api.context.store))
    assert withdraw(api, record_id, erase=True).json()["outcome"] == "erased"
    for path in (f"/v1/records/{record_id}", f"/v1/flags/{flag_id}", f"/v1/findings/{finding}/certificate"):
        assert [api.get(path, who).status_code for who in ("contributor", "admin", "reviewer", None)] == [404] * 4
    kept = _everything_kept(api.context.store)
    assert not [one for one in (*SECRETS, "chief") if one in kept]
    assert not COUNT.search(kept)
    assert record_id in kept  # that there was one, and when it went


def test_what_stays_of_an_erased_record_is_its_digest(api, record_id):
    """The events say that it came and went, by whom and why; the revision keeps the sha256 of what was said."""
    withdraw(api, record_id, erase=True)
    with api.context.store.read() as session:
        told = events.about(session, "record", record_id)
        kept = session.execute(text("SELECT fingerprint, body FROM revisions")).all()
    assert told[-1].kind == "record.withdrawn"
    assert told[-1].data == {"reason": "consent_withdrawn", "erased": "true"}
    assert len(kept) == 1
    body = kept[0].body if isinstance(kept[0].body, dict) else json.loads(kept[0].body)
    assert (len(kept[0].fingerprint), body) == (64, {"names": [], "country": "KEN"})


def test_what_was_withdrawn_can_be_erased_later(api, record_id):
    """Withdrawing again changes nothing; with `erase` it takes the content too; then there is nothing to withdraw."""
    outcomes = [withdraw(api, record_id, erase=erase).json().get("outcome") for erase in (False, False, True)]
    assert outcomes == ["withdrawn", "unchanged", "erased"]
    assert withdraw(api, record_id).status_code == 404


@pytest.mark.parametrize("erase", [False, True])
def test_sending_it_again_does_not_bring_it_back(api, record_id, erase):
    """Alone it is refused; in a batch it alone is; in a file it changes nothing; until it is admitted."""
    withdraw(api, record_id, erase=erase)
    again = {**api.absent, **GONE}
    assert api.post("/v1/records", again).json()["code"] == "withdrawn"
    batch = api.post("/v1/records/batch", [again, {**api.listed, "id": "L-1"}])
    assert [item["status"] for item in batch.json()["items"]] == [409, 201]
    sheet = "id,name,latitude,longitude,country,kind\nB-1,Bondeni,0.536,35.0,KEN,village\n"
    for asked in ("?dry_run=true", ""):
        sent = api.client.post(
            f"/v1/collections/survey-2025/imports{asked}",
            content=sheet.encode(),
            headers=api.key("contributor") | {"Content-Type": "text/csv"},
        )
        assert [sent.json()[name] for name in ("created", "revised", "unchanged")] == [0, 0, 1], sent.text
    assert api.get("/v1/records?id=B-1", "admin").json()["items"] == [] or not erase
    assert api.post(f"/v1/records/{record_id}/withdrawal/lift", None, "stranger").status_code == 404
    assert api.post(f"/v1/records/{record_id}/withdrawal/lift", None).json()["outcome"] == "admitted"
    back = api.post("/v1/records", again)
    assert back.status_code == 201
    assert (back.json()["id"] == record_id) is not erase
    assert back.json()["flag_id"] is not None


def test_a_retry_under_the_same_key_is_not_answered_as_before(api):
    """An app that repeats what it sent long ago is told that it was withdrawn, and makes no new record."""
    body, header = {**api.absent, "consent": "public_exact"}, {"Idempotency-Key": "phone-7"}
    record_id = api.post("/v1/records", body, "contributor", **header).json()["id"]
    for erase in (False, True):
        withdraw(api, record_id, erase=erase)
        retried = api.post("/v1/records", body, "contributor", **header)
        assert (retried.status_code, retried.json()["code"]) == (409, "withdrawn")
        assert record_id not in retried.text
    assert api.get("/v1/records", "admin").json()["items"] == []


def test_only_its_organisation_and_admins_withdraw(api, record_id):
    """Whoever sees it may not; where it is not seen it does not exist; nobody in particular needs a key."""
    answers = [withdraw(api, record_id, who).status_code for who in ("reviewer", "stranger", None)]
    assert answers == [403, 403, 401]
    hidden = api.post("/v1/records", {**api.listed, "id": "L-1"}).json()["id"]
    assert withdraw(api, hidden, "stranger").status_code == 404
    assert withdraw(api, record_id, reason_code=" ").status_code == 422
    assert withdraw(api, record_id, "admin").status_code == 200


def test_a_flag_for_which_others_speak_speaks_on_without_it(api, flag_id, record_id):
    """Where another organisation reported the same community, its record speaks, and none of the withdrawn is told."""
    other = api.post("/v1/records", {**api.absent, "name": "Bondeni", "consent": "public_exact"}, "stranger").json()
    assert other["flag_id"] == flag_id
    withdraw(api, record_id, erase=True)
    told = api.get(f"/v1/flags/{flag_id}", "stranger").json()
    assert (told["record_id"], [one["record_id"] for one in told["members"]]) == (other["id"], [other["id"]])
    assert record_id not in api.get(f"/v1/flags/{flag_id}", "reviewer").text
    assert "Zebaki" not in api.get("/v1/flags", "reviewer").text


def test_findings_of_others_do_not_name_it(api):
    """A record that lost an entry to it is compared again, and no finding of it, present or past, names it."""
    winner = api.post("/v1/records", {**api.listed, "id": "W"}).json()["id"]
    loser = {**api.listed, "name": "Lindi Mpya", "location": {"lat": 0.521, "lon": 35.001, "uncertainty_m": 400}}
    other = api.post("/v1/records", loser, "stranger").json()["id"]
    with api.context.store.begin() as session:  # as if the entry had gone rather to the first
        session.execute(
            text("UPDATE findings SET competitor = :winner, reason = :why WHERE record_id = :other"),
            {"winner": winner, "other": other, "why": f"An entry is one community, and record {winner} may be it too."},
        )
    assert winner in api.get(f"/v1/records/{other}", "stranger").text
    withdraw(api, winner)
    told = api.get(f"/v1/records/{other}", "stranger")
    assert (told.json()["state"], winner in told.text) == ("verified", False)
    assert winner not in "".join(_table(api.context.store, "findings", "reason", "competitor", "certificate"))


def test_many_at_once_by_collection_and_by_own_ids(api, flag_id):
    """What is not there or not theirs is told and keeps nothing else from going; of a collection the number is told."""
    others = [api.post("/v1/records", {**api.listed, "id": f"L-{n}", "name": f"Lindi {n}"}).json() for n in (1, 2)]
    foreign = api.post("/v1/records", api.listed, "stranger").json()["id"]
    reason = {"reason_code": "community_asked"}
    told = api.post("/v1/withdrawals", {**reason, "own_ids": ["L-1", "L-9"]}).json()
    assert told == {
        "withdrawn": 1,
        "items": [{"id": "L-1", "outcome": "withdrawn"}, {"id": "L-9", "outcome": "not_found"}],
    }
    told = api.post("/v1/withdrawals", {**reason, "ids": [foreign, others[1]["id"]], "erase": True}).json()
    assert [one["outcome"] for one in told["items"]] == ["not_found", "erased"]
    assert api.get(f"/v1/records/{foreign}", "stranger").json()["state"] == "verified"
    whole = {**reason, "collection": "survey-2025"}
    assert api.post("/v1/withdrawals", whole, "stranger").status_code == 404
    assert api.post("/v1/withdrawals", whole).json() == {"withdrawn": 1, "items": []}
    assert api.get(f"/v1/flags/{flag_id}").status_code == 404


@pytest.mark.parametrize("given", [{}, {"ids": ["a"], "collection": "b"}, {"ids": []}])
def test_what_is_to_go_is_named_in_one_way(api, given):
    """Nothing, several ways at once and an empty list are refused."""
    assert api.post("/v1/withdrawals", {"reason_code": "x", **given}).status_code == 422


def test_tombstones_tell_everybody_what_they_had_seen(api, flag_id, record_id):
    """The public is told of what was public, reviewers of what they saw too, its organisation of all its own."""
    quiet = api.post("/v1/records", {**api.listed, "id": "L-1"}).json()["id"]
    sent = api.post("/v1/records", {**api.listed, "id": "L-2", "name": "Makina", "sensitivity": "closed"}).json()
    closed = {sent["id"], sent["flag_id"]}
    for one in (record_id, quiet, sent["id"]):
        withdraw(api, one)

    def gone(who):
        return {one["id"] for one in api.get("/v1/tombstones", who).json()["items"]}

    assert gone(None) == gone("stranger") == {flag_id, record_id}
    assert gone("reviewer") == {flag_id, record_id, quiet}
    assert gone("contributor") == gone("admin") == {flag_id, record_id, quiet, *closed}
    assert {*api.get("/v1/tombstones").json()["items"][0]} == {"noun", "id", "at"}


def test_tombstones_are_followed_by_their_cursor(api):
    """Page by page and call by call each is told once, in the order they were laid, and a moment narrows them."""
    ids = [api.published(id=f"B-{n}", name=f"Bondeni {n}", location={"lat": 0.6 + n / 10, "lon": 35.2}) for n in (1, 2)]
    of = {one: api.get(f"/v1/flags/{one}", "admin").json()["record_id"] for one in ids}
    withdraw(api, of[ids[0]])
    first = api.get("/v1/tombstones?limit=1").json()
    second = api.get(first["next"]).json()
    assert [one["id"] for one in first["items"] + second["items"]] == [ids[0], of[ids[0]]]
    assert second["next"] is None
    withdraw(api, of[ids[1]])
    more = api.get(f"/v1/tombstones?cursor={second['cursor']}").json()
    assert [one["id"] for one in more["items"]] == [ids[1], of[ids[1]]]
    assert api.get(f"/v1/tombstones?cursor={more['cursor']}").json()["items"] == []
    since = more["items"][0]["at"].replace("+", "%2B")
    assert [one["id"] for one in api.get(f"/v1/tombstones?since={since}").json()["items"]] == [ids[1], of[ids[1]]]
    assert api.get("/v1/tombstones?cursor=nonsense").status_code == 422


def test_a_list_that_lost_a_row_leaves_a_tombstone_too(api, flag_id, record_id):
    """What a replaced list no longer has goes in the same way, and may come back with the next list."""
    sheet = "id,name,latitude,longitude,country,kind\nL-1,Lindi,0.518,35.0,KEN,village\n"
    sent = api.client.post(
        "/v1/collections/survey-2025/imports?mode=replace",
        content=sheet.encode(),
        headers=api.key("contributor") | {"Content-Type": "text/csv"},
    )
    assert sent.json()["withdrawn"] == 1, sent.text
    assert {one["id"] for one in api.get("/v1/tombstones").json()["items"]} == {flag_id, record_id}
    assert api.get(f"/v1/records/{record_id}", "reviewer").status_code == 404
    assert api.post("/v1/records", {**api.absent, **GONE}).json()["outcome"] == "revised"


def test_its_collection_counts_it_no_more(api, record_id):
    """The collection is described as of the records that are left."""
    api.post("/v1/records", {**api.listed, "id": "L-1", "collection": "survey-2025"})
    withdraw(api, record_id, erase=True)
    key = ("map-kibera", "survey-2025")
    assert collections.described(api.context, key).records == 1
    with api.context.store.read() as session:
        assert session.execute(select(RECORDS.c.erased_at).where(RECORDS.c.id == record_id)).scalar_one() is not None


def _everything_kept(store):
    """Return every value of every table as text."""
    with store.read() as session:
        names = inspect(session).get_table_names()
        known = {table.name for table in METADATA.sorted_tables}
        rows = [session.execute(text(f'SELECT * FROM "{name}"')).all() for name in names if name in known]  # noqa: S608 - our own names
    return "\n".join(str(tuple(row)) for table in rows for row in table)


def _table(store, name, *columns):
    """Return the values of some columns of a table as texts."""
    with store.read() as session:
        return [str(tuple(row)) for row in session.execute(text(f"SELECT {', '.join(columns)} FROM {name}"))]  # noqa: S608 - our own names
