"""The counts behind a flag over HTTP: combined, tested, drawn, and told to each caller as far as it may know."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from geodata.places import Places
from service import verify
from service.api.answers_counts import CountsShown
from service.api.answers_flag import FlagShown
from service.api.answers_report import GapReportShown
from service.api.passports import WHOLE

OFFICIAL = 240.0
DAY = date(2025, 10, 31)
HERE = {"location": {"lat": 0.5182, "lon": 35.0, "uncertainty_m": 100}}
NEARBY = {"location": {"lat": 0.5183, "lon": 35.0, "uncertainty_m": 100}}


@dataclass(frozen=True)
class Counted:
    """An official list whose entries all count the same number of persons."""

    listed: object
    persons: float

    def __getattr__(self, name):
        """Be the list in everything else."""
        return getattr(self.listed, name)

    def snapshot(self):
        """Return it with counts."""
        plain = self.listed.snapshot()
        count = {"value": self.persons, "unit": "persons", "date": DAY, "status": "observed"}
        empty = {"low": None, "high": None, "group": None, "method": None}
        rows = [row | {"counts": [count | empty]} for row in plain.places.table.to_pylist()]
        return replace(plain, places=Places.from_rows(rows))


@pytest.fixture
def counting(api, scene):
    """Give the application with a list that counts 240 in every village."""
    scene.publish(
        api.context, Counted(scene.official(scene.without("Bondeni"), vintage="2025", reference_date=DAY), OFFICIAL)
    )
    return api


def declare(api, who):
    """Declare all that is asked of a collection."""
    answer = api.client.put("/v1/collections/Roster%202025/passport", json=WHOLE, headers=api.key(who))
    assert answer.status_code in {200, 201}, answer.text


def sent(api, who, value, **parts):
    """Send a count of a listed village and return the record."""
    count = {"value": value, "unit": "persons", "method": "full enumeration", "date": str(DAY)}
    body = {**api.listed, **HERE, "counts": [count], "collection": "Roster 2025", **parts}
    answer = api.post("/v1/records", body, who)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def short(counting):
    """Give the flag of a village where two organisations count about 500."""
    for who in ("contributor", "stranger"):
        declare(counting, who)
    first = sent(counting, "contributor", 500, consent="public_exact")
    sent(counting, "stranger", 520, **NEARBY)
    return first["flag_id"]


def counts(api, flag_id, who=None):
    """Return the counts behind a flag as a caller reads them, in the declared shape."""
    answer = api.get(f"/v1/flags/{flag_id}/counts", who)
    assert answer.status_code == 200, answer.text
    CountsShown.model_validate_json(answer.content)
    return answer.json()


def publish(api, flag_id):
    """Let two people confirm and publish a flag."""
    assert api.decide(flag_id, "confirmed").status_code == 201
    assert api.decide(flag_id, "published", "admin").status_code == 201


def test_two_counts_decide_together(counting, short):
    """The flag's verdict comes from the common count, says so in one sentence, and names the official number."""
    flag = counting.get(f"/v1/flags/{short}", "reviewer").json()
    FlagShown.model_validate(flag)
    assert (flag["verdict"], flag["machine_verdict"]) == ("undercount", "undercount")
    persons = flag["corroboration"]["persons"]
    assert (persons["counts"], persons["conflicting"], persons["unit"]) == (2, False, "persons")
    assert 500 < persons["estimate"] < 520
    assert flag["reasons"][0] == persons["sentence"]
    assert persons["sentence"].startswith("Two organisations count 500 and 520; together 510 (")
    assert "of List ke-villages (2025) cover" in persons["sentence"]
    told = counts(counting, short, "reviewer")
    (test,) = told["tests"]
    assert (test["official_low"], test["citizen"]) == (OFFICIAL, pytest.approx(510, abs=1))
    assert test["p_under"] > 0.95
    assert test["list"]["title"] == "List ke-villages"
    assert [(claim["organisation"], claim["part"]) for claim in told["claims"]] == [
        ("map-kibera", "combined"),
        ("another-group", "combined"),
    ]


def test_counts_that_contradict_one_another_wait_for_a_person(counting, short):
    """A third count twice as high takes the undercount back, and says why."""
    declare(counting, "reviewer")
    sent(counting, "reviewer", 1_300, **NEARBY)
    flag = counting.get(f"/v1/flags/{short}", "reviewer").json()
    assert (flag["verdict"], flag["needs_review"]) == ("needs_review", True)
    assert "conflicting_counts" in flag["corroboration"]["persons"]["attributes"]
    assert "more than twice the smallest" in flag["reason"]


