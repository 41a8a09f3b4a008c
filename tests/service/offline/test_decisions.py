"""A file of decisions beside two files that are compared: what people settled once is settled there too."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from service.errors import INVALID, Problem
from service.offline.compare import Request, compare_files

TODAY = date(2026, 4, 1)
OFFICIAL = "code,name,lat,lon\n" + "".join(
    f"V{number},{name},{0.5 + 0.009 * number:.4f},35.0\n"
    for number, name in enumerate(("Kapchorwa", "Mashimoni", "Lindi", "Turbo", "Bondeni", "Gatwekera", "Soi", "Ziwa"))
)
OURS = "id,name,lat,lon,accuracy\na,Zorokomu,0.5365,35.0005,50\nb,Lindi,0.5185,35.0,50\nc,Zorokomu,0.5355,35.0,50\n"


@pytest.fixture
def compared(tmp_path):
    """Give a comparison of the two files with some lines of decisions."""
    for name, content in (("official.csv", OFFICIAL), ("ours.csv", OURS)):
        (tmp_path / name).write_text(content, encoding="utf-8")

    def compare(*lines, header="record_id,official_id,decision,decided_on"):
        decisions = tmp_path / "decisions.csv"
        decisions.write_text("\n".join([header, *lines]), encoding="utf-8")
        request = Request(
            tmp_path / "ours.csv",
            tmp_path / "official.csv",
            tmp_path / "out.csv",
            official_columns={"id": "code"},
            decisions=decisions if lines else None,
        )
        summary = compare_files(request, lambda _done, _all: None, today=TODAY)
        with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
            return {row["record_id"]: row for row in csv.DictReader(file)}, summary

    return compare


def test_a_confirmed_pair_is_listed_and_its_name_known(compared):
    """The record is listed as decided, and another one under its name is found by it."""
    plain, _ = compared()
    rows, summary = compared("a,V4,same,2026-03-01")
    assert plain["a"]["verdict"] == "needs_review"
    assert (rows["a"]["verdict"], rows["a"]["official_name"]) == ("consistent", "Bondeni")
    assert "A reviewer decided on 2026-03-01 that it is “Bondeni”." in rows["a"]["reason"]
    assert float(rows["c"]["p_absent"]) < float(plain["c"]["p_absent"])
    assert rows["b"] == plain["b"]
    assert summary.decision_problems == ()


def test_a_pair_ruled_out_is_left_out(compared):
    """The entry is no candidate of that record any more, whatever order the lines stand in."""
    rows, _ = compared("a,V4,different,2026-03-02", "a,V4,same,2026-03-01")
    assert rows["a"]["official_id"] != "V4"
    assert "“Bondeni” is another place." in rows["a"]["reason"]


def test_lines_that_cannot_be_used_are_told_and_the_others_hold(compared):
    """A word that is no decision, a day that is none, a row that is in neither file: each is named, none is fatal."""
    rows, summary = compared(
        "a,V4,maybe,2026-03-01",
        "a,V4,same,soon",
        "z,V4,same,2026-03-01",
        "a,V99,same,2026-03-01",
        ",,,",
        "a,V4,Same,1 March 2026",
    )
    assert rows["a"]["official_name"] == "Bondeni"
    assert [(problem.row, problem.column) for problem in summary.decision_problems] == [
        (2, "decision"),
        (3, "decided_on"),
        (4, "record_id"),
        (5, "official_id"),
    ]


def test_a_file_without_the_columns_is_refused(compared):
    """What is missing is named, with what such a file has."""
    with pytest.raises(Problem, match="lacks the columns decided_on") as raised:
        compared("a,V4,same", header="record_id,official_id,decision")
    assert raised.value.kind is INVALID
