"""Answers of servers: every connector, one answer of a conversation replaced by the input.

The first byte of an input says which answer it replaces, so that what is read later is reached behind what is read
first.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx
import stamina

from connectors.census import CensusConnector
from connectors.client import Client
from connectors.cod import CodConnector
from connectors.errors import ConnectorError
from connectors.eurostat import EurostatConnector
from connectors.gazetteer import GazetteerConnector
from connectors.geoboundaries import GeoBoundariesConnector
from connectors.geonames import GeoNamesConnector
from connectors.gnis import GnisConnector
from connectors.hapi import HapiConnector
from connectors.hapi import connector as hapi
from connectors.ibge import IbgeConnector
from connectors.kobo import KoboPuller
from connectors.nomis import NomisConnector
from connectors.odk import OdkPuller
from connectors.ons import OnsConnector
from connectors.sdmx import SdmxConnector
from connectors.statcan import StatCanConnector
from connectors.unsdg import UnSdgConnector
from connectors.unsdg import connector as unsdg
from connectors.worldbank import WorldBankConnector
from fuzz.target import Target, refusing

SPECIMENS = Path(__file__).parents[2] / "tests" / "specimens"

_ANSWERS = 4  # of a conversation that may be replaced

Answers = Mapping[str, bytes]  # part of an address -> body


class _Asker(Protocol):
    def __call__(self, client: Client, request: Mapping[str, str], /) -> object: ...


@dataclass
class _Server:
    """Answers with the first body whose text stands in the address, and once with the input instead."""

    answers: Answers
    replaced: int
    body: bytes
    asked: int = field(default=0)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.asked - 1 == self.replaced:
            return httpx.Response(200, content=self.body)
        found = next((body for part, body in self.answers.items() if part in str(request.url)), None)
        return httpx.Response(404 if found is None else 200, content=found or b"")


def _asking(ask: _Asker, request: Mapping[str, str], answers: Callable[[], Answers]) -> Callable[[bytes], None]:
    for module in (hapi, unsdg):
        setattr(module, "_PAUSE_S", 0)  # noqa: B010 - its own; nobody is asked who could be pressed

    def body(data: bytes) -> None:
        server = _Server(answers(), data[0] % _ANSWERS if data else 0, data[1:])
        with stamina.set_testing(True, attempts=1), Client(transport=httpx.MockTransport(server)) as client:
            ask(client, request)

    return refusing(body, ConnectorError)


def _specimen(name: str) -> bytes:
    return (SPECIMENS / name).read_bytes()


def _zipped(texts: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, specimen in texts.items():
            archive.writestr(f"{name}.txt", _specimen(specimen))
    return packed.getvalue()


def _answers(files: Mapping[str, str]) -> Callable[[], Answers]:
    return lambda: {part: _specimen(name) for part, name in files.items()}


def _pages(rows: list[object], held: str, counted: str) -> bytes:
    return json.dumps({held: rows, counted: len(rows)}).encode()


def _ibge() -> Answers:
    tables = {
        f"/{table}/{part}": _specimen(f"ibge/{name}.json")
        for table in ("9718", "4709", "9723")
        for part, name in {
            "metadados": f"metadados_{table}", "periodos/": f"figures_{table}", "periodos": "periodos"
        }.items()
    }  # fmt: skip
    places = {f"/{name}": _specimen(f"ibge/{name}.json") for name in ("distritos", "municipios", "estados")}
    return {**tables, "/9723/localidades/N145": _specimen("ibge/territorios_9723.json"), **places}


def _file(ask: _Asker, key: str = "path") -> Callable[[bytes], None]:
    """Return a body that gives the input as a file on the disk."""

    def body(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder, Client() as client:
            path = Path(folder, "given.txt")
            path.write_bytes(data)
            ask(client, {key: str(path)})

    return refusing(body, ConnectorError)


@dataclass(frozen=True, slots=True)
class _Talk:
    """A conversation: who asks, for what, and what is answered."""

    name: str
    ask: _Asker
    request: Mapping[str, str]
    answers: Callable[[], Answers]

    def target(self) -> Target:
        """Return it as a target; every answer is a seed at every place of the conversation."""
        return Target(
            f"source-{self.name}", f"answers to the connector {self.name}",
            _asking(self.ask, self.request, self.answers),
            lambda: [bytes([at]) + body for at in range(_ANSWERS) for body in dict.fromkeys(self.answers().values())],
            runs=10_000, longest=4_096,
        )  # fmt: skip


def _pulled(pull: Callable[[Client, Mapping[str, str], str | None], object]) -> _Asker:
    return lambda client, request: pull(client, request, None)


def _on_paper(content: str) -> str:
    return str(SPECIMENS / "sdmx" / content)


_TALKS = (
    _Talk("census", CensusConnector().fetch, {"key": "k"}, _answers({"/data/": "census/decennial.json"})),
    _Talk(
        "cod", CodConnector().fetch, {"dataset": "cod-ps-xyz"},
        _answers({"package_show": "cod/package_show.json", "": "cod/xyz_admpop_adm2_2019.csv"}),
    ),
    _Talk(
        "eurostat", EurostatConnector().fetch,
        {"dataset": "demo_made_up", "filters": "geo=DEF01,FRY50,EL,EU27_2020; sex=T"},
        _answers({"/data/": "eurostat/dataset.json"}),
    ),
    _Talk(
        "gazetteer", GazetteerConnector().fetch, {},
        lambda: {"zip": _zipped({"2025_Gaz_place_national": "gazetteer/2025_Gaz_place_national.txt"})},
    ),
    _Talk(
        "geoboundaries", GeoBoundariesConnector().fetch, {"countries": "KEN"},
        _answers({"www.geoboundaries.org": "geoboundaries/KEN.json", "": "geoboundaries/KEN.geojson"}),
    ),
    _Talk(
        "geonames", GeoNamesConnector().fetch, {"countries": "KE"},
        lambda: {
            "alternatenames/KE.zip": _zipped({"KE": "geonames/alternateNamesV2.txt"}),
            "KE.zip": _zipped({"KE": "geonames/KE.txt"}),
            "admin1CodesASCII.txt": _specimen("geonames/admin1CodesASCII.txt"),
        },
    ),
    _Talk(
        "gnis", GnisConnector().fetch, {"state": "ME"},
        lambda: {"Domestic": _zipped({"a": "gnis/DomesticNames_ME.txt"})},
    ),
    _Talk(
        "hapi", HapiConnector().fetch, {"app_identifier": "x"},
        _answers({
            "baseline-population": "hapi/population.json", "metadata/resource": "hapi/resource.json",
            "package_show": "cod/package_show.json",
        }),
    ),
    _Talk("ibge", IbgeConnector().fetch, {"subject": "indigenous"}, _ibge),
    _Talk(
        "nomis", NomisConnector().fetch, {"dataset": "NM_9999_1", "geography": "TYPE154", "filters": "c_sex=0"},
        _answers({".def.sdmx.json": "nomis/definition.json", ".data.csv": "nomis/figures.csv"}),
    ),
    _Talk(
        "ons", OnsConnector().fetch, {},
        _answers({"/area-types/ltla/areas": "ons/areas.json", "/census-observations": "ons/observations.json"}),
    ),
    *(
        _Talk(
            f"sdmx-{kind}", SdmxConnector().fetch, {"description": _on_paper("homes.toml")},
            _answers({"/rest/dataflow/": "sdmx/structure.xml", "/rest/data/": f"sdmx/{name}"}),
        )
        for kind, name in {"csv": "data.csv", "json": "data-2.json", "xml": "data-generic.xml"}.items()
    ),
    _Talk(
        "statcan", StatCanConnector().fetch, {"cube": "98-10-9999-01", "coordinates": "*.2"},
        _answers({
            "getCubeMetadata": "statcan/cube.json", "LatestNPeriods": "statcan/series.json",
            "getCodeSets": "statcan/codes.json",
        }),
    ),
    _Talk(
        "unsdg", UnSdgConnector().fetch, {"series": "SI_POV_DAY1"},
        _answers({"Series/List": "unsdg/series.json", "Series/Data": "unsdg/data.json"}),
    ),
    _Talk(
        "worldbank", WorldBankConnector().fetch, {"indicators": "SP.POP.TOTL", "date": "2019:2020"},
        _answers({
            "/metadata": "worldbank/metadata.json", "page=2": "worldbank/population_page2.json",
            "SP.POP.TOTL?": "worldbank/population_page1.json", "/country?": "worldbank/country.json",
        }),
    ),
    _Talk(
        "kobo", _pulled(KoboPuller().pull),
        {"url": "https://kf.example.org", "form": "aMtFRKYSnTMYBVqsR4aYLp", "token": "t"},
        lambda: {"": _pages([{"_id": 1, "_uuid": "u", "_submission_time": "2026-03-01T10:00:00"}], "results", "count")},
    ),
    _Talk(
        "odk", _pulled(OdkPuller().pull),
        {"url": "https://odk.example.org", "project": "7", "form": "villages", "token": "t"},
        lambda: {
            "": _pages(
                [{"__id": "uuid:1", "__system": {"submissionDate": "2026-03-01T10:00:00.000Z"}}],
                "value", "@odata.count",
            )
        },
    ),
)  # fmt: skip

TARGETS = (
    *(talk.target() for talk in _TALKS),
    Target("file-geonames", "GeoNames' dump on the disk", _file(GeoNamesConnector().fetch),
           lambda: [_specimen("geonames/KE.txt")], runs=10_000),
    Target(
        "file-gnis", "GNIS files on the disk", _file(GnisConnector().fetch),
        lambda: [_specimen("gnis/DomesticNames_ME.txt"), _specimen("gnis/ME_Features_2018.txt")], runs=10_000,
    ),
    Target(
        "file-gazetteer", "Gazetteer files on the disk", _file(GazetteerConnector().fetch),
        lambda: [_specimen(f"gazetteer/2025_Gaz_{name}_national.txt") for name in ("place", "aiannh", "zcta")],
        runs=10_000,
    ),
)  # fmt: skip
