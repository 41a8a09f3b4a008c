"""Messages recorded from services of SDMX come to what they say, and our descriptions fit them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import httpx
import pytest

from connectors.client import Answer, Client, Question
from connectors.sdmx.message import read_message
from connectors.sdmx.named import connector_of
from connectors.sdmx.observations import Expected, read_observations
from connectors.sdmx.sources import read_descriptions, shipped
from connectors.sdmx.structure import read_structure
from geodata.cells import CellStatus

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded" / "sdmx"

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="recorded bodies are missing: sdmx")


def answer(path: Path) -> Answer:
    """Answer with a recorded body over the client."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    with Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=content))) as client:
        return client.get(Question("recorded", "https://example.org"))


def test_istat_goes_round():
    """The structure and the data recorded on one day fit: six dimensions, twenty-two observations (SX3)."""
    text = """
[homes]
standard = "sdmx-2.1"
title = "Istat, social services"
endpoint = "https://esploradati.istat.it/SDMXWS/rest"
flow = "IT1:47_850(1.0)"
dimensions = ["FREQ", "REF_AREA", "DATA_TYPE", "TYPE_SOCIO_EDUC_SERVICE", "TYPE_MANAGEMENT", "HOLDER_SECTOR_PUBPRIV"]
area = "REF_AREA"
area_scheme = "istat"
format = "xml-generic"
filters = { REF_AREA = "001001+001002" }
licence = "CC BY 4.0"
attribution = "Istat"
coverage = { countries = ["ITA"] }
"""
    recorded = {
        record["url"]: RECORDED / "live2026" / record["file"]
        for record in json.loads((RECORDED / "live2026" / "index.json").read_bytes())
    }

    def replay(request: httpx.Request) -> httpx.Response:
        kind = "/dataflow/" if "/dataflow/" in request.url.path else "/data/"
        return httpx.Response(200, content=next(path for url, path in recorded.items() if kind in url).read_bytes())

    described = read_descriptions(text)["homes"]
    with Client(transport=httpx.MockTransport(replay)) as client:
        snapshot = connector_of(described)().fetch(client, {})
    assert snapshot.observations is not None
    assert snapshot.observations.num_rows == 22
    assert snapshot.observations.column("status").to_pylist().count("true_zero") == 1
    assert snapshot.provenance.vintage == "IT1:47_850(1.0)"


def test_the_descriptions_fit_what_was_recorded():
    """Keys and columns of the services whose messages are at hand are those that sources.toml says."""
    unicef = read_structure(answer(RECORDED / "UNICEF" / "GLOBAL_DATAFLOW-structure.xml").body)
    assert unicef.key("GLOBAL_DATAFLOW") == shipped()["unicef"].dimensions
    assert unicef.names("GLOBAL_DATAFLOW", "SEX")["F"] == "Female"
    for name, body, figures in (("istat", "ISTAT/22_289.xml", 8), ("imf", "IMF_RES/WEO-data.xml", 1)):
        message = read_message(answer(RECORDED / body).body)
        read = read_observations(message, Expected(shipped()[name]))
        assert len(read.observations) == figures
        assert not read.problems
        assert read.flow == str(shipped()[name].flow)
    assert read.updated == "2025-11-19T21:00:00Z"
    assert "All Rights Reserved" in read.licence


def test_insee_says_what_is_provisional():
    """An attribute names the area, one the last update, and the office's own statuses are known."""
    message = read_message(answer(RECORDED / "INSEE" / "CNA-2010-CONSO-SI-A17.xml").body)
    read = read_observations(message, Expected(shipped()["insee"]))
    assert [(one.area, one.indicator, one.cell.status) for one in read.observations] == [
        ("FE", "001702690", CellStatus.PROVISIONAL),
        ("FE", "001702690", CellStatus.PROVISIONAL),
    ]
    assert read.updated == "2015-08-06"


def test_ilo_lists_its_codes():
    """Three million characters of structures hold forty-six code lists, those of sex, age and residence among them."""
    found = read_structure(answer(RECORDED / "live2026" / "ilo_CL_ECO_8ef5b1633e82e0ac.xml.gz").body)
    assert len(found.codes) == 46
    assert {"SEX_T", "SEX_M", "SEX_F", "SEX_O"} <= set(found.codes["CL_SEX"])
    assert "AGE_YTHADULT_YGE15" in found.codes["CL_AGE"]
