"""Bodies of HDX, HAPI, UN SDG, geoBoundaries and GNIS."""

from __future__ import annotations

import json
from collections.abc import Callable

from connectors.client import Client
from connectors.cod.ckan import read_dataset
from connectors.cod.pcodes import reference_of
from connectors.cod.tables import Told, read_units
from connectors.errors import AccessRefused, SourceChanged
from connectors.geoboundaries.answers import classify, read_boundaries
from connectors.gnis.rows import columns_of
from connectors.hapi import HapiConnector
from connectors.hapi import answers as hapi
from connectors.unsdg import answers as unsdg
from geodata.files.tables import read_table
from tests.connectors.recorded.body import Body, answered


def units(body: Body) -> int:
    """Return how many units a table has."""
    return len(read_units(read_table(body.path), Told()).places)


def pcodes(body: Body) -> int:
    """Return how many P-codes the global list has."""
    return len(reference_of(read_table(body.path)))


def lengths(body: Body) -> int:
    """Return the rows of the table of lengths, which no connector needs: P-codes are held against their own list."""
    return len(read_table(body.path))


def dataset(body: Body) -> int:
    """Return how many files a dataset of the catalogue has."""
    return len(read_dataset(body.path.read_text(encoding="utf-8")).resources)


def flat(body: Body) -> int:
    """Return how many figures a flat file of HAPI has."""
    with Client() as client:
        snapshot = HapiConnector().fetch(client, {"path": str(body.path)})
    assert snapshot.observations is not None
    return snapshot.observations.num_rows


def need(body: Body) -> int:
    """Return how many figures a row of people in need is."""
    kept, _ = hapi.read_observations([json.loads(body.path.read_bytes())], hapi.THEMES["humanitarian-needs"])
    return len(kept)


def trimmed(body: Body) -> int:
    """Return how many figures rows of UN SDG are that were cut to four keys."""
    kept, _ = unsdg.read_observations(json.loads(body.path.read_bytes()))
    return len(kept)


def header(body: Body) -> int:
    """Return how many columns of a header of GNIS are understood."""
    return len(columns_of(body.path.read_text(encoding="utf-8-sig").strip().split("|")))


def hdx(file: str, read: Callable[[Body], int], expected: int) -> Body:
    """Return a file of HDX."""
    return Body("hapi" if read is flat else "cod", f"hdx-cod/{file}", read, expected)


def saved(file: str, read: Callable[[Body], int], expected: int) -> Body:
    """Return a file that was saved with its dataset."""
    return hdx(f"cod-ps/{file}", read, expected)


BODIES = (
    hdx("global_pcode_lengths.csv", lengths, 156),
    hdx("global_pcodes_adm_1_2.csv", pcodes, 32_767),
    saved("cod_population_admin0.csv", units, 2),
    saved("cod_population_admin1.csv", units, 43),
    saved("cod_population_admin2.csv", units, 261),
    saved("cod_population_admin3.csv", units, 177),
    saved("dataset-cod-ps-caf.json", dataset, 7),
    saved("dataset-cod-ps-cod.json", dataset, 8),
    saved("dataset-cod-ps-vct.json", dataset, 2),
    saved("download-caf-admpop-adm1-2015-v2.csv", units, 17),
    saved("download-caf-admpop-adm2-2015-v2.csv", units, 72),
    saved("download-caf-admpop-adm3-2015-v2.csv", units, 177),
    saved("download-cod-admpop-adm0-2020.csv", units, 1),
    saved("download-cod-admpop-adm1-2020.csv", units, 26),
    saved("download-cod-admpop-adm2-2020.csv", units, 189),
    saved("download-global-pcode-lengths.csv", lengths, 158),
    saved("download-global-pcodes-adm-1-2.csv", pcodes, 33_451),
    saved("hdx_hapi_population_global_hrp.csv", flat, 2033),
    saved("hdx_hapi_population_global_non_hrp.csv", flat, 54),
    Body(
        "hapi",
        "hdx-hapi/error_403_invalid_app_identifier.json",
        answered(hapi.classify),
        refused=AccessRefused,
        status=403,
    ),
    Body(
        "hapi",
        "hdx-hapi/error_403_missing_app_identifier.json",
        answered(hapi.classify),
        refused=AccessRefused,
        status=403,
    ),
    Body("hapi", "hdx-hapi/humanitarian_needs_row_REAL.json", need, 1),
    Body("unsdg", "unsdg/series_data_rows_2_TRIMMED.json", trimmed, refused=SourceChanged),
    Body(
        "geoboundaries",
        "geoboundaries/gbOpen_BRA_ADM1_index.json",
        answered(classify, lambda answer: len(read_boundaries(answer.text))),
        1,
    ),
    Body("gnis", "gnis/DomesticNames_header_2026.txt", header, 21),
)
