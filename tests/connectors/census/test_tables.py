"""Whole tables, detailed groups and native areas of the US Census."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from connectors.census import CensusConnector
from connectors.census.tables import NATIVE_AREAS
from connectors.client import Client
from connectors.contract import check
from connectors.errors import RequestRefused, SourceChanged
from connectors.snapshot import Snapshot
from geodata.counts.coverage import Basis, Treatment

KEY = "0123456789abcdef0123456789abcdef"
DETAILED = {"key": KEY, "dataset": "dec/ddhca", "variables": "T01001_001N", "for": "county:*", "POPGROUP": "1114"}
RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded" / "census"
Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]

needs_recorded = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded Census bodies are missing: census")


def fetch(transport: httpx.BaseTransport, request: dict[str, str]) -> Snapshot:
    """Fetch over a transport."""
    with Client(transport=transport) as client:
        return CensusConnector().fetch(client, request)


def test_a_detailed_group_is_part_of_the_indicator(answering: Answering, specimen: Specimen):
    """A tribe's count names its group, says what the code means, and that a missing group is not zero."""
    asked: list[httpx.Request] = []
    snapshot = check(
        CensusConnector(), DETAILED, answering(("/2020/dec/ddhca", 200, specimen("census/detailed.json")), asked=asked)
    )
    assert dict(asked[0].url.params) == {
        "get": "NAME,GEO_ID,POPGROUP,POPGROUP_LABEL,T01001_001N",
        "for": "county:*",
        "POPGROUP": "1114",
        "key": KEY,
    }
    assert snapshot.observations is not None
    rows = snapshot.observations.to_pylist()
    assert [(row["area_name"], row["indicator"], row["value"]) for row in rows] == [
        ("A county", "T01001_001N|POPGROUP=1114", "312"),
        ("B county", "T01001_001N|POPGROUP=1114", "22"),
    ]
    assert "POPGROUP 1114 is A made-up nation alone" in snapshot.coverage.notes
    assert any("a group that is missing is not zero" in caveat for caveat in snapshot.provenance.caveats)


def test_several_groups_are_asked_one_by_one(answering: Answering, specimen: Specimen):
    """Each group has its own call; one that is not published there leaves the others as they are."""
    asked: list[httpx.Request] = []
    answer = answering(
        ("POPGROUP=1115", 204, b""), ("/2020/dec/ddhca", 200, specimen("census/detailed.json")), asked=asked
    )
    snapshot = fetch(answer(), DETAILED | {"POPGROUP": "1115, 1114"})
    assert [request.url.params["POPGROUP"] for request in asked] == ["1115", "1114"]
    assert snapshot.observations is not None
    assert snapshot.observations.num_rows == 2


def test_all_groups_come_in_one_call():
    """With * the same area comes once for each group, and nothing is mixed up."""
    header = ["NAME", "GEO_ID", "POPGROUP", "POPGROUP_LABEL", "T01001_001N"]
    rows = [["A", "0500000US04001", str(code), f"Group {code}", str(code)] for code in range(1000, 1100)]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=[header, *rows]))
    snapshot = fetch(transport, DETAILED | {"POPGROUP": "*"})
    assert snapshot.observations is not None
    assert {(row["indicator"][-4:], row["value"]) for row in snapshot.observations.to_pylist()} == {
        (str(code), str(code)) for code in range(1000, 1100)
    }
    assert any(note.startswith("100 groups;") for note in snapshot.coverage.notes)


def test_a_foreign_group_is_not_taken(answering: Answering, specimen: Specimen):
    """A service that answers about another group than the one asked for has changed."""
    with pytest.raises(SourceChanged, match="group 1114 came where 1200 was asked for"):
        fetch(answering(("/2020/dec/ddhca", 200, specimen("census/detailed.json")))(), DETAILED | {"POPGROUP": "1200"})


def test_a_whole_table_is_one_call(answering: Answering, specimen: Specimen):
    """`table` lifts the limit of fifty variables; every figure of it comes, and no annotation is taken for one."""
    asked: list[httpx.Request] = []
    request = {"key": KEY, "dataset": "dec/dhc", "table": "P12", "for": "state:*"}
    snapshot = check(
        CensusConnector(), request, answering(("/2020/dec/dhc", 200, specimen("census/table.json")), asked=asked)
    )
    assert asked[0].url.params["get"] == "group(P12)"
    assert snapshot.observations is not None
    rows = snapshot.observations.to_pylist()
    assert [(row["area"], row["indicator"], row["value"], row["status"]) for row in rows] == [
        ("0400000US04", "P12_001N", "120", "observed"),
        ("0400000US04", "P12_002N", "61", "observed"),
        ("0400000US05", "P12_001N", "0", "true_zero"),
        ("0400000US05", "P12_002N", "0", "true_zero"),
    ]


