"""Files of HDX as they were saved are understood: six layouts of two countries, the global files, the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.client import Client
from connectors.cod import CodConnector
from connectors.cod.ckan import choose, read_dataset
from connectors.cod.pcodes import reference_of
from connectors.cod.tables import Told, Units, read_units
from connectors.snapshot import Snapshot
from geodata.counts.coverage import Basis, CountCoverage
from geodata.files.tables import read_table

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded" / "hdx-cod"
SAVED = RECORDED / "cod-ps"

pytestmark = pytest.mark.skipif(not SAVED.is_dir(), reason="the saved files of HDX are missing: hdx-cod")


def fetch(country: str, name: str) -> Snapshot:
    """Fetch a saved table with its saved metadata, held against the global list."""
    request = {
        "path": str(SAVED / f"download-{name}.csv"),
        "metadata": str(SAVED / f"dataset-cod-ps-{country}.json"),
        "reference": str(RECORDED / "global_pcodes_adm_1_2.csv"),
    }
    with Client() as client:
        return CodConnector().fetch(client, request)


@pytest.mark.parametrize(
    ("country", "name", "sizes", "first"),
    [
        ("caf", "caf-admpop-adm1-2015-v2", (17, 17 * 6), ("CF11", "Ombella M'Poko", 448465)),
        ("caf", "caf-admpop-adm2-2015-v2", (72, 72 * 6), ("CF224", "Abba", 28016)),
        ("caf", "caf-admpop-adm3-2015-v2", (177, 177 * 6), ("CF1111", "Bimbo", 276042)),
        ("cod", "cod-admpop-adm0-2020", (1, 15), ("CD", "République démocratique du Congo (la)", 103199358)),
        ("cod", "cod-admpop-adm1-2020", (26, 26 * 15), ("CD52", "Bas-Uele", 1263826)),
        ("cod", "cod-admpop-adm2-2020", (189, 189 * 15), ("CD1000", "Kinshasa", 9924784)),
    ],
)
def test_six_layouts_are_one(country: str, name: str, sizes: tuple[int, int], first: tuple[str, str, int]):
    """Latin-1, a byte order mark, `<Null>`, "448,465" and six spellings of the headers come to the same (HD2)."""
    snapshot = fetch(country, name)
    assert snapshot.places is not None
    assert snapshot.observations is not None
    assert (len(snapshot.places), snapshot.observations.num_rows) == sizes
    row = snapshot.places.table.to_pylist()[0]
    assert (row["id"], row["names"][0]["text"], row["counts"][0]["value"]) == first
    assert row["country"] == country.upper()
    assert {"T_TL", "F_TL", "M_TL"} <= set(snapshot.observations.column("indicator").to_pylist())
    assert not any("<Null>" in str(name) for name in snapshot.places.column("names").to_pylist())
    assert snapshot.provenance.licence.startswith("Creative Commons Attribution for Intergovernmental")


def test_swapped_codes_and_duplicate_rows_surface():
    """Boganda and Boganangone bear each other's codes; Bangui stands twice, with 15,716 and 823,365 people (HD1)."""
    snapshot = fetch("caf", "caf-admpop-adm2-2015-v2")
    hints = {problem.value: problem.hint for problem in snapshot.problems if problem.column == "P-code"}
    assert hints["CF125"] == "write CF124 if Boganangone is meant"
    assert hints["CF124"] == "write CF125 if Boganda is meant"
    assert "stands 2 times" in str([problem.message for problem in snapshot.problems if problem.value == "CF711"])
    assert snapshot.observations is not None
    (bangui,) = [
        row for row in snapshot.observations.to_pylist() if (row["area"], row["indicator"]) == ("CF711", "T_TL")
    ]
    assert (bangui["value"], bangui["status"], bangui["raw"]) == (None, "not_available", "15716 | 823365")


def test_equal_women_and_men_and_derived_parts_are_not_taken_for_counts():
    """1,224,568 women and as many men in Equateur are told; the caveats make every part an estimate."""
    snapshot = fetch("cod", "cod-admpop-adm1-2020")
    assert any("CD41 has as many women as men, 1,224,568" in problem.message for problem in snapshot.problems)
    assert snapshot.observations is not None
    assert set(snapshot.observations.column("status").to_pylist()) == {"estimated"}  # the whole is one, too
    assert "estimated ratios" in snapshot.provenance.caveats[0]


def test_a_census_projected_to_another_year_is_an_estimate():
    """A "general census 2003 and projected to 2015" counts nobody of 2015, and the period is 2015."""
    snapshot = fetch("caf", "caf-admpop-adm1-2015-v2")
    assert snapshot.observations is not None
    assert set(snapshot.observations.column("status").to_pylist()) == {"estimated"}
    assert set(snapshot.observations.column("period").to_pylist()) == {"2015"}
    assert snapshot.coverage.counts == CountCoverage(Basis.PROJECTION)


@pytest.mark.parametrize("country", ["caf", "cod", "vct"])
def test_the_saved_datasets_are_read(country: str):
    """Terms, caveats and files of the catalogue's objects; the finest table of the last year is taken."""
    dataset = read_dataset((SAVED / f"dataset-cod-ps-{country}.json").read_text(encoding="utf-8"))
    assert dataset.country == country.upper()
    assert dataset.caveats
    chosen = choose(dataset, None, None)
    assert chosen is not None
    expected = {"caf": "caf_admpop_adm3_2015_v2.csv", "cod": "cod_admpop_adm2_2020.csv", "vct": "vct_admpop_2022.xlsx"}
    assert chosen.name == expected[country]


@pytest.mark.parametrize(("level", "units"), [(0, 2), (1, 43), (2, 261), (3, 177)])
def test_the_global_files_are_read(level: int, units: int):
    """One row per unit and group, under a row of tags, gives the same units and figures."""
    read = read_units(read_table(SAVED / f"cod_population_admin{level}.csv"), Told())
    assert (read.level, len(read.places)) == (level, units)
    assert {one.period for one in read.observations} <= {"2015", "2020", "2022"}
    assert {one.area_scheme for one in read.observations} == {"pcode" if level else "iso3166-1-a3"}


def test_the_row_of_tags_is_dropped_where_there_is_one():
    """The global list of P-codes is the same with and without tags (HD3), and codes of digits stay text."""
    with_tags = reference_of(read_table(SAVED / "download-global-pcodes-adm-1-2.csv"))
    without = reference_of(read_table(RECORDED / "global_pcodes_adm_1_2.csv"))
    assert not any(code.startswith("#") for code in with_tags)
    assert len(without) == 32_767
    assert without["3501000"].name == "Dushanbe"


def test_what_was_saved_and_what_became_of_it():
    """Every saved table is read; the table shows how many rows became units and figures, and what was doubtful."""
    shown: list[str] = []
    for path in sorted(SAVED.glob("*.csv")):
        if "pcode" in path.name or "hapi" in path.name:
            continue
        read: Units = read_units(read_table(path), Told())
        shown.append(f"{path.name:40} {len(read.places):6} units {len(read.observations):6} figures")
        assert len(read.places)
        assert read.observations
    print("\n".join(shown))  # noqa: T201 - the table is what this test shows
    assert len(shown) == 10
