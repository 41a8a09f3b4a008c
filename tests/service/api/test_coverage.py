"""Coverage over HTTP: what each caller is told of how many communities are on no list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from service.api.passports import WHOLE
from service.store import editions

SYLLABLES = np.array([one + other for one in "bcdfghjklmnprstvwz" for other in "aeiou"])
DRAW = np.random.default_rng(8)
NAMES = ["".join(SYLLABLES[DRAW.permutation(len(SYLLABLES))[:4]]).title() for _ in range(60)]
#: Sixty villages on a grid of three kilometres.
GRID = [(name, 0.5 + 0.03 * (at // 10), 35.0 + 0.03 * (at % 10)) for at, name in enumerate(NAMES)]
#: Every fourth from the twentieth on.
ABSENT = frozenset(range(21, 60, 4))
LISTED = [village for at, village in enumerate(GRID) if at not in ABSENT]


def body(at: int, **parts: Any) -> dict[str, Any]:
    """Return a record of one village of the grid."""
    name, lat, lon = GRID[at]
    place = {"lat": lat, "lon": lon, "uncertainty_m": 100}
    given = {"id": f"r{at}", "name": name, "country": "KEN", "kind": "village", "location": place}
    return {**given, "admin": {"county": "Turkana" if at % 2 else "Marsabit"}, **parts}


def send(api: Any, who: str, rows: Any, **parts: Any) -> None:
    """Send records of villages."""
    answer = api.post("/v1/records/batch", [body(at, **parts) for at in rows], who)
    assert answer.status_code == 200, answer.text


def codes(told: dict[str, Any]) -> set[str]:
    """Return the codes of the refusals."""
    return {refusal["code"] for refusal in told["refusals"]}


def size(told: dict[str, Any], name: str) -> int | None:
    """Return how many one list has."""
    return next(one["size"] for one in told["lists"] if one["name"] == name)


@pytest.fixture
def two(sqlite_api: Any, scene: Any) -> Any:
    """Publish forty-five of sixty villages, and let two organisations send thirty each, of which they share ten."""
    scene.publish(sqlite_api.context, scene.official(LISTED, vintage="2024"))
    send(sqlite_api, "contributor", range(20, 50), consent="public_aggregate", collection="health")
    send(sqlite_api, "stranger", range(30, 60), consent="internal")
    return sqlite_api


def test_a_reviewer_sees_every_list_every_number_and_why_there_is_no_total(two: Any) -> None:
    """Entries that nobody named count as on the official list alone; links that nobody judged refuse a total."""
    told = two.get("/v1/coverage?country=KEN", "reviewer").json()
    assert [one["name"] for one in told["lists"]] == ["another-group", "map-kibera", "ke-villages"]
    assert [one["size"] for one in told["lists"]] == [30, 30, 50]
    assert told["at_least"] == 60
    on = {frozenset(one["on"]): one["count"] for one in told["histories"]}
    assert on[frozenset({"ke-villages"})] == 20
    assert on[frozenset({"another-group"})] == 2
    assert told["total"] is None
    assert codes(told) == {"links_unmeasured"}
    assert told["summary"][0].startswith("At least 60 communities are on one or more of the 3 lists")
    assert told["withheld"] is None
    assert len(told["assumptions"]) >= 4


def test_lists_of_one_organisation_and_seeded_lists_are_not_independent(two: Any) -> None:
    """Its collections share a source, and what was made from a list proves nothing about it."""
    path = "/v1/coverage?lists=map-kibera&lists=map-kibera/health&lists=ke-villages"
    told = two.get(path, "reviewer").json()
    assert "shared_source" in codes(told)
    assert "one organisation made both" in told["refusals"][0]["reason"]
    seeded = two.get("/v1/coverage?lists=map-kibera&lists=ke-villages&seeded=map-kibera:ke-villages", "reviewer").json()
    assert "map-kibera was made from ke-villages" in seeded["refusals"][0]["reason"]


def test_a_list_that_started_from_the_official_one_by_its_passport_is_refused(two: Any) -> None:
    """Nobody has to declare it again."""
    passport = {**WHOLE, "seed_lists": ["ke-villages"]}
    answer = two.client.put("/v1/collections/health/passport", json=passport, headers=two.key("contributor"))
    assert answer.is_success, answer.text
    told = two.get("/v1/coverage?lists=map-kibera&lists=ke-villages", "reviewer").json()
    assert "by its passport it started from that list" in told["refusals"][0]["reason"]


def test_anonymous_callers_are_told_a_whole_country_without_organisations_or_small_numbers(two: Any) -> None:
    """All organisations are one list, of communities that agreed to totals; eight in one combination withhold all."""
    told = two.get("/v1/coverage?country=KEN").json()
    assert [one["name"] for one in told["lists"]] == ["citizens", "ke-villages"]
    assert told["at_least"] is None
    assert told["refusals"] == []
    assert [one["size"] for one in told["lists"]] == [None, None]
    assert all(one["count"] is None for one in told["histories"])
    assert all(one["both"] is None for one in told["overlaps"])
    assert told["unknown"] is None
    assert "fewer than 10" in told["withheld"]
    assert "map-kibera" not in str(told)


def test_anonymous_callers_are_told_rounded_numbers_where_all_are_large(two: Any) -> None:
    """With ten or more in every combination nothing can be worked out."""
    send(two, "contributor", range(50, 60), consent="public_aggregate", collection="health")
    told = two.get("/v1/coverage?country=KEN").json()
    assert {frozenset(one["on"]): one["count"] for one in told["histories"]} == {
        frozenset({"citizens", "ke-villages"}): 30,
        frozenset({"citizens"}): 10,
        frozenset({"ke-villages"}): 20,
    }
    assert told["withheld"] is None


@pytest.mark.parametrize("asked", ["admin=Turkana", "kind=village", "stratify=kind"])
def test_parts_of_a_country_are_for_those_who_work_with_the_records(two: Any, asked: str) -> None:
    """Nobody in particular needs a key; a foreign contributor may not either, but about its own list."""
    assert two.get(f"/v1/coverage?country=KEN&{asked}").status_code == 401
    refused = two.get(f"/v1/coverage?country=KEN&lists=citizens&lists=ke-villages&{asked}", "stranger")
    assert refused.status_code == 403
    assert two.get(f"/v1/coverage?country=KEN&{asked}", "stranger").status_code == 200
    assert two.get(f"/v1/coverage?country=KEN&{asked}", "reviewer").status_code == 200


def test_a_foreign_contributor_is_told_nothing_of_another_organisations_list(two: Any) -> None:
    """It answers as for a list that does not exist, and its own list holds its own records only."""
    refused = two.get("/v1/coverage?lists=map-kibera&lists=ke-villages", "stranger")
    nowhere = two.get("/v1/coverage?lists=nowhere&lists=ke-villages", "stranger")
    assert refused.status_code == nowhere.status_code == 422
    assert refused.json()["detail"].replace("map-kibera", "nowhere") == nowhere.json()["detail"]
    told = two.get("/v1/coverage", "stranger").json()
    assert [one["name"] for one in told["lists"]] == ["another-group", "ke-villages"]
    assert size(told, "another-group") == 30


@pytest.mark.parametrize("sensitivity", ["restricted", "closed"])
def test_communities_that_may_not_be_shown_are_in_no_number_for_outsiders(
    sqlite_api: Any, scene: Any, sensitivity: str
) -> None:
    """Not even where another record of the same community is open; their own organisation counts them."""
    scene.publish(sqlite_api.context, scene.official(LISTED, vintage="2024"))
    five, others = (30, 31, 32, 34, 35), (36, 38, 39, 40, 42)
    send(sqlite_api, "contributor", [at for at in range(20, 60) if at not in five], consent="public_aggregate")
    together = frozenset({"citizens", "ke-villages"})

    def counts() -> dict[frozenset[str], int]:
        told = sqlite_api.get("/v1/coverage?country=KEN").json()
        return {frozenset(one["on"]): one["count"] for one in told["histories"]}

    before = counts()
    send(sqlite_api, "contributor", five, consent="public_aggregate", sensitivity=sensitivity)
    assert counts() == before
    own = sqlite_api.get("/v1/coverage?country=KEN", "contributor").json()
    assert size(own, "map-kibera") == 40
    reviewed = sqlite_api.get("/v1/coverage?country=KEN&lists=map-kibera&lists=ke-villages", "reviewer").json()
    assert size(reviewed, "map-kibera") == (35 if sensitivity == "closed" else 40)
    send(sqlite_api, "stranger", others, sensitivity=sensitivity)
    gathered = 0 if sensitivity == "closed" else 5  # closed records are never gathered with those of others
    assert counts() == before  # five fewer wait for ten, so that two readings do not tell of them
    sqlite_api.context.store.write(lambda session: editions.supersede(session, datetime.now(UTC)))
    assert counts()[together] == (None if gathered else before[together])


def test_strata_are_told_apart_and_summed(two: Any) -> None:
    """By county and kind, with the whole beside them."""
    told = two.get("/v1/coverage?lists=map-kibera&lists=ke-villages&stratify=kind", "reviewer").json()
    assert set(told["stratified"]["strata"]) == {"village"}
    assert told["stratified"]["strata"]["village"]["at_least"] == told["at_least"]
    assert two.get("/v1/coverage?kind=nonsense", "reviewer").status_code == 422


def test_open_questions_are_left_out_and_counted(two: Any) -> None:
    """A record that was not compared yet is unknown to the official list, not absent from it."""
    odd = {"lat": 0.5, "lon": 35.0, "uncertainty_m": 40000}
    for number in range(8):
        two.post("/v1/records", body(0, id=f"odd{number}", name=f"Kaka{number}ndo Ka", location=odd))
    told = two.get("/v1/coverage?lists=map-kibera&lists=ke-villages", "reviewer").json()
    assert told["unknown"] + told["outside"] > 0


def test_the_overlap_is_drawn(two: Any) -> None:
    """SVG by `f` and by Accept, which says in words what it shows."""
    drawn = two.get("/v1/coverage?country=KEN&f=svg", "reviewer")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    told = "".join(ET.fromstring(drawn.content).itertext())  # noqa: S314 - our own bytes
    assert "How 3 lists overlap: 60 communities on one or more" in told
    assert "20 on ke-villages only" in told
    accepted = two.get("/v1/coverage", headers={"Accept": "image/svg+xml"})
    assert accepted.headers["content-type"].startswith("image/svg+xml")
    assert "withheld" in accepted.text
    assert two.get("/v1/coverage?f=csv").status_code == 422


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("lists=map-kibera&lists=map-kibera&lists=ke-villages", "map-kibera is there twice"),
        ("&".join(f"lists=map-kibera/{one}" for one in "abcdef"), "6 lists are more"),
        ("lists=map-kibera&lists=ke-villages&seeded=nonsense", "does not say which list"),
        ("lists=map-kibera&lists=ke-villages&seeded=a:b", "no list a"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(two: Any, asked: str, said: str) -> None:
    """Never a number."""
    answer = two.get(f"/v1/coverage?{asked}", "reviewer")
    assert answer.status_code == 422, answer.text
    assert said in answer.json()["detail"]


def test_two_official_lists_must_be_chosen_from(two: Any, scene: Any) -> None:
    """They were never linked with one another."""
    scene.publish(two.context, scene.official(LISTED[:10], source="ke-other"))
    both = two.get("/v1/coverage?lists=map-kibera&lists=ke-villages&lists=ke-other", "reviewer")
    assert both.status_code == 422
    assert "never linked" in both.json()["detail"]
    assert "Several official lists" in two.get("/v1/coverage", "reviewer").json()["detail"]


def test_organisations_that_know_nothing_of_a_country_are_no_lists_of_it(two: Any) -> None:
    """A question about Kenya is not answered by whoever sent records of Uganda alone."""
    moroto = {"id": "u1", "name": "Moroto", "country": "UGA", "location": {"lat": 2.5345, "lon": 34.6669}}
    assert two.post("/v1/records", moroto, "admin").status_code == 201
    told = two.get("/v1/coverage?country=KEN", "reviewer").json()
    assert [one["name"] for one in told["lists"]] == ["another-group", "map-kibera", "ke-villages"]
