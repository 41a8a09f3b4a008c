"""Tags over HTTP: lists are narrowed by them, and no filter or total tells what is not shown."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import update

from service.app import _catch_up
from service.store.records import RECORDS

SLUM = {"kind": "informal settlement"}


def asked(api, who: str | None, query: str) -> dict:
    """Return what a caller is told under one filter, everywhere it can be used, but when and under which id."""
    flags, kept = (api.get(f"/v1/{path}?{query}", who).json() for path in ("flags", "records"))
    report = api.get(f"/v1/gap-reports?{query}", who).json()
    del report["generated_at"]
    return {"flags": flags, "records": kept, "report": report}


@pytest.mark.parametrize("code", ["11", "11.1", "11.1.1"])
def test_lists_are_narrowed_by_goal_target_and_indicator(sqlite_api, code):
    """A goal or target stands for everything under it; its neighbours for nothing of it."""
    sent = sqlite_api.post("/v1/records", {**sqlite_api.absent, **SLUM}).json()
    for who in ("contributor", "reviewer", "admin"):
        told = asked(sqlite_api, who, f"sdg={code}")
        assert [flag["id"] for flag in told["flags"]["items"]] == [sent["flag_id"]]
        assert [record["id"] for record in told["records"]["items"]] == [sent["id"]]
        assert [flag["id"] for flag in told["report"]["items"]] == [sent["flag_id"]]
        assert told["report"]["scope"]["tags"] == {"sdg": [code], "factor": [], "theme": [], "group": []}
    for other in ("11.2", "1.1", "8"):
        told = asked(sqlite_api, "admin", f"sdg={other}")
        assert (told["flags"]["items"], told["records"]["items"], told["report"]["verdicts"]) == ([], [], {})


def test_kinds_of_tag_narrow_together_and_codes_of_one_kind_widen(api):
    """Goal and factor both have to hold; of several codes of one kind one is enough."""
    for body in ({**api.absent, **SLUM, "groups": ["Fishers"]}, {**api.absent, "id": "2", "drivers": ["floods"]}):
        assert api.post("/v1/records", body).status_code == 201
    counted = {
        query: api.get(f"/v1/records?{query}", "contributor").json()["numberReturned"]
        for query in (
            "sdg=11.1.1&factor=geography",
            "sdg=11.1.1&factor=shocks",
            "factor=geography&factor=shocks",
            "sdg=11.5&sdg=6",
            "theme=disability",
            "factor=governance",
            "sdg=17.18",
        )
    }
    assert list(counted.values()) == [1, 0, 2, 2, 0, 2, 2]


def test_only_flags_are_found_by_what_a_flag_evidences(sqlite_api):
    """A listed village bears on no statistics; the same filter finds the one that is not listed."""
    listed = sqlite_api.post("/v1/records", sqlite_api.listed).json()
    absent = sqlite_api.post("/v1/records", sqlite_api.absent).json()
    assert (listed["flag_id"], listed["tags"]["sdg"]) == (None, [])
    told = asked(sqlite_api, "contributor", "sdg=17.18")
    assert [record["id"] for record in told["records"]["items"]] == [absent["id"]]
    assert told["report"]["verdicts"] == {"hidden_place": 1}


@pytest.mark.parametrize("who", [None, "stranger"])
def test_a_filter_is_no_way_to_find_a_withheld_group(sqlite_api, who):
    """A published community is shown without its groups: asking for them finds, counts and totals nothing."""
    queries = ("theme=disability", "sdg=4.5.1", "group=deaf", "group=persons-with-disabilities")
    before = {query: asked(sqlite_api, who, query) for query in queries}
    flag = sqlite_api.published(groups=["Deaf"], drivers=["floods"], consent="public_masked")
    for query, told in before.items():
        assert asked(sqlite_api, who, query) == told
    assert asked(sqlite_api, who, "factor=shocks")["flags"]["items"] == []
    (shown,) = sqlite_api.get("/v1/flags?sdg=17.18", who).json()["items"]
    assert shown["id"] == flag
    assert {tag["code"] for tag in shown["community"]["tags"]["sdg"]} == {"17.18", "17.19.2"}
    for insider in ("contributor", "reviewer"):
        for query in ("theme=disability", "group=deaf"):
            assert len(asked(sqlite_api, insider, query)["flags"]["items"]) == 1


@pytest.mark.parametrize("who", [None, "stranger", "reviewer"])
@pytest.mark.parametrize("place", ["absent", "listed"])
def test_a_closed_group_is_found_by_no_filter(sqlite_api, who, place):
    """Planted, flagged or not, published or not: every answer is the one there was before."""
    queries = ("theme=gender-equality", "sdg=5", "sdg=10.3.1", "factor=discrimination", "group=lgbtqi")
    before = {query: asked(sqlite_api, who, query) for query in queries}
    sent = {**getattr(sqlite_api, place), "groups": ["LGBTQI+"], "consent": "public_exact"}
    kept = sqlite_api.post("/v1/records", sent).json()
    if kept["flag_id"]:
        assert sqlite_api.decide(kept["flag_id"], "confirmed", "admin").status_code == 201
    for query, told in before.items():
        now = asked(sqlite_api, who, query)
        assert (now["flags"], now["records"]) == (told["flags"], told["records"])
        assert now["report"]["verdicts"] == now["report"]["statuses"] == {}
        assert now["report"]["by_tag"] == told["report"]["by_tag"]
    for query in ("theme=gender-equality", "group=lgbtqi"):
        found = asked(sqlite_api, "admin", query)["records"]["items"]
        assert [record["id"] for record in found] == [kept["id"]]


def test_a_report_counts_flags_per_tag(sqlite_api):
    """Insiders read every number, the public none under ten; sets of factors are counted as sets."""
    sqlite_api.published(**SLUM, groups=["Fishers"])
    told = sqlite_api.get("/v1/gap-reports", "reviewer").json()["by_tag"]
    assert told["sdg"]["11.1.1"] == told["sdg"]["17.18"] == 1
    assert told["seeds"] == {"fisherfolk": 1}
    assert told["factors_together"] == {"geography + governance + socio-economic": 1}
    public = sqlite_api.get("/v1/gap-reports").json()["by_tag"]
    assert public["sdg"]["11.1.1"] is None
    assert {number for kind in public.values() for number in kind.values()} == {None}


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("theme=sports", "gender-equality"),
        ("sdg=18", "Write a goal"),
        ("factor=luck", "discrimination"),
        ("group=nobody", "such as deaf"),
    ],
)
@pytest.mark.parametrize("path", ["flags", "records", "gap-reports"])
def test_a_code_that_there_is_not_is_refused_with_those_there_are(sqlite_api, path, query, hint):
    """A slip of the pen is not answered with an empty list."""
    answer = sqlite_api.get(f"/v1/{path}?{query}", "reviewer")
    assert answer.status_code == 422
    assert hint in answer.text


def test_tags_open_in_a_spreadsheet_and_on_a_map(sqlite_api):
    """One column holds them all, kind and code."""
    sqlite_api.published(**SLUM)
    (row,) = csv.DictReader(io.StringIO(sqlite_api.get("/v1/flags?f=csv").text, newline=""))
    assert {"sdg:11.1.1", "factor:geography", "dimension:location"} <= set(row["tags"].split("; "))
    (feature,) = sqlite_api.get("/v1/flags?f=geojson").json()["features"]
    assert feature["properties"]["tags"] == row["tags"]


def test_what_older_rules_tagged_is_found_again_after_a_start(sqlite_api):
    """Until then no filter finds it, though its tags are shown: what is kept may not say what is no longer so."""
    kept = sqlite_api.post("/v1/records", {**sqlite_api.absent, **SLUM}).json()
    with sqlite_api.context.store.begin() as session:
        session.execute(update(RECORDS).values(tagged_by="older rules"))
    address = "/v1/records?sdg=11.1.1"
    assert sqlite_api.get(address, "contributor").json()["items"] == []
    told = sqlite_api.get(f"/v1/records/{kept['id']}", "contributor").json()
    assert told["tags"] == kept["tags"]
    _catch_up(sqlite_api.context)
    assert [record["id"] for record in sqlite_api.get(address, "contributor").json()["items"]] == [kept["id"]]