def test_tables_may_be_published_for_different_areas(specimen: Specimen):
    """A small group has its total and no table by age: what there is comes, and what is missing is not made up."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "T02001" not in request.url.params["get"]:
            return httpx.Response(200, content=specimen("census/detailed.json"))
        header = ["GEO_ID", "NAME", "T02001_001N", "POPGROUP"]
        return httpx.Response(200, json=[header, ["0500000US04001", "A county", "312", "1114"]])

    request = DETAILED | {"table": "T01001,T02001", "variables": ""}
    snapshot = fetch(httpx.MockTransport(answer), request)
    assert snapshot.observations is not None
    assert sorted((row["area"][-5:], row["indicator"][:6]) for row in snapshot.observations.to_pylist()) == [
        ("04001", "T01001"),
        ("04001", "T02001"),
        ("04003", "T01001"),
    ]


def test_a_table_without_its_figures_is_a_change(answering: Answering, specimen: Specimen):
    """An answer about another table is not taken for an empty one."""
    request = {"key": KEY, "dataset": "dec/dhc", "table": "P13", "for": "state:*"}
    with pytest.raises(SourceChanged, match="no figures of P13"):
        fetch(answering(("/2020/dec/dhc", 200, specimen("census/table.json")))(), request)


@pytest.mark.parametrize("areas", NATIVE_AREAS)
def test_native_areas_have_words(areas: str):
    """American Indian, Alaska Native and Hawaiian areas of each kind are asked for by the name the service has."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=[["NAME", "GEO_ID", "P1_001N"], ["A", "2500000US0010", "5"]])

    snapshot = fetch(
        httpx.MockTransport(answer), {"key": KEY, "areas": areas, "variables": "P1_001N", "in": "state:04"}
    )
    assert asked[0].url.params["for"] == NATIVE_AREAS[areas]
    assert snapshot.coverage.lowest_level == NATIVE_AREAS[areas].removesuffix(":*")
    assert any("cross state lines" in one for one in snapshot.provenance.caveats) == (areas == "aiannh-parts")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"areas": "parks"}, "areas=parks is not known"),
        ({"dataset": "dec/ddhcb", "table": "T03001"}, "dec/ddhcb holds figures by group only"),
        ({"POPGROUP": "Cherokee"}, "POPGROUP=Cherokee is no group"),
        ({"table": "P12)&key=x"}, "is no table"),
        ({"table": "P12", "variables": "P1_001N"}, "both table and variables"),
        ({"year": "latest"}, "year=latest is no year"),
    ],
)
def test_a_question_that_cannot_be_is_not_asked(answering: Answering, options: dict[str, str], said: str):
    """What is wrong is said before the network is touched."""
    with pytest.raises(RequestRefused) as caught:
        fetch(answering()(), {"key": KEY, **options})
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("year", "areas", "told"), [("2024", "county:*", True), ("2021", "county:*", False), ("2024", "state:*", False)]
)
def test_connecticut_is_told(year: str, areas: str, *, told: bool):
    """Since 2022 the Survey has planning regions where Connecticut had counties."""
    header = ["NAME", "GEO_ID", *(f"B01003_001{ending}" for ending in ("E", "EA", "M", "MA"))]
    row = ["A", "0500000US09110", "10", None, "3", None]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=[header, row]))
    request = {"key": KEY, "year": year, "dataset": "acs/acs5", "variables": "B01003_001E", "for": areas}
    snapshot = fetch(transport, request)
    assert any("planning regions" in one for one in snapshot.provenance.caveats) == told
    assert snapshot.coverage.counts is not None
    assert snapshot.coverage.counts.basis is Basis.SURVEY
    assert snapshot.coverage.counts.disclosure.treatment is Treatment.MARGIN
    assert snapshot.coverage.counts.disclosure.level == 90
    assert snapshot.coverage.counts.disclosure.margin is None  # each count has its own


@needs_recorded
def test_a_recorded_table_of_the_survey_is_read_whole():
    """Twenty-six estimates of the nation come with their margins; one that is controlled has none (CE5)."""
    content = (RECORDED / "acs1_2024_group_B09019_ucgid_us.json").read_bytes()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=content))
    request = {"key": KEY, "year": "2024", "dataset": "acs/acs1", "table": "B09019", "for": "us:1"}
    snapshot = fetch(transport, request)
    assert snapshot.observations is not None
    rows = {row["indicator"]: row for row in snapshot.observations.to_pylist()}
    assert len(rows) == 26
    assert (rows["B09019_001E"]["status"], rows["B09019_001E"]["margin"]) == ("controlled", "0")
    assert sum(int(row["margin"] or 0) > 0 for row in rows.values()) > 20
