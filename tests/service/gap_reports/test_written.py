"""Editions in the formats people open: right types, whole texts, and nothing that runs."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from service.gap_reports.rows import FLAG_COLUMNS
from service.gap_reports.writers import WRITERS, Form, writer
from service.writing.spreadsheets.dialects import excel

HOSTILE = "=cmd|' /C calc'!A0"
NAMES = ("São Tomé e Príncipe, «Água»", HOSTILE, '+1;"quoted"\nline')


@pytest.fixture
def items(desk):
    """Return flags whose texts a spreadsheet would mangle or run."""
    return [desk.item(name, number) for number, name in enumerate(NAMES)]


def converted(folder: Path, body: bytes, name: str, how: str) -> list[Path]:
    """Return the CSV files that LibreOffice makes of a file."""
    if shutil.which("soffice") is None:
        pytest.skip("soffice (LibreOffice) is not installed")
    (folder / name).write_bytes(body)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    reading = (
        ["--infilter=CSV:44,34,76,1"] if name.endswith(".csv") else []
    )  # as its dialog proposes for a file like this
    command = ["soffice", profile, "--headless", *reading, "--convert-to", how, "--outdir", str(folder / "out"), name]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=240)  # noqa: S603 - ours
    return sorted((folder / "out").glob("*.csv"))


def rows_of(text: str) -> list[dict[str, str]]:
    """Return the rows of a table."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_plain_csv_is_read_back_as_it_was(desk, items):
    """RFC 4180: CRLF, no byte order mark, numbers with a point; a text that would run has an apostrophe in front."""
    body = desk.body(writer(Form.CSV, desk.settings), items)
    assert body.startswith(b"id,code,name,")
    rows = rows_of(body.decode())
    assert [row["name"] for row in rows] == [NAMES[0], f"'{HOSTILE}", f"'{NAMES[2]}"]
    assert {(row["lat"], row["lon"], row["official_id"]) for row in rows} == {("-3.5", "-60.025", "007")}


def test_a_spreadsheet_opens_the_csv_as_it_is_meant(desk, items, tmp_path):
    """Accents, leading zeros and negative coordinates survive LibreOffice, and no text becomes a formula."""
    body = desk.body(writer(Form.CSV, desk.settings, excel("en")), items)
    assert body.startswith(b"\xef\xbb\xbfid,")
    (file,) = converted(tmp_path, body, "gaps.csv", "csv:Text - txt - csv (StarCalc):44,34,76,1")
    rows = rows_of(file.read_text(encoding="utf-8"))
    assert [row["name"].lstrip("'") for row in rows] == list(NAMES)
    assert {(float(row["lat"]), float(row["lon"])) for row in rows} == {(-3.5, -60.025)}
    assert {row["official_id"] for row in rows} == {"'007"}


def test_a_workbook_has_its_sheets_with_the_right_types(desk, items, tmp_path):
    """LibreOffice reads back every sheet: numbers as numbers, identifiers with their zeros, texts as texts."""
    body = desk.body(writer(Form.XLSX, desk.settings), items)
    sheets = zipfile.ZipFile(io.BytesIO(body))
    assert not any(b"<f>" in sheets.read(name) for name in sheets.namelist() if "worksheets" in name)
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    files = {file.stem.partition("-")[2]: file for file in converted(tmp_path, body, "gaps.xlsx", every_sheet)}
    assert set(files) == {"README", "flags", "candidates", "decisions", "sources", "code lists"}
    rows = rows_of(files["flags"].read_text(encoding="utf-8"))
    assert [row["name"] for row in rows] == list(NAMES)
    assert {(row["lat"], row["lon"], row["official_id"], row["persons"]) for row in rows} == {
        ("-3.5", "-60.025", "007", "1200")
    }
    assert rows[0]["created_at"].startswith("2026-03-01")
    (decided, *_) = rows_of(files["decisions"].read_text(encoding="utf-8"))
    assert (decided["decision_label"], decided["note"]) == ("Confirmed by a person", "-1+1")
    assert "Absence of data is not absence of people." in files["README"].read_text(encoding="utf-8")


@pytest.mark.parametrize("form", [Form.GPKG, Form.GEOJSON])
def test_gdal_opens_the_layers(desk, items, tmp_path, form):
    """A layer of points with typed fields, read by GDAL's own program."""
    if shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo (GDAL) is not installed")
    file = tmp_path / f"gaps.{form}"
    file.write_bytes(desk.body(writer(form, desk.settings), items))
    command = ["ogrinfo", "-al", str(file)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=120, text=True)  # noqa: S603 - ours
    said = done.stdout
    assert "Geometry: Point" in said
    assert "Feature Count: 3" in said
    assert "POINT (-60.025 -3.5)" in said
    assert "persons: Real" in said
    assert "official_id: String" in said
    assert HOSTILE in said
    if form is Form.GPKG:
        assert "created_at: DateTime" in said
        assert all(f"Layer name: {name}" in said for name in ("flags", "about", "sources", "codes"))


def test_the_same_flags_are_the_same_bytes(desk, items):
    """JSON, CSV, GeoJSON and workbooks of the same flags are the same to the byte."""
    for form in (Form.JSON, Form.CSV, Form.GEOJSON, Form.XLSX):
        one, other = (desk.body(writer(form, desk.settings), items) for _ in range(2))
        assert one == other, form


def test_an_edition_without_flags_is_written_too(desk):
    """Every format has its header or members where there is nothing to report."""
    for form in WRITERS:
        assert desk.body(writer(form, desk.settings), []), form
    assert json.loads(desk.body(writer(Form.JSON, desk.settings), []))["items"] == []
    assert desk.body(writer(Form.CSV, desk.settings), []).decode().strip().split(",") == list(FLAG_COLUMNS)


def test_nothing_is_left_on_the_disk(desk, items):
    """What was written aside goes with the answer."""
    for form in WRITERS:
        desk.body(writer(form, desk.settings), items)
    assert list(desk.settings.data_dir.iterdir()) == []
