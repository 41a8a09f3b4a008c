"""COD tables of every layout give units and figures; P-codes stay text; what looks wrong gets a proposal."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.client import Client
from connectors.cod import CodConnector
from connectors.cod.layouts import NoUnits, group_of, layout_of
from connectors.cod.pcodes import Known, Unit, check_pcodes
from connectors.contract import check
from connectors.errors import AccessRefused, ConnectorError, RequestRefused, SourceChanged, UnreadableFile
from connectors.snapshot import Snapshot
from geodata.counts.coverage import Basis, CountCoverage
from tests.specimens.saving import workbook

Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]


@pytest.fixture
def fetch(specimens: Path) -> Callable[..., Snapshot]:
    """Give a way to fetch a specimen from the disk."""

    def from_disk(name: str = "xyz_admpop_adm2_2019.csv", **request: str) -> Snapshot:
        paths = {"path": str(specimens / "cod" / name), "metadata": str(specimens / "cod/package_show.json")}
        with Client() as client:
            return CodConnector().fetch(client, paths | request)

    return from_disk


def cells(snapshot: Snapshot) -> dict[tuple[str, str], tuple[Any, str]]:
    """Return (P-code, group) -> value and status."""
    assert snapshot.observations is not None
    return {(row["area"], row["indicator"]): (row["value"], row["status"]) for row in snapshot.observations.to_pylist()}


def test_units_keep_their_codes_as_text(fetch: Callable[..., Snapshot]):
    """Leading zeros stay, tags are no row, names come with their languages, and the country is that of the dataset."""
    places = fetch().places
    assert places is not None
    assert places.ids[:3] == ["XY01001", "XY01002", "XY01003"]
    first = places.table.to_pylist()[0]
    assert dict(first["admin"]) == {"pcode": "XY01001", "adm1_en": "Coast", "adm1_pcode": "XY01"}
    assert (first["country"], first["kind"], first["level"]) == ("KEN", "district", "adm2")
    assert first["counts"][0]["value"] == 448465


def test_figures_are_cells(fetch: Callable[..., Snapshot]):
    """A count with thousands separators, a zero, an empty cell and a word stay four different things."""
    found = cells(fetch())
    assert found["XY01001", "T_TL"] == ("448465", "observed")
    assert found["XY01002", "F_00_04"] == ("0", "true_zero")
    assert found["XY01003", "T_TL"] == (None, "not_available")
    assert found["XY0104", "F_00_04"] == (None, "not_available")


def test_figures_derived_from_ratios_are_estimates(fetch: Callable[..., Snapshot]):
    """Where the caveats say so, parts by sex and age are estimates beside a counted whole."""
    found = cells(fetch())
    assert (found["XY01001", "T_TL"][1], found["XY01001", "F_TL"][1]) == ("observed", "estimated")


def test_counts_are_of_the_middle_of_their_year(fetch: Callable[..., Snapshot]):
    """A count says when it was taken and where it comes from, so that others can be held against it."""
    snapshot = fetch()
    assert snapshot.places is not None
    assert snapshot.places.table.to_pylist()[0]["counts"][0]["date"] == date(2019, 7, 1)
    assert snapshot.coverage.counts == CountCoverage(Basis.CENSUS)
    assert fetch("units_2026.csv").coverage.counts is None


def test_rows_of_one_code_that_disagree_give_no_number(fetch: Callable[..., Snapshot]):
    """Neither of two figures under one P-code is taken; both are shown, and the unit is listed once."""
    snapshot = fetch()
    assert cells(snapshot)["XY02006", "T_TL"] == (None, "not_available")
    assert snapshot.observations is not None
    raw = {row["raw"] for row in snapshot.observations.to_pylist() if row["area"] == "XY02006"}
    assert "80 | 90" in raw
    assert snapshot.places is not None
    assert snapshot.places.ids.count("XY02006") == 1
    row = next(row for row in snapshot.places.table.to_pylist() if row["id"] == "XY02006")
    assert (row["counts"][0]["value"], row["counts"][0]["status"]) == (None, "not_available")


def test_doubtful_codes_are_told_and_left_as_they_are(fetch: Callable[..., Snapshot]):
    """A lost zero, a code outside its unit, a repeated and a missing one are named with their rows and a proposal."""
    snapshot = fetch()
    told = {(problem.row, problem.value): problem for problem in snapshot.problems if problem.column == "P-code"}
    assert "write XY01004 if a zero was lost" in told[6, "XY0104"].hint
    assert "does not begin with XY02" in told[7, "XY01005"].message
    assert "stands 2 times" in told[8, "XY02006"].message
    assert snapshot.places is not None
    assert {"XY0104", "XY01005"} <= set(snapshot.places.ids)
    (lost,) = [problem for problem in snapshot.problems if problem.fatal]
    assert (lost.row, lost.message) == (10, "has no P-code")


def test_as_many_women_as_men_is_told(fetch: Callable[..., Snapshot]):
    """Equal figures to the last person are derived, not counted."""
    assert any("XY01002 has as many women as men, 500" in problem.message for problem in fetch().problems)


def test_terms_and_caveats_are_the_datasets_own(fetch: Callable[..., Snapshot]):
    """Licence, attribution, vintage and caveats come from the catalogue's answer, the period from the file's name."""
    snapshot = fetch()
    assert snapshot.provenance.licence.startswith("Creative Commons")
    assert snapshot.provenance.attribution == "Sample Bureau of Statistics, OCHA Sample"
    assert snapshot.provenance.vintage == "2024-05-06T07:08:09"
    assert "derived from ratios" in snapshot.provenance.caveats[0]
    assert snapshot.observations is not None
    assert set(snapshot.observations.column("period").to_pylist()) == {"2019"}


def test_the_layout_of_2026_is_read(fetch: Callable[..., Snapshot]):
    """Small letters, other names, the centre of the unit, and the day it is valid on, which is the vintage."""
    snapshot = fetch("units_2026.csv")
    assert snapshot.places is not None
    (row,) = snapshot.places.table.to_pylist()
    assert [name["text"] for name in row["names"]] == ["Mlimani", "Hilltop"]
    assert (row["id"], row["lat"], row["lon"], row["country"]) == ("XY01001", -1.5, 36.5, "KEN")
    assert (snapshot.provenance.vintage, snapshot.provenance.vintage_kind) == ("2025-06-30", "valid on")
    assert snapshot.observations is None


def test_asks_the_catalogue_and_follows_to_its_bucket(specimen: Specimen, caplog: pytest.LogCaptureFixture):
    """The finest table is taken; the signed address of the bucket is asked as it came, and shows nowhere."""
    caplog.set_level(logging.DEBUG)
    signed = (
        "https://s3.amazonaws.com/bucket/xyz_admpop_adm2_2019.csv"
        "?X-Amz-Credential=abcdef1&X-Amz-Security-Token=abcdef2&X-Amz-Signature=abcdef3"
    )

    def answer(request: httpx.Request) -> httpx.Response:
        if "package_show" in str(request.url):
            assert request.url.params["id"] == "cod-ps-xyz"
            return httpx.Response(200, content=specimen("cod/package_show.json"))
        if request.url.host == "data.humdata.org":
            assert request.url.path.endswith("adm2_2019.csv")
            return httpx.Response(302, headers={"Location": signed})
        assert str(request.url) == signed
        return httpx.Response(200, content=specimen("cod/xyz_admpop_adm2_2019.csv"))

    snapshot = check(CodConnector(), {"dataset": "cod-ps-xyz"}, lambda: httpx.MockTransport(answer))
    assert [exchange.url.partition("?")[0].rpartition("/")[2] for exchange in snapshot.exchanges] == [
        "package_show",
        "xyz_admpop_adm2_2019.csv",
    ]
    assert "abcdef" not in f"{snapshot.exchanges} {caplog.text}"


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("https://example.org/x.csv", "sends on to https://example.org"),
        ("http://data.humdata.org/x.csv", "sends on to http://data.humdata.org"),
        ("https://data.humdata.org.example.org/x", "sends on to https://data.humdata.org.example.org"),
        ("https://data.humdata.org/again", "keeps sending on"),
    ],
)
def test_a_redirect_elsewhere_is_refused(specimen: Specimen, location: str, said: str):
    """Another host, an open line, a look-alike and a circle are told, and nothing is fetched from there."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "package_show" in str(request.url):
            return httpx.Response(200, content=specimen("cod/package_show.json"))
        assert request.url.host == "data.humdata.org"
        return httpx.Response(302, headers={"Location": location})

    with Client(transport=httpx.MockTransport(answer)) as client, pytest.raises(SourceChanged, match=said):
        CodConnector().fetch(client, {"dataset": "cod-ps-xyz"})


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (404, {"success": False, "error": {"__type": "Not Found Error", "message": "Not found"}}, RequestRefused),
        (403, {"success": False, "error": {"__type": "Authorization Error", "message": "no"}}, AccessRefused),
        (200, {"success": True, "result": {"name": "x"}}, SourceChanged),
        (200, {"result": []}, SourceChanged),
    ],
)
def test_what_the_catalogue_refuses_is_told(
    answering: Answering, status: int, body: Any, failure: type[ConnectorError]
):
    """A failure says so in its body; a changed shape is told as such."""
    transport = answering(("package_show", status, json.dumps(body).encode()))()
    with Client(transport=transport) as client, pytest.raises(failure):
        CodConnector().fetch(client, {"dataset": "cod-ps-xyz"})


