"""Editions of gap reports over HTTP: frozen, cited, compared, and never past what may be told now."""

from __future__ import annotations

import csv
import io

import pytest

COUNTS = [{"value": 1200, "method": "door to door enumeration", "date": "2019-08-01"}]


@pytest.fixture
def flag_id(api):
    """Return the flag of a published community."""
    return api.published(id="B-1", counts=COUNTS)


def frozen(api, who="reviewer", **parts):
    """Freeze a report and return its answer."""
    answer = api.post("/v1/gap-reports", {"country": "KEN", **parts}, who)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_an_edition_says_what_it_is_and_how_to_cite_it(api, flag_id):
    """Identifier, edition, date, licence, lists, model, limits and methods stand in it, and one sentence to cite."""
    made = frozen(api)
    told = api.get(f"/v1/gap-reports/{made['id']}", "reviewer").json()
    assert [item["id"] for item in told["items"]] == [flag_id]
    assert (told["edition"], told["audience"], told["licence"], told["reissued"]) == (
        1,
        "restricted",
        "CC-BY-4.0",
        False,
    )
    assert made["id"] in told["cite"]
    assert f"Edition 1 of {told['made_at'][:10]}" in told["cite"]
    assert [(one["source"], one["licence"]) for one in told["snapshots"]] == [("ke-villages", "CC0-1.0")]
    assert told["models"]
    assert told["limits"][0].startswith("Absence of data is not absence of people")
    assert told["methods"]
    assert {(one["decision"], one["reason_code"]) for one in told["decisions"]} == {
        ("confirmed", "field_visit"),
        ("published", "field_visit"),
    }


def test_an_edition_stays_as_it_was(api, flag_id):
    """What is sent and decided later is in the next edition, not in this one; the same edition is the same bytes."""
    made = frozen(api)
    address = f"/v1/gap-reports/{made['id']}"
    before = api.get(address, "reviewer").content
    api.decide(flag_id, "needs_field_check", "reviewer")
    later = api.published(id="B-2", name="Kwa Njenga", location={"lat": 0.62, "lon": 35.0})
    api.post("/v1/records", {**api.absent, "id": "B-1", "name": "Bondeni Mpya", "consent": "public_exact"})
    assert api.get(address, "reviewer").content == before
    told = api.get(f"/v1/gap-reports/{frozen(api)['id']}", "reviewer").json()
    assert (told["edition"], told["previous"]) == (2, made["id"])
    assert {item["id"]: item["status"] for item in told["items"]}[later] == "published"
    assert told["since_previous"]["new"] == 1


def test_a_withdrawn_community_is_in_no_edition_any_more(api, flag_id):
    """A withdrawal takes it out of every edition in every format, out of its numbers too, and the edition says so."""
    record_id = api.get(f"/v1/flags/{flag_id}", "reviewer").json()["record_id"]
    api.published(id="B-2", name="Kwa Njenga", location={"lat": 0.62, "lon": 35.0}, counts=COUNTS)
    address = f"/v1/gap-reports/{frozen(api, public=True)['id']}"
    whole = {who: api.get(address, who).json() for who in ("reviewer", None)}
    assert [told["people"]["communities"] for told in whole.values()] == [2, 2]
    api.post(f"/v1/records/{record_id}/withdrawal", {"reason_code": "consent_withdrawn"})
    for who, before in whole.items():
        told = api.get(address, who).json()
        assert (told["reissued"], told["people"]["communities"], told["statuses"]) == (True, 1, {"published": 1})
        assert "re-issued" in told["cite"]
        assert told["content"] != before["content"]
        for form in ("json", "csv", "geojson", "csv&for=excel"):
            text = api.get(f"{address}?f={form}", who).text
            assert "Kwa Njenga" in text
            assert not [secret for secret in (flag_id, record_id, "Bondeni") if secret in text]
    assert api.get(address, "reviewer").json()["taken_out"] == 1
    assert api.get(address).json()["taken_out"] is None


def test_a_hold_takes_it_out_and_gives_it_back(api, flag_id):
    """While a hold is in force, what it holds is in no edition; lifted, the edition is what it was."""
    address = f"/v1/gap-reports/{frozen(api, public=True)['id']}"
    before = api.get(address).content
    hold = api.post("/v1/holds", {"country": "KEN", "reason": "eviction"}, "admin").json()["id"]
    assert [api.get(address, who).json()["items"] for who in (None, "reviewer")] == [[], []]
    assert api.client.post(f"/v1/holds/{hold}/lift", headers=api.key("admin")).status_code == 200
    assert api.get(address).content == before
    assert flag_id in before.decode()


def test_less_consent_now_is_less_in_an_edition_of_then(api, flag_id):
    """An edition shows nothing that the community does not agree to now."""
    address = f"/v1/gap-reports/{frozen(api, public=True)['id']}"
    assert flag_id in api.get(address).text
    api.post("/v1/records", {**api.absent, "id": "B-1", "counts": COUNTS, "consent": "reviewers"})
    told = api.get(address).json()
    assert (told["items"], told["reissued"]) == ([], True)


