"""Bodies recorded from IBGE, Statistics Canada, Nomis and Eurostat parse, or are refused as what they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from connectors.client import Answer, Client, Question
from connectors.errors import RequestRefused, SourceUnavailable
from connectors.eurostat.answers import classify as classify_eurostat
from connectors.ibge import figures, localities, tables
from connectors.ibge.answers import classify as classify_ibge
from connectors.ibge.answers import items, too_many_values
from connectors.nomis.answers import classify_figures, read_rows
from connectors.nomis.figures import read_cell as read_nomis_cell
from connectors.outcomes import Classified, Outcome, require
from connectors.statcan import StatCanConnector, points
from connectors.statcan.answers import Item, read_items
from connectors.statcan.answers import classify as classify_statcan
from connectors.statcan.cubes import read_cube

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "recorded"
NOMIS = ("DATE_NAME", "GEOGRAPHY_CODE", "GEOGRAPHY_NAME", "OBS_VALUE", "OBS_STATUS", "OBS_STATUS_NAME")
STATES = (localities.State("52", "GO", "Goiás"), localities.State("11", "RO", "Rondônia"))
ESTIMATES = tables.Question(
    tables.Table("6579", "População residente estimada", "Estimativas", frozenset({"N3"}), {}, {}),
    "N3",
    (tables.Period("2025", date(2025, 8, 28)),),
    ("9324",),
    (),
)

pytestmark = pytest.mark.skipif(
    not all((RECORDED / name).is_dir() for name in ("ibge", "statcan", "nomis", "eurostat")),
    reason="recorded bodies of IBGE, Statistics Canada, Nomis or Eurostat are missing beside the checkout",
)


@dataclass(frozen=True)
class Body:
    """A recorded body: how it is told, and what comes of reading it; without `read` it is to be refused."""

    source: str
    file: str
    classify: Callable[[Answer], Classified]
    read: Callable[[Answer], int] | None = None  # returns how much there was to read
    expected: int = 0
    refused: type[Exception] | None = None
    status: int = 200

    def answer(self) -> Answer:
        """Return it as an answer."""
        content = (RECORDED / self.source / self.file).read_bytes()
        transport = httpx.MockTransport(lambda _: httpx.Response(self.status, content=content))
        with Client(transport=transport) as client:
            return client.get(Question(self.source, "https://example.org/"))


def localities_of(word: str) -> Callable[[Answer], int]:
    """Return a reader of a list of localities."""
    return lambda answer: len(localities.read_localities(answer, localities.LISTINGS[word], STATES))


def cells_of(answer: Answer) -> int:
    """Return how many points of an answer of Statistics Canada are cells with a number."""
    cells = [points.read_cell(point) for item in read_items(answer) for point in item.object["vectorDataPoint"]]
    return sum(cell.value is not None for cell in cells)


def bare_cube(answer: Answer) -> int:
    """Return how many members a table has whose metadata were kept without their envelope."""
    cube = read_cube(Item(Classified(Outcome.OK), json.loads(answer.text)))
    return sum(len(members) for _, members in cube.dimensions)


def nomis_cells(answer: Answer) -> int:
    """Return how many rows of a table of Nomis are cells."""
    return len([read_nomis_cell(*(row[name] for name in NOMIS[3:])) for row in read_rows(answer)])


def ibge(file: str, read: Callable[[Answer], int], expected: int) -> Body:
    """Return a body of IBGE."""
    return Body("ibge", file, classify_ibge, read, expected)


def statcan(file: str, read: Callable[[Answer], int], expected: int) -> Body:
    """Return a body of Statistics Canada."""
    return Body("statcan", file, classify_statcan, read, expected)


def envelope(answer: Answer) -> int:
    """Return how many items an answer of Statistics Canada has that succeeded."""
    return sum(item.usable for item in read_items(answer))


def kept(_: Answer) -> Classified:
    """Take a body for usable that was kept without the envelope that tells."""
    return Classified(Outcome.OK)


BODIES = (
    ibge("localidades_estados.json", lambda answer: len(localities.read_states(answer)), 27),
    ibge("localidades_regioes.json", lambda answer: len(items(answer)), 5),
    ibge("localidades_municipio_5221858.json", localities_of("municipios"), 1),
    ibge("localidades_municipios_first1of5570.json", localities_of("municipios"), 1),
    ibge("localidades_estados_13_municipios_first1of62.json", localities_of("municipios"), 1),
    ibge(
        "agregados_9324_N3_35_2025_shape.json",
        lambda answer: len(figures.read_figures(answer, ESTIMATES)),
        1,
    ),
    Body("ibge", "error_500.json", classify_ibge, refused=SourceUnavailable),
    Body("ibge", "sidra_error_400_too_many_values.txt", classify_ibge, refused=RequestRefused, status=400),
    statcan("test_gdfvalnp_0.json", cells_of, 10),
    statcan("test_gbvdbr_0.json", cells_of, 25),
    statcan("test_empty_release_0.json", cells_of, 0),
    statcan("test_gcmd_0.json", lambda answer: len(read_cube(read_items(answer)[0]).dimensions), 4),
    statcan("test_gcs_0.json", lambda answer: len(read_items(answer)[0].object["uom"]), 454),
    statcan("test_gsifv_0.json", envelope, 1),
    statcan("test_gccl_0.json", envelope, 1),
    statcan("test_gcsl_0.json", envelope, 1),
    statcan("test_gftd_0.json", envelope, 1),
    statcan("test_gftd_1.json", envelope, 1),
    Body("statcan", "table_18100204.json", kept, bare_cube, 16),
    Body("statcan", "table_23100216.json", kept, bare_cube, 82),
    Body("nomis", "csv_missing_obs_SHAPE.csv", lambda answer: classify_figures(answer, NOMIS), nomis_cells, 2),
    Body("eurostat", "error_no_results.json", classify_eurostat, refused=RequestRefused, status=400),
    Body("eurostat", "warning_async_413.json", classify_eurostat, refused=SourceUnavailable, status=413),
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: f"{body.source}/{body.file}")
def test_each_body_parses_or_is_refused_as_it_should(body: Body):
    """Data are read to the last figure; an error is the class of error that it is."""
    answer = body.answer()
    found = body.classify(answer)
    if body.read is None:
        assert body.refused is not None
        with pytest.raises(body.refused):
            require(found, source=body.source, asked=body.file)
    else:
        assert require(found, source=body.source, asked=body.file)
        assert body.read(answer) == body.expected


def test_no_recorded_body_is_left_out(capsys: pytest.CaptureFixture[str]):
    """Every file of these four sources is claimed above; the table says what came of each source."""
    lines = [f"\n{'source':<10}{'bodies':>8}{'parsed':>8}{'refused as expected':>21}"]
    for source in ("ibge", "statcan", "nomis", "eurostat"):
        files = {path.name for path in (RECORDED / source).iterdir()} - {"ORIGIN", "index.json"}
        claimed = [body for body in BODIES if body.source == source]
        assert {body.file for body in claimed} == files
        parsed = sum(body.read is not None for body in claimed)
        lines.append(f"{source:<10}{len(claimed):>8}{parsed:>8}{len(claimed) - parsed:>21}")
    with capsys.disabled():
        print("\n".join(lines))  # noqa: T201 - the table is for whoever runs the tests


def test_recorded_refusals_say_what_to_do():
    """Too many values are known as such, whatever the number (IB3)."""
    body = next(body for body in BODIES if "too_many" in body.file)
    assert too_many_values(body.answer())


def test_a_recorded_series_goes_the_whole_way():
    """A vector with the metadata of its table becomes observations; the latest release among them is the vintage."""
    metadata = json.loads((RECORDED / "statcan" / "table_23100216.json").read_text(encoding="utf-8"))
    series = json.loads((RECORDED / "statcan" / "test_gdfvalnp_0.json").read_text(encoding="utf-8"))[:1]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("getCodeSets"):
            return httpx.Response(200, content=(RECORDED / "statcan" / "test_gcs_0.json").read_bytes())
        body = [{"status": "SUCCESS", "object": metadata}] if "Cube" in request.url.path else series
        return httpx.Response(200, content=json.dumps(body).encode())

    with Client(transport=httpx.MockTransport(answer)) as client:
        snapshot = StatCanConnector().fetch(client, {"vectors": "v74804", "latest": "5"})
    assert snapshot.observations is not None
    rows = snapshot.observations.to_pylist()
    assert [(row["area"], row["period"], Decimal(row["value"])) for row in rows][:2] == [
        ("11124", "2023-12", Decimal(293326)),
        ("11124", "2024-01", Decimal(278170)),
    ]
    assert {row["unit"] for row in rows} == {"Number"}
    assert snapshot.provenance.vintage == "2024-06-20T08:30"