@pytest.mark.parametrize(
    ("request_", "failure", "said"),
    [
        ({}, RequestRefused, "no dataset"),
        ({"dataset": "cod ps"}, RequestRefused, "no name of a dataset"),
        ({"dataset": "cod-ps-xyz", "level": "9"}, RequestRefused, "level '9'"),
        ({"dataset": "cod-ps-xyz", "level": "4"}, RequestRefused, "no such file"),
        ({"dataset": "cod-ps-xyz", "resource": "other.csv"}, RequestRefused, "no such file"),
        ({"path": "xyz.csv"}, UnreadableFile, "whose xyz.csv is"),
    ],
)
def test_requests_without_an_answer_are_refused(
    specimen: Specimen, request_: dict[str, str], failure: type[ConnectorError], said: str
):
    """A wrong name, level or file is told with what there is."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=specimen("cod/package_show.json")))
    with Client(transport=transport) as client, pytest.raises(failure, match=said):
        CodConnector().fetch(client, request_)


def test_a_sheet_of_a_workbook_is_read(fetch: Callable[..., Snapshot], tmp_path: Path):
    """Many datasets come as one workbook with a sheet for every level."""
    sheets = {
        "ADM1": [["ADM1_EN", "ADM1_PCODE"], ["Coast", "XY01"]],
        "ADM2": [["ADM2_EN", "ADM2_PCODE", "ADM1_PCODE"], ["Mlimani", "XY01001", "XY01"]],
    }
    (tmp_path / "xyz.xlsx").write_bytes(workbook(sheets))
    places = fetch(path=str(tmp_path / "xyz.xlsx"), sheet="ADM2").places
    assert places is not None
    assert (places.ids, places.primary_names) == (["XY01001"], ["Mlimani"])


def test_a_table_without_codes_is_refused(fetch: Callable[..., Snapshot], tmp_path: Path):
    """A file that is no list of units names its columns."""
    (tmp_path / "x.csv").write_text("name,people\nA,1\n")
    with pytest.raises(SourceChanged, match="no column of P-codes among name, people"):
        fetch(path=str(tmp_path / "x.csv"))


@pytest.mark.parametrize(
    ("header", "group"),
    [
        ("T_TL", "T_TL"),
        ("T_TF", "F_TL"),
        ("M_TL", "M_TL"),
        ("F_00_04", "F_00_04"),
        ("T_80PLUS", "T_80PLUS"),
        ("Enfants_00_18", "T_00_18"),
        ("Agees_60plus", "T_60PLUS"),
        ("F_adulte", "F_adulte"),
        ("AREA_SQKM", None),
        ("adm2_pcode", None),
    ],
)
def test_population_groups_go_by_one_name(header: str, group: str | None):
    """However a country calls it, the group is the same; columns that count nobody are none."""
    assert group_of(header) == group


def test_headers_are_read_in_any_case():
    """Six spellings of one column are one column."""
    for header in ("ADM2_PCODE", "Adm2_pcode", "Adm2_Pcode", "admin2Pcode", "adm2_pcode", "ADM2_P_CODE"):
        assert layout_of(["ADM1_PCODE", header, "ADM2_FR"]).codes[2] == header
    with pytest.raises(NoUnits):
        layout_of(["name"])


def unit(row: int, code: str, name: str = "", parent: str | None = None) -> Unit:
    """Make a unit."""
    return Unit(row, code, name, parent)


def test_swapped_codes_are_found_by_the_global_list():
    """Two units under each other's codes are told, each with the code its name has."""
    reference = {"CF124": Known("Boganangone", "CF12"), "CF125": Known("Boganda", "CF12")}
    units = [unit(2, "CF125", "Boganangone", "CF12"), unit(3, "CF124", "Boganda", "CF12")]
    problems = check_pcodes(units, reference)
    assert [problem.hint for problem in problems] == [
        "write CF124 if Boganangone is meant",
        "write CF125 if Boganda is meant",
    ]
    assert check_pcodes([unit(2, "CF124", "Bôganangone", "CF12")], reference) == ()
    assert "not in OCHA's list" in check_pcodes([unit(2, "CF199", "X", "CF12")], reference)[0].message


def test_codes_that_nowhere_nest_are_not_doubted():
    """Where a country's codes do not begin with those above, that is its way."""
    assert check_pcodes([unit(i, f"{i:03d}", "", "TJ") for i in range(2, 30)]) == ()


def test_blanks_and_small_letters_are_told():
    """The tidy form is proposed."""
    (problem,) = check_pcodes([unit(2, "xy 01")])
    assert problem.hint == "write XY01 if that is meant"