def test_a_count_that_contradicts_another_takes_its_undercount_back(counting):
    """What one record alone calls short, and two together cannot say, is for a person to see."""
    for who in ("contributor", "stranger"):
        declare(counting, who)
    flag_id = sent(counting, "contributor", 500)["flag_id"]
    assert counting.get(f"/v1/flags/{flag_id}", "reviewer").json()["verdict"] == "undercount"
    sent(counting, "stranger", 255, **NEARBY)
    flag = counting.get(f"/v1/flags/{flag_id}", "reviewer").json()
    assert (flag["verdict"], flag["status"], flag["needs_review"]) == ("needs_review", "open", True)
    assert flag["corroboration"]["persons"]["conflicting"]
    assert "differ by more than their methods allow" in flag["reason"]


def test_a_rough_count_beside_an_exact_one_raises_nothing(counting):
    """What one cannot tell and the other finds in agreement is in agreement."""
    for who in ("contributor", "stranger"):
        declare(counting, who)
    rough = [{"value": 420, "unit": "persons", "method": "key informants", "date": str(DAY)}]
    first = sent(counting, "contributor", 420, counts=rough)
    second = sent(counting, "stranger", 250, **NEARBY)
    assert second["community_id"] == first["community_id"]
    assert second["verdict"] == "consistent"
    assert counting.get("/v1/flags?status=open", "reviewer").json()["items"] == []


def test_verifying_again_changes_nothing_about_a_common_count(counting, short):
    """The flag keeps its version when everything is verified again on the same evidence."""
    before = counting.get(f"/v1/flags/{short}", "reviewer").json()
    verify.everything(counting.context)
    after = counting.get(f"/v1/flags/{short}", "reviewer").json()
    assert (after["version"], after["verdict"]) == (before["version"], before["verdict"])


def test_each_organisation_sees_its_own_number(counting, short):
    """A contributor reads its own count and the test of it; the other organisation's number is nowhere."""
    told = counts(counting, short, "contributor")
    assert [claim["value"] for claim in told["claims"]] == [500]
    assert told["combined"] is None
    assert [test["citizen"] for test in told["tests"]] == [500]
    flag = counting.get(f"/v1/flags/{short}", "contributor").text
    assert not re.search(r"\b520\b", str(told) + flag)
    assert "rests on more" not in flag  # the verdict is that of its own record: nothing tells of another
    declare(counting, "reviewer")
    sent(counting, "reviewer", 1_300, **NEARBY)
    changed = counting.get(f"/v1/flags/{short}", "contributor").json()
    assert (changed["verdict"], changed["reason"]) == ("needs_review", "The verdict rests on more than this record.")
    assert not re.search(r"\b1300\b", str(changed))


def test_outsiders_read_of_published_counts_only(counting, short):
    """An unpublished flag does not exist for others; a published one tells no number that other records gave."""
    assert counting.get(f"/v1/flags/{short}/counts").status_code == 404
    publish(counting, short)
    told = counts(counting, short)
    (test,) = told["tests"]
    assert (told["claims"], told["combined"]) == ([], None)
    assert (test["citizen"], test["official_low"], test["ratio"], test["shortfall"]) == (None, None, None, None)
    assert test["p_under"] == 1.0
    assert set(told["withheld"]) == {"claims", "combined", "tests"}


@pytest.mark.parametrize(("consent", "numbers"), [("public_exact", (500, OFFICIAL)), ("public_masked", (None, None))])
def test_an_official_number_names_no_blurred_community(counting, consent, numbers):
    """Outsiders read the official number only where the community agreed to be shown by name and place."""
    declare(counting, "contributor")
    flag_id = sent(counting, "contributor", 500, consent=consent)["flag_id"]
    publish(counting, flag_id)
    assert counting.get(f"/v1/flags/{flag_id}/counts", "stranger").json() == counts(counting, flag_id)
    (test,) = counts(counting, flag_id)["tests"]
    assert (test["citizen"], test["official_low"]) == numbers
    assert test["official_id"] is None
    if consent == "public_masked":
        # as a number: three digits may well stand in an identifier
        assert not re.search(rf"\b{OFFICIAL:.0f}\b", str(counts(counting, flag_id)))
        assert not re.search(rf"\b{OFFICIAL:.0f}\b", counting.get(f"/v1/flags/{flag_id}/counts?f=svg").text)


