"""A described source of SDMX brings figures with their reasons, whatever its service writes."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from connectors.client import Client
from connectors.contract import check
from connectors.sdmx import SdmxConnector
from connectors.sdmx.named import named
from tests.connectors.sdmx.homes import Answering, cells, fetch, rules


def test_keeps_the_contract(answering: Answering, homes: Path):
    """All promises of a connector hold for one that is described by data alone."""
    options = {"description": str(homes / "homes.toml")}
    snapshot = check(SdmxConnector(), options, answering(*rules(homes)))
    assert (snapshot.provenance.vintage, snapshot.provenance.vintage_kind) == (
        "XY:DF_HOMES(1.2)",
        "version of the dataflow",
    )
    assert snapshot.provenance.licence == "CC BY 4.0"


def test_a_figure_is_a_number_or_a_reason(answering: Answering, homes: Path):
    """A zero, a confidential cell, one that cannot exist, an estimate and a mere gap stay five things."""
    snapshot = fetch(homes, answering(*rules(homes))())
    assert cells(snapshot) == {
        ("NL-NH", "ALL", "2024"): ("1502.5", "observed"),
        ("NL-NH", "BOAT", "2024"): ("0", "true_zero"),
        ("NL-ZH", "ALL", "2024"): ("1811.4", "estimated"),
        ("NL-ZH", "BOAT", "2024"): (None, "suppressed"),
        ("_T", "ALL", "2024"): (None, "not_applicable"),
        ("_T", "BOAT", "2024"): (None, "not_available"),
    }


def test_areas_have_names_units_and_groups(answering: Answering, homes: Path):
    """Names come from the code list, English first; a power of ten is said with the unit; a total is an aggregate."""
    snapshot = fetch(homes, answering(*rules(homes))())
    assert snapshot.observations is not None
    rows = {row["area"]: row for row in snapshot.observations.to_pylist() if row["indicator"] == "ALL"}
    assert {area: row["area_name"] for area, row in rows.items()} == {
        "NL-NH": "North Holland",
        "NL-ZH": "Zuid-Holland",
        "_T": "All provinces",
    }
    assert rows["NL-NH"]["unit"] == "HOMES x 10^3"
    assert [area for area, row in rows.items() if row["aggregate"]] == ["_T"]


def test_the_question_follows_the_grammar_of_the_standard(answering: Answering, homes: Path):
    """2.1 puts codes into the key in the order of the structure; codes, not labels, are asked for, in English."""
    asked: list[httpx.Request] = []
    options = {"ref_area": "NL-NH, NL-ZH", "KIND": "*", "start": "2024", "end": "2024-12"}
    answer = answering(rules(homes)[0], ("/rest/data/", 404, b"NoRecordsFound"), asked=asked)
    fetch(homes, answer(), **options)
    structure, data = asked
    assert structure.url.path == "/rest/dataflow/XY/DF_HOMES/1.2"
    assert structure.url.params["references"] == "descendants"
    assert data.url.path == "/rest/data/XY,DF_HOMES,1.2/NL-NH+NL-ZH."
    assert dict(data.url.params) == {"startPeriod": "2024", "endPeriod": "2024-12"}
    assert data.headers["Accept"] == "application/vnd.sdmx.data+csv;version=1.0.0;labels=id"
    assert data.headers["Accept-Language"] == "en"


def test_the_question_in_3_0_is_made_of_filters(tmp_path: Path, answering: Answering, homes: Path):
    """3.0 has any code in the key, and codes and periods among the parameters."""
    text = (homes / "homes.toml").read_text(encoding="utf-8")
    (tmp_path / "homes.toml").write_text(text.replace("sdmx-2.1", "sdmx-3.0"), encoding="utf-8")
    asked: list[httpx.Request] = []
    answer = answering(("/structure/", 200, (homes / "structure.xml").read_bytes()), ("/data/", 404, b""), asked=asked)
    fetch(tmp_path, answer(), REF_AREA="NL-NH,NL-ZH", start="2015", end="2020")
    assert asked[0].url.path == "/rest/structure/dataflow/XY/DF_HOMES/1.2"
    assert asked[1].url.path == "/rest/data/dataflow/XY/DF_HOMES/1.2/*.*"
    assert dict(asked[1].url.params) == {"c[REF_AREA]": "NL-NH,NL-ZH", "c[TIME_PERIOD]": "ge:2015+le:2020"}


@pytest.mark.parametrize(
    ("name", "expected", "vintage", "licence"),
    [
        (
            "data-2.csv",
            {("NL-NH", "ALL", "2024"): ("1502.5", "observed"), ("NL-NH", "BOAT", "2024"): ("7", "provisional")},
            "2025-11-30T10:00:00Z",
            "CC BY 4.0",
        ),
        (
            "data-1.json",
            {
                ("NL-NH", "ALL", "2023"): ("1490.10", "observed"),
                ("NL-NH", "ALL", "2024"): ("1502.50", "provisional"),
                ("NL-ZH", "ALL", "2024"): (None, "not_available"),
            },
            "XY:DF_HOMES(1.2)",
            "CC BY 4.0",
        ),
        (
            "data-2.json",
            {("NL-NH", "ALL", "2024"): ("1502.5", "estimated"), ("NL-NH", "BOAT", "2024"): ("7", "observed")},
            "XY:DF_HOMES(1.2)",
            "CC BY 4.0",
        ),
        (
            "data-generic.xml",
            {("NL-NH", "ALL", "2024"): ("1502.5", "provisional"), ("NL-NH", "ALL", "2023"): (None, "suppressed")},
            "XY:DF_HOMES(1.2)",
            "CC BY 4.0",
        ),
        (
            "data-specific.xml",
            {("NL-NH", "ALL", "2024"): ("1502.5", "observed"), ("NL-ZH", "ALL", "2024"): (None, "not_available")},
            "2025-11-19T21:00:00Z",
            "as you like",
        ),
    ],
)
def test_every_format_comes_to_the_same(
    *,
    tmp_path: Path,
    homes: Path,
    name: str,
    expected: dict[tuple[str, str, str], tuple[str | None, str]],
    vintage: str,
    licence: str,
):
    """CSV 2.0, JSON 1.0 and 2.0, generic and specific XML: the same figures, with numbers as they are printed."""
    text = (homes / "homes.toml").read_text(encoding="utf-8")
    text = text.replace('"UPDATED"', '"UPDATE_DATE"' if name.endswith(".xml") else '"UPDATED"')
    (tmp_path / "homes.toml").write_text(
        text.replace("[homes.coverage]", 'licence_column = "LICENSE"\n[homes.coverage]'), encoding="utf-8"
    )
    snapshot = fetch(tmp_path, httpx.MockTransport(lambda _: httpx.Response(500)), path=str(homes / name))
    assert cells(snapshot) == expected
    assert (snapshot.provenance.vintage, snapshot.provenance.licence) == (vintage, licence)


def test_an_encoding_is_the_messages_own(tmp_path: Path, homes: Path):
    """XML says its encoding itself: older services write Latin-1, and names of places stay whole."""
    text = (homes / "structure.xml").read_text(encoding="utf-8").replace("UTF-8", "ISO-8859-1")
    (tmp_path / "structure.xml").write_bytes(text.replace("Zuid-Holland", "Zürich").encode("latin-1"))
    options = {"path": str(homes / "data.csv"), "metadata": str(tmp_path / "structure.xml")}
    snapshot = fetch(homes, httpx.MockTransport(lambda _: httpx.Response(500)), **options)
    assert snapshot.observations is not None
    assert "Zürich" in snapshot.observations.column("area_name").to_pylist()


def test_files_need_no_network(homes: Path):
    """A downloaded message and a saved structure give what the service would have given."""
    with Client(transport=httpx.MockTransport(lambda _: httpx.Response(500))) as client:
        snapshot = SdmxConnector().fetch(
            client,
            {
                "description": str(homes / "homes.toml"),
                "path": str(homes / "data.csv"),
                "metadata": str(homes / "structure.xml"),
            },
        )
    assert len(cells(snapshot)) == 6
    assert [exchange.url for exchange in snapshot.exchanges] == ["file:data.csv", "file:structure.xml"]


def test_an_unknown_status_is_told_once(answering: Answering, homes: Path):
    """A status that nobody described leaves the figures as they are, and says how many it concerns."""
    body = (homes / "data.csv").read_text(encoding="utf-8").replace(",A,F", ",zz,F").encode()
    snapshot = fetch(homes, answering(rules(homes)[0], ("/rest/data/", 200, body))())
    assert [problem.message for problem in snapshot.problems] == ["status zz of 2 figures is not known"]


def test_figures_that_contradict_one_another_are_not_taken(answering: Answering, homes: Path):
    """Two rows about one cell that differ leave it without a figure, and both are shown."""
    text = (homes / "data.csv").read_text(encoding="utf-8")
    body = text + "XY:DF_HOMES(1.2),NL-NH,ALL,2024,9,A,F,HOMES,3,\n"
    snapshot = fetch(homes, answering(rules(homes)[0], ("/rest/data/", 200, body.encode()))())
    assert cells(snapshot)["NL-NH", "ALL", "2024"] == (None, "not_available")
    assert "1502.5 and as 9" in snapshot.problems[0].message


def test_age_stands_in_the_row(answering: Answering):
    """UNICEF's age is an attribute: it parts figures though no key can name it, and is never guessed."""
    header = b"DATAFLOW,REF_AREA,INDICATOR,SEX,TIME_PERIOD,OBS_VALUE,UNIT_MULTIPLIER,AGE\n"
    rows = (
        b"UNICEF:GLOBAL_DATAFLOW(1.0),KEN,X,_T,2022,1,0,Y15T24\nUNICEF:GLOBAL_DATAFLOW(1.0),KEN,X,_T,2022,2,0,Y_GE65\n"
    )
    structure = (
        b'<Structure><Dataflow id="GLOBAL_DATAFLOW" agencyID="UNICEF" version="1.0"><Structure>'
        b'<Ref id="D"/></Structure></Dataflow><DataStructure id="D" agencyID="UNICEF"><Dimension id="REF_AREA"/>'
        b'<Dimension id="INDICATOR"/><Dimension id="SEX"/></DataStructure></Structure>'
    )
    transport = answering(("/dataflow/", 200, structure), ("/data/", 200, header + rows))()
    with Client(transport=transport) as client:
        snapshot = named()["unicef"]().fetch(client, {"INDICATOR": "X"})
    assert set(cells(snapshot)) == {("KEN", "X|SEX=_T|AGE=Y15T24", "2022"), ("KEN", "X|SEX=_T|AGE=Y_GE65", "2022")}


