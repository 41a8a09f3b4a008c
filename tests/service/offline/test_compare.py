"""Comparing two files: every row answered once, whatever the file is like, and the same at every run."""

from __future__ import annotations

import csv
import json
import random
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from geodata.files.headers import UnknownColumn
from geodata.samples import kibera
from matchers.evaluation import average_precision
from service.errors import Problem
from service.offline.compare import COLUMNS, Request, compare_files

TODAY = date(2026, 1, 1)
SHARED = Path(__file__).parents[3].parent / "shared" / "data"
SAMPLE = kibera.sample()
CENSUS = dict(SAMPLE.official)["ke-census-2009"]


def silent(done: int, total: int) -> None:
    """Take progress and say nothing."""


def compared(citizen: Path, official: Path, out: Path, **columns: dict[str, str]) -> list[dict[str, str]]:
    """Compare two files and read the CSV back."""
    compare_files(Request(citizen, official, out, **columns), silent, today=TODAY)
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_citizen_row_has_exactly_one_row_in_the_same_order(tmp_path: Path) -> None:
    """No community is lost, doubled or moved."""
    found = compared(SAMPLE.citizen, CENSUS, tmp_path / "out.csv")
    with SAMPLE.citizen.open(encoding="utf-8") as file:
        given = [row["record_id"] for row in csv.DictReader(file)]
    assert [row["record_id"] for row in found] == given
    assert list(found[0]) == COLUMNS.names


def test_a_name_spelled_otherwise_is_matched_and_the_reason_says_how(tmp_path: Path) -> None:
    """Gatwekera is the census's Gatwikira, Silanga its Siranga."""
    found = {row["name"]: row for row in compared(SAMPLE.citizen, CENSUS, tmp_path / "out.csv")}
    for ours, theirs in (("Gatwekera", "Gatwikira"), ("Silanga", "Siranga")):
        row = found[ours]
        assert (row["verdict"], row["official_name"]) == ("consistent", theirs)
        assert theirs in row["reason"]


def test_a_widely_quoted_number_never_becomes_an_undercount(tmp_path: Path) -> None:
    """A million that no method stands behind says nothing against a census."""
    found = {row["record_id"]: row for row in compared(SAMPLE.citizen, CENSUS, tmp_path / "out.csv")}
    assert found["QUOTED-KIBERA"]["verdict"] in {"needs_review", "insufficient_evidence"}


def test_a_village_that_the_census_does_not_name_is_neither_matched_nor_hidden(tmp_path: Path) -> None:
    """A list of sub-locations cannot miss a village, and the reason names the level."""
    found = {row["name"]: row for row in compared(SAMPLE.citizen, CENSUS, tmp_path / "out.csv")}
    unnamed = ("Olympic", "Mashimoni", "Raila", "Karanja", "Ayany", "Soweto West", "Soweto East", "Fort Jesus")
    for name in unnamed:
        assert found[name]["verdict"] == "not_assessable", name
        assert "sub-location" in found[name]["reason"]


def test_the_order_of_rows_changes_no_finding(tmp_path: Path) -> None:
    """A community gets the same answer wherever it stands in the file."""
    with SAMPLE.citizen.open(encoding="utf-8") as file:
        header, *rows = file.read().splitlines()
    random.Random(7).shuffle(rows)  # noqa: S311 - an order, not a secret
    shuffled = tmp_path / "shuffled.csv"
    shuffled.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")

    def by_id(found: list[dict[str, str]]) -> dict[str, dict[str, str]]:
        return {row["record_id"]: {key: value for key, value in row.items() if key != "row"} for row in found}

    straight = compared(SAMPLE.citizen, CENSUS, tmp_path / "a.csv")
    assert by_id(compared(shuffled, CENSUS, tmp_path / "b.csv")) == by_id(straight)


@pytest.mark.parametrize("ending", ["csv", "json", "geojson", "parquet"])
def test_two_runs_write_the_same_bytes(tmp_path: Path, ending: str) -> None:
    """A finding can be checked by running it again."""
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    for out in (first, second):
        compare_files(Request(SAMPLE.citizen, CENSUS, out), silent, today=TODAY)
    assert first.read_bytes() == second.read_bytes()


