"""The quality of a file: what its rows show, what a passport beside it says, and what both do to a comparison."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from geodata.samples import kibera
from matchers.quality.policy import read_policy
from matchers.quality.reading import read_toml
from service.api.passports import WHOLE
from service.errors import Problem
from service.offline import compare
from service.offline.inputs import Request as Comparing
from service.offline.quality import Declared, Request, grade_file, read_passport, template, write_template
from service.offline.replay import Where, replay_file

TODAY = date(2026, 3, 1)
POLICY = read_policy()
OURS = """record_id,name,country,lat,lon,count,unit,method,date
a,Lindi,KEN,0.518,35.0005,500,persons,,
b,Soi,KEN,0.554,35.0005,100,persons,enumeration,2025-10-01
"""
THEIRS = """id,name,country,lat,lon,count,unit,method,date
1,Lindi,KEN,0.518,35.0,100,persons,census,2025-10-15
2,Soi,KEN,0.554,35.0,100,persons,census,2025-10-15
3,Turbo,KEN,0.59,35.0,100,persons,census,2025-10-15
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Write two files that differ in one village, and a passport that declares everything."""
    (tmp_path / "ours.csv").write_text(OURS, "utf-8")
    (tmp_path / "theirs.csv").write_text(THEIRS, "utf-8")
    (tmp_path / "passport.json").write_text(json.dumps(WHOLE), "utf-8")
    return tmp_path


def compared(folder: Path, passport: str | None) -> tuple[dict[str, dict[str, str]], compare.Summary]:
    """Compare the two files, with a passport or without, and return the rows written by id."""
    declared = Declared(folder / passport, POLICY) if passport else None
    inputs = (folder / "ours.csv", folder / "theirs.csv", folder / "out.csv")
    request = Comparing(*inputs, certificates=folder / "certificates.ndjson", declared=declared)
    summary = compare.compare_files(request, lambda _done, _all: None, today=TODAY)
    with (folder / "out.csv").open(encoding="utf-8", newline="") as source:
        return {row["record_id"]: row for row in csv.DictReader(source)}, summary


def test_a_template_reads_back_and_asks_for_everything() -> None:
    """The empty passport is one that can be read, and with every comment taken away it is still one."""
    assert read_toml(template(), TODAY).organisation.contact is None
    whole = "\n".join(
        line.removeprefix("# ") if " = " in line else line
        for line in template().splitlines()
        if "undisclosed" not in line
    )
    found = read_toml(whole, TODAY)
    assert (found.method.code, found.method.n, found.ethics.sensitive_categories) == ("full_enumeration", 100, ())
    assert found.citizen_role.design == "lead"


def test_a_template_never_overwrites_answers(tmp_path: Path) -> None:
    """Whoever asks twice keeps what they wrote."""
    path = tmp_path / "passport.toml"
    write_template(path)
    with pytest.raises(Problem, match="is there already"):
        write_template(path)
    with pytest.raises(Problem, match="cannot be written"):
        write_template(tmp_path / "nowhere" / "passport.toml")


def test_a_file_without_a_passport_shows_what_its_rows_show() -> None:
    """The sample's rows are nearly whole, and nothing is graded."""
    report = grade_file(Request(kibera.sample().citizen, POLICY), TODAY)
    assert report.facts is not None
    assert (report.facts.records, report.grade, report.allowed) == (19, None, ("store", "existence"))
    assert report.facts.lacking("location") == 0.0


def test_a_file_with_a_passport_is_graded(files: Path) -> None:
    """The passport's fields and the rows together make the grade, and what to improve."""
    report = grade_file(Request(files / "ours.csv", POLICY, files / "passport.json"), TODAY)
    assert report.grade is not None
    assert report.grade.grade in {"A", "B"}
    assert {one.criterion for one in report.improvements} >= {"documentation"}


def test_a_comparison_without_a_passport_is_not_graded(files: Path) -> None:
    """The analyst vouches, and the summary says so; a count without method or date proves nothing."""
    rows, summary = compared(files, None)
    assert summary.quality.startswith("Not graded: without --passport")
    assert rows["a"]["verdict"] != "undercount"
    assert "quality" not in rows["a"]["attributes"]


def test_rows_inherit_what_the_passport_says_and_replay_so(files: Path) -> None:
    """Its method and day stand for rows that state none; the certificates hold what was inherited."""
    rows, summary = compared(files, "passport.json")
    assert (rows["a"]["verdict"], rows["b"]["verdict"]) == ("undercount", "consistent")
    assert summary.quality.startswith("Graded by the passport: 2 of grade ")
    (files / "passport.json").unlink()  # everything a replay needs of it is in the certificates
    again = list(replay_file(Where(files / "certificates.ndjson")))
    assert [one.differences for one in again] == [[], []]
    assert [change["verdict"] for change in again[0].found["smallest_changes"] if "count" in change]


def test_a_passport_without_consent_lets_no_row_say_anything(files: Path) -> None:
    """D in a file is D in the service."""
    plain = {name: part for name, part in WHOLE.items() if name != "ethics"}
    (files / "poor.json").write_text(json.dumps(plain), "utf-8")
    rows, _ = compared(files, "poor.json")
    assert {row["verdict"] for row in rows.values()} == {"insufficient_evidence"}
    assert all("quality_too_low" in row["attributes"] for row in rows.values())


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("p.toml", "title = ", "not TOML"),
        ("p.json", "{", "not JSON: it breaks at line 1"),
        ("p.toml", 'titel = "x"', "titel: There is no such field. Did you mean title?"),
        ("p.json", "[]", "has to be a table"),
    ],
)
def test_a_broken_passport_is_told_with_file_and_place(tmp_path: Path, name: str, text: str, says: str) -> None:
    """Nothing is graded by what was not understood."""
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(Problem, match=name) as refused:
        read_passport(tmp_path / name, TODAY)
    assert says in refused.value.detail


def test_a_passport_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With its path."""
    with pytest.raises(Problem, match=r"none\.toml cannot be read"):
        read_passport(tmp_path / "none.toml", TODAY)
