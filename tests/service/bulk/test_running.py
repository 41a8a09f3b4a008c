"""A run in parts: every row answered once, as against the whole list, wherever it is cut."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from geodata.files.columns import read_places
from geodata.files.tables import read_table
from geodata.geoparquet import from_geoparquet, to_geoparquet
from geodata.index import PlaceIndex
from geodata.partition import Partition
from geodata.places import Places
from matchers.base import OfficialList, Verdict
from matchers.compare import compare
from service.bulk.listing import listing
from service.bulk.request import Request
from service.configuration.settings import Settings
from service.errors import Problem


def verdicts(out: Path) -> dict[str, dict]:
    """Return the verdicts that were written, by the id of the record."""
    return {f"{row['record_id']}@{row['row']}": row for row in pq.read_table(out / "verdicts.parquet").to_pylist()}


def test_every_row_has_one_verdict_in_the_order_of_its_file(country, tmp_path):
    """No record is lost, doubled or moved, the one that cannot be read among them."""
    summary = country.run(tmp_path / "out")
    table = pq.read_table(tmp_path / "out" / "verdicts.parquet")
    with country.records.open(encoding="utf-8") as file:
        given = [row[0] for row in csv.reader(file)][1:]
    assert table.column("row").to_pylist() == list(range(2, 2 + len(given)))
    written = [own if own != "too" else "row-125" for own in given]
    assert table.column("record_id").to_pylist() == written
    assert summary.records == len(given) == sum(summary.verdicts.values())
    assert summary.parts > 6
    assert not (tmp_path / "out" / "work").exists()


def test_a_list_in_one_part_is_answered_as_two_files_are(country, tmp_path):
    """The columns of `uncounted compare`, digit for digit, for records with and without a location."""
    country.run(tmp_path / "out", partition_rows=10_000)
    read = read_places(read_table(country.records))
    places = from_geoparquet(country.official.read_bytes())
    listed = listing(Request(country.records, str(country.official), tmp_path), Settings())
    official = OfficialList("o", "o", "0", "o", None, listed.coverage, PlaceIndex.build(places))
    expected = compare(read.places, official, today=country.run.__globals__["TODAY"]).findings
    found = pq.read_table(tmp_path / "out" / "verdicts.parquet")
    found = found.filter([row in set(read.rows.tolist()) for row in found.column("row").to_pylist()])
    for name in (
        "verdict",
        "subtype",
        "p_absent",
        "official_id",
        "p_match",
        "competitor",
        "needs_review",
        "attributes",
    ):
        assert found.column(name).to_pylist() == expected.column(name).to_pylist(), name


def test_cutting_changes_no_verdict(country, tmp_path):
    """Records are found, or missed, in parts of the list as in all of it, though each has statistics of its own."""
    country.run(tmp_path / "parts")
    country.run(tmp_path / "whole", partition_rows=10_000)
    parts, whole = verdicts(tmp_path / "parts"), verdicts(tmp_path / "whole")
    assert parts.keys() == whole.keys()
    near = [key for key, one in parts.items() if one["looked"] == "near"]
    assert [parts[key]["verdict"] for key in near] == [whole[key]["verdict"] for key in near]
    moved = [abs(parts[key]["p_absent"] - whole[key]["p_absent"]) for key in near]
    assert sorted(moved)[len(moved) * 9 // 10] < 0.02


def test_a_record_is_answered_the_same_whatever_else_is_in_the_file(country, tmp_path):
    """The cut follows the list alone, so a file of one record says what the long one says."""
    country.run(tmp_path / "all")
    everything = verdicts(tmp_path / "all")
    lines = country.records.read_text(encoding="utf-8").splitlines()
    for number in (3, 40, 77):
        alone = tmp_path / f"{number}.csv"
        alone.write_text(f"{lines[0]}\n{lines[number]}\n", encoding="utf-8")
        type(country)(alone, country.official).run(tmp_path / f"out-{number}")
        (found,) = verdicts(tmp_path / f"out-{number}").values()
        expected = everything[f"{found['record_id']}@{number + 1}"]
        assert found["p_absent_alone"] == expected["p_absent_alone"]
        assert found["official_id"] == expected["official_id"]


def test_how_each_record_was_looked_for_is_said(country, tmp_path):
    """An uncertain record is looked for further around; one that is too uncertain, or has no location, is not."""
    summary = country.run(tmp_path / "out", explain=(Verdict.INSUFFICIENT_EVIDENCE,))
    looked = {key.partition("@")[0]: row["looked"] for key, row in verdicts(tmp_path / "out").items()}
    assert looked["R1"] == "near"
    assert looked["far"] == "wide"
    assert looked["vague"] == "too_uncertain"
    assert looked["unplaced"] == looked["swapped"] == "no_location"
    assert summary.looked == {"near": 121, "wide": 1, "too_uncertain": 1, "no_location": 2}
    reasons = {row["record_id"]: row["reason"] for row in pq.read_table(tmp_path / "out/explained.parquet").to_pylist()}
    assert "more than 200 km around" in reasons["vague"]
    assert "gives no location" in reasons["unplaced"]


def test_reasons_are_written_for_the_verdicts_asked_for(country, tmp_path):
    """And for no others; they stand in the order of the file, with the identifiers of the file."""
    summary = country.run(tmp_path / "out", explain=(Verdict.HIDDEN_PLACE,), as_csv=True)
    with (tmp_path / "out" / "explained.csv").open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    assert len(told) == summary.verdicts["hidden_place"] > 0
    assert all(row["verdict"] == "hidden_place" and row["reason"] for row in told)
    assert [int(row["row"]) for row in told] == sorted(int(row["row"]) for row in told)
    with (tmp_path / "out" / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == summary.records


def test_what_was_set_aside_is_told(country, tmp_path):
    """Each value that could not be used stands in a file, with its row and how to mend it."""
    country.run(tmp_path / "out")
    with (tmp_path / "out" / "problems.csv").open(encoding="utf-8", newline="") as file:
        problems = list(csv.DictReader(file))
    assert {"125", "126", "127"} <= {problem["row"] for problem in problems}
    assert all(problem["hint"] for problem in problems)
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["problems"] == len(problems)


def test_who_claims_the_same_entry_from_the_other_side_of_a_cut_is_seen(tmp_path, country):
    """Two records beside one village go to different cells, and still only one of them can be it."""
    places = from_geoparquet(country.official.read_bytes()).table.to_pylist()
    villages = [row | {"lat": 0.0, "lon": 30.0 + 0.01 * at} for at, row in enumerate(places)]
    for row in villages[1::2]:
        row["lat"] = 0.02
    (tmp_path / "official.parquet").write_bytes(to_geoparquet(Places.from_rows(villages)))
    lat, lon = (np.array([row[name] for row in villages]) for name in ("lat", "lon"))
    cells = Partition.of(lat, lon, 6)
    cut = np.flatnonzero(cells.home(lat, lon - 0.006) != cells.home(lat, lon + 0.006))
    assert len(cut) > 1
    claims = [
        f"{side}{at},{villages[at]['names'][0]['text']} {number},KE,{lat[at]},{lon[at] + east},50,village"
        for at in sorted({*range(0, 600, 7), *cut.tolist()})
        for side, east, number in (("W", -0.006, 1), ("E", 0.006, 2))
    ]
    (tmp_path / "records.csv").write_text(
        "\n".join(["id,name,country,lat,lon,accuracy_m,kind", *claims]), encoding="utf-8"
    )
    line = type(country)(tmp_path / "records.csv", tmp_path / "official.parquet")
    line.run(tmp_path / "parts")
    line.run(tmp_path / "whole", partition_rows=10_000)
    parts, whole = verdicts(tmp_path / "parts"), verdicts(tmp_path / "whole")
    rivals = {
        key: one for key, one in whole.items() if one["competitor"] and one["competitor"][1:] == key[1:].split("@")[0]
    }
    assert {f"W{at}" for at in cut.tolist()} <= {key.split("@")[0] for key in rivals}
    assert {key: parts[key]["competitor"] for key in rivals} == {key: one["competitor"] for key, one in rivals.items()}


@pytest.mark.parametrize(
    ("asked", "said"), [({"partition_rows": 1}, "--partition-rows 10 or more"), ({"halo_m": 5.0}, "--halo-km 10")]
)
def test_what_cannot_be_done_is_refused(country, tmp_path, asked, said):
    """Parts of nothing, and halos that would lose entries, are no choice."""
    with pytest.raises(Problem, match=said):
        country.run(tmp_path / "out", **asked)