def test_what_was_not_public_then_is_not_in_the_public_edition(api, flag_id):
    """A flag published after the edition was made is not in its public edition."""
    other = api.post("/v1/records", {**api.absent, "id": "B-2", "name": "Kwa Njenga", "consent": "public_exact"})
    made = frozen(api, public=True)
    for decision, who in (("confirmed", "reviewer"), ("published", "admin")):
        api.decide(other.json()["flag_id"], decision, who)
    told = api.get(f"/v1/gap-reports/{made['id']}").json()
    assert [item["id"] for item in told["items"]] == [flag_id]
    assert told["items"][0]["reviews"] == told["decisions"] == []


def test_an_edition_is_for_reviewers_unless_it_is_public(api, flag_id):
    """To others an edition that is not public does not exist, and the restricted one is refused."""
    hidden, public = frozen(api), frozen(api, public=True)
    for who in (None, "contributor"):
        assert api.get(f"/v1/gap-reports/{hidden['id']}", who).status_code == 404
        assert api.get(f"/v1/gap-reports/{hidden['id']}/diff/{public['id']}", who).status_code == 404
        assert [one["id"] for one in api.get("/v1/gap-reports/editions", who).json()["items"]] == [public["id"]]
        assert api.get(f"/v1/gap-reports/{public['id']}?edition=restricted", who).status_code in {401, 403}
    assert len(api.get("/v1/gap-reports/editions?limit=1", "reviewer").json()["items"]) == 1
    assert len(api.get("/v1/gap-reports/editions?country=KEN", "reviewer").json()["items"]) == 2
    assert [api.post("/v1/gap-reports", {}, who).status_code for who in (None, "contributor")] == [401, 403]
    assert flag_id not in api.get(f"/v1/gap-reports/{hidden['id']}").text


def test_two_editions_are_compared(api, flag_id):
    """What is new and what became of each flag stands beside one another."""
    first = frozen(api)
    api.decide(flag_id, "rejected", "reviewer")
    other = api.published(id="B-2", name="Kwa Njenga", location={"lat": 0.62, "lon": 35.0})
    second = frozen(api)
    told = api.get(f"/v1/gap-reports/{first['id']}/diff/{second['id']}", "reviewer").json()
    changes = {one["flag_id"]: one["change"] for one in told["items"]}
    assert changes == {flag_id: "dismissed", other: "new"}
    assert (told["counted"], told["same"]) == ({"dismissed": 1, "new": 1}, 0)
    assert first["id"] in told["before"]
    back = api.get(f"/v1/gap-reports/{second['id']}/diff/{first['id']}", "reviewer").json()
    assert {one["flag_id"]: one["change"] for one in back["items"]}[other] == "gone"


def test_a_scope_is_frozen_with_its_edition(api, flag_id):
    """Editions are counted for each scope by itself; a unit, a list or a tag narrows its flags."""
    first, second, apart = frozen(api), frozen(api), frozen(api, source="ke-villages")
    assert [one["edition"] for one in (first, second, apart)] == [1, 2, 1]
    assert first["scope"]["tags"] == {"sdg": [], "factor": [], "theme": [], "group": []}
    other = frozen(api, admin="county=Nowhere")
    assert api.get(f"/v1/gap-reports/{other['id']}", "reviewer").json()["items"] == []
    (tag, *_) = api.get(f"/v1/flags/{flag_id}", "reviewer").json()["community"]["tags"]["sdg"]
    for codes, found in (([tag["code"]], True), (["5.2.1"], False)):
        told = api.get(f"/v1/gap-reports/{frozen(api, sdg=codes)['id']}", "reviewer").json()
        assert (flag_id in {item["id"] for item in told["items"]}) is found


def test_tables_hold_codes_and_labels(api, flag_id):
    """A row has its verdict and status as code and in words, latitude beside longitude."""
    address = f"/v1/gap-reports/{frozen(api)['id']}"
    (row,) = csv.DictReader(io.StringIO(api.get(f"{address}?f=csv", "reviewer").text, newline=""))
    assert (row["id"], row["verdict"], row["verdict_label"]) == (flag_id, "hidden_place", "Not found on the list")
    assert (row["lat"], row["lon"], row["country_name"], row["persons"]) == ("0.536", "35.0", "Kenya", "1200.0")
    names = list(row)
    assert names.index("lon") == names.index("lat") + 1
    (feature,) = api.get(f"{address}?f=geojson", "reviewer").json()["features"]
    assert feature["geometry"]["coordinates"] == [35.0, 0.536]
    excel = api.get(f"{address}?f=csv&for=excel&locale=fr", "reviewer").content.decode()
    assert excel.startswith("\N{ZERO WIDTH NO-BREAK SPACE}id;code;")
    assert ";0,536;35,0;" in excel
