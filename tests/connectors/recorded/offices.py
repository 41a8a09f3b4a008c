"""Bodies of IBGE, Statistics Canada, Nomis and Eurostat."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

from connectors.client import Answer
from connectors.errors import RequestRefused, SourceUnavailable
from connectors.eurostat.answers import classify as classify_eurostat
from connectors.ibge import figures, localities, tables
from connectors.ibge.answers import classify as classify_ibge
from connectors.ibge.answers import items
from connectors.nomis.answers import classify_figures, read_rows
from connectors.nomis.figures import read_cell as read_nomis_cell
from connectors.outcomes import Classified, Outcome
from connectors.statcan import points
from connectors.statcan.answers import Item, read_items
from connectors.statcan.answers import classify as classify_statcan
from connectors.statcan.cubes import read_cube
from tests.connectors.recorded.body import Body, answered

NOMIS = ("DATE_NAME", "GEOGRAPHY_CODE", "GEOGRAPHY_NAME", "OBS_VALUE", "OBS_STATUS", "OBS_STATUS_NAME")
STATES = (localities.State("52", "GO", "Goiás"), localities.State("11", "RO", "Rondônia"))
ESTIMATES = tables.Question(
    tables.Table("6579", "População residente estimada", "Estimativas", frozenset({"N3"}), {}, {}),
    "N3",
    (tables.Period("2025", date(2025, 8, 28)),),
    ("9324",),
    (),
)


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
    return Body("ibge", f"ibge/{file}", answered(classify_ibge, read), expected)


def statcan(file: str, read: Callable[[Answer], int], expected: int) -> Body:
    """Return a body of Statistics Canada."""
    return Body("statcan", f"statcan/{file}", answered(classify_statcan, read), expected)


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
    Body("ibge", "ibge/error_500.json", answered(classify_ibge), refused=SourceUnavailable),
    Body(
        "ibge",
        "ibge/sidra_error_400_too_many_values.txt",
        answered(classify_ibge),
        refused=RequestRefused,
        status=400,
    ),
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
    Body("statcan", "statcan/table_18100204.json", answered(kept, bare_cube), 16),
    Body("statcan", "statcan/table_23100216.json", answered(kept, bare_cube), 82),
    Body(
        "nomis",
        "nomis/csv_missing_obs_SHAPE.csv",
        answered(lambda answer: classify_figures(answer, NOMIS), nomis_cells),
        2,
    ),
    Body(
        "eurostat",
        "eurostat/error_no_results.json",
        answered(classify_eurostat),
        refused=RequestRefused,
        status=400,
    ),
    Body(
        "eurostat",
        "eurostat/warning_async_413.json",
        answered(classify_eurostat),
        refused=SourceUnavailable,
        status=413,
    ),
)