def test_all_four_formats_hold_the_same_findings(tmp_path: Path) -> None:
    """The ending chooses how it is written, never what is said."""
    outs = {ending: tmp_path / f"out.{ending}" for ending in ("json", "geojson", "parquet")}
    for out in outs.values():
        compare_files(Request(SAMPLE.citizen, CENSUS, out), silent, today=TODAY)
    rows = json.loads(outs["json"].read_bytes())
    features = json.loads(outs["geojson"].read_bytes())["features"]
    table = pq.read_table(outs["parquet"]).to_pylist()
    assert [row["verdict"] for row in rows] == [row["verdict"] for row in table]
    assert [feature["properties"]["verdict"] for feature in features] == [row["verdict"] for row in rows]
    assert features[0]["geometry"]["coordinates"] == [rows[0]["lon"], rows[0]["lat"]]


def test_broken_rows_are_answered_by_number_and_good_rows_are_compared(tmp_path: Path) -> None:
    """Bad input never loses good input."""
    citizen = tmp_path / "ours.csv"
    citizen.write_text(
        "id,name,country,lat,lon\n"
        "1,Gatwekera,KE,-1.3151,36.7826\n"
        "2,Silanga,KE,36.7981,-1.3174\n"  # swapped
        "3,too,many,cells,in,this,row\n"
        "4,   ,KE,-1.31,36.79\n"
        "5,Lindi,Wakanda,-1.3147,36.7940\n"
        "1,Lindi,KE,-1.3147,36.7940\n",
        encoding="utf-8",
    )
    summary = compare_files(Request(citizen, CENSUS, tmp_path / "out.json"), silent, today=TODAY)
    rows = json.loads((tmp_path / "out.json").read_bytes())
    assert [row["row"] for row in rows] == [2, 3, 4, 5, 6, 7]
    assert rows[0]["official_name"] == "Gatwikira"
    assert "swapped" in rows[1]["reason"]
    assert rows[2]["verdict"] == "insufficient_evidence"
    assert rows[5]["record_id"] == "1"
    assert {problem.row for problem in summary.problems} >= {3, 4, 5, 6, 7}
    assert summary.rows == 6


def test_columns_can_be_named_where_the_headers_do_not_say(tmp_path: Path) -> None:
    """`--map` goes before what the headers look like."""
    citizen = tmp_path / "ours.csv"
    citizen.write_text("k1,k2\nA,Gatwikira\n", encoding="utf-8")
    found = compared(citizen, CENSUS, tmp_path / "out.csv", citizen_columns={"id": "k1", "name": "k2"})
    assert (found[0]["record_id"], found[0]["official_name"]) == ("A", "Gatwikira")


def test_a_mapping_to_a_header_that_is_not_there_names_the_headers_there_are(tmp_path: Path) -> None:
    """A typing mistake in `--map` is told with what could have been meant."""
    with pytest.raises(UnknownColumn, match="record_id"):
        compared(SAMPLE.citizen, CENSUS, tmp_path / "out.csv", citizen_columns={"name": "NAEM"})


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("out.pdf", "Nothing is written as .pdf"),
        ("missing/out.csv", "does not exist"),
        ("ours.csv", "one of the files"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_before_anything_is_compared(
    tmp_path: Path, out: str, said: str
) -> None:
    """Nobody waits an hour for a refusal, and no input is overwritten."""
    citizen = tmp_path / "ours.csv"
    citizen.write_bytes(SAMPLE.citizen.read_bytes())
    with pytest.raises(Problem, match=said):
        compare_files(Request(citizen, CENSUS, tmp_path / out), silent, today=TODAY)
    assert citizen.read_bytes() == SAMPLE.citizen.read_bytes()


@pytest.mark.parametrize(("folder", "floor"), [("kibera-schools", 0.85), ("language-communities", 0.45)])
def test_the_probability_of_absence_ranks_real_communities_well(tmp_path: Path, folder: str, floor: float) -> None:
    """On labelled real pairs, hidden communities come first; a floor, so that a change that hurts is seen."""
    if not (SHARED / folder).is_dir():
        pytest.skip(f"the labelled pairs of {folder} are not beside this checkout")
    found = compared(SHARED / folder / "citizen.csv", SHARED / folder / "official.csv", tmp_path / "out.csv")
    with (SHARED / folder / "truth.csv").open(encoding="utf-8") as file:
        labels = {row["record_id"]: row["label"] == "hidden" for row in csv.DictReader(file)}
    assert sorted(row["record_id"] for row in found) == sorted(labels)
    hidden = np.array([labels[row["record_id"]] for row in found])
    assert average_precision(hidden, np.array([float(row["p_absent"] or 0.5) for row in found])) >= floor