def test_eurostat_is_read_as_it_comes(answering: Answering):
    """Its flags, its sign for nothing, and the day of its last update, with the day first."""
    rows = (
        "DATAFLOW,LAST UPDATE,freq,unit,age,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
        "ESTAT:DEMO_PJAN(1.0),09/01/26 23:00:00,A,NR,TOTAL,T,EL,2024,10400720,bep,\n"
        "ESTAT:DEMO_PJAN(1.0),31/12/25 23:00:00,A,NR,TOTAL,T,EU27_2020,2024,:,c,C\n"
    )
    with Client(transport=answering(("/data/demo_pjan/A.NR.TOTAL.F+M+T.", 200, rows.encode()))()) as client:
        snapshot = named()["eurostat-sdmx"]().fetch(client, {})
    kind = "demo_pjan|freq=A|unit=NR|age=TOTAL|sex=T"
    assert cells(snapshot) == {
        ("EL", kind, "2024"): ("10400720", "estimated"),
        ("EU27_2020", kind, "2024"): (None, "suppressed"),
    }
    assert snapshot.provenance.vintage == "09/01/26 23:00:00"


def test_a_slow_service_is_not_hurried(
    answering: Answering, homes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Between two questions there is the pause that the description asks for."""
    waited: list[float] = []
    monkeypatch.setattr("connectors.sdmx.connector.time.sleep", waited.append)
    text = (homes / "homes.toml").read_text(encoding="utf-8")
    (tmp_path / "homes.toml").write_text(text.replace("area =", "pause_s = 15\narea =", 1), encoding="utf-8")
    fetch(tmp_path, answering(*rules(homes))())
    assert waited == [15.0]