@pytest.mark.parametrize("who", ["reviewer", "contributor"])
def test_the_counts_are_drawn(counting, short, who):
    """?f=svg and Accept draw a picture that says in words what it shows; other formats are refused."""
    answer = counting.get(f"/v1/flags/{short}/counts?f=svg", who)
    assert answer.headers["content-type"] == "image/svg+xml"
    root = ET.fromstring(answer.content)  # noqa: S314 - our own
    said = {child.tag.rpartition("}")[2]: child.text for child in root}
    assert said["title"] == "Counts of Lindi"
    assert ("together" in said["desc"]) == (who == "reviewer")
    accepted = counting.get(f"/v1/flags/{short}/counts", who, headers={"Accept": "image/svg+xml"})
    assert accepted.content == answer.content
    assert counting.get(f"/v1/flags/{short}/counts?f=csv", who).status_code == 422
    assert counting.get(f"/v1/flags/{short}/counts", who, headers={"Accept": "text/csv"}).status_code == 406


def test_a_report_lists_undercounts_apart(counting, short):
    """The report lists what is short with its probability, what the list comes to, and never adds it to the absent."""
    heads = [{"value": 90, "unit": "persons", "method": "full enumeration", "date": str(DAY)}]
    counting.post("/v1/records", {**counting.absent, "counts": heads})
    answer = counting.get("/v1/gap-reports", "reviewer")
    told = GapReportShown.model_validate_json(answer.content).model_dump()
    assert told["people"]["estimate"] == 90
    short_of = told["undercounts"]
    assert [(item["flag_id"], item["publishable"]) for item in short_of["items"]] == [(short, True)]
    assert short_of["people"]["estimate"] == pytest.approx(270, abs=30)
    assert short_of["people"]["low"] < short_of["people"]["estimate"] < short_of["people"]["high"]
    assert short_of["expected_false"] < 0.05
    assert "apart" in short_of["note"]


def test_the_public_edition_lists_published_undercounts_only(counting, short):
    """Before it is published there is nothing; after, a probability, and no number that would tell another's."""
    assert counting.get("/v1/gap-reports").json()["undercounts"]["items"] == []
    publish(counting, short)
    told = counting.get("/v1/gap-reports").json()["undercounts"]
    (item,) = told["items"]
    assert (item["flag_id"], item["shortfall"], item["publishable"]) == (short, None, True)
    assert (told["people"]["estimate"], told["people"]["communities"]) == (None, 0)
    assert "left out" in told["people"]["withheld"]


def test_a_public_total_holds_public_shortfalls_only(counting):
    """What is short of a community shown by name and place is added up, rounded; a blurred one's is left out."""
    declare(counting, "contributor")
    turbo = {"name": "Turbo", "location": {"lat": 0.5272, "lon": 35.0, "uncertainty_m": 100}}
    for consent, parts in (("public_exact", {}), ("public_masked", turbo)):
        publish(counting, sent(counting, "contributor", 503, consent=consent, **parts)["flag_id"])
    told = counting.get("/v1/gap-reports").json()["undercounts"]
    assert sorted((item["shortfall"] is None, item["publishable"]) for item in told["items"]) == [
        (False, True),
        (True, True),
    ]
    people = told["people"]
    (known,) = [item["shortfall"] for item in told["items"] if item["shortfall"] is not None]
    assert (people["communities"], people["estimate"]) == (1, known)
    assert people["estimate"] % 5 == 0
    assert "left out" in people["withheld"]
    whole = counting.get("/v1/gap-reports", "reviewer").json()["undercounts"]["people"]
    assert (whole["communities"], whole["withheld"]) == (2, None)
    assert whole["estimate"] > people["estimate"]


@pytest.mark.usefixtures("short")
def test_gaps_are_told_and_drawn_by_region(counting):
    """Regions count what stands where; outsiders read no small number, and the picture holds what the JSON says."""
    units = {"admin": {"county": "Nandi"}}
    counting.post("/v1/records", {**counting.absent, **units, "consent": "public_exact"})
    for village, lat in (("Turbo", 0.527), ("Soi", 0.554)):
        counting.post(
            "/v1/records",
            {
                "name": village,
                "country": "KEN",
                "kind": "village",
                **units,
                "location": {"lat": lat, "lon": 35.0, "uncertainty_m": 100},
            },
        )
    told = counting.get("/v1/gap-reports", "reviewer").json()["regions"]
    assert told["level"] == "county"
    assert [(one["area"], one["hidden"], one["undercount"], one["consistent"]) for one in told["items"]] == [
        ("Nandi", 1, 0, 2),
        (None, 0, 1, 0),
    ]
    drawn = counting.get("/v1/gap-reports?f=svg", "reviewer")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert "Nandi" in drawn.text
    assert "1 not on the list, 2 consistent" in drawn.text
    flag_id = counting.get("/v1/flags?verdict=hidden_place", "reviewer").json()["items"][0]["id"]
    publish(counting, flag_id)
    (public,) = counting.get("/v1/gap-reports").json()["regions"]["items"]
    assert (public["area"], public["hidden"], public["consistent"]) == ("Nandi", None, 0)
    assert public["withheld"] == "under 10"
