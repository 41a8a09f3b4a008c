"""There and back: the workbook of the queue through a real spreadsheet program, filled, and read again."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime

import openpyxl
import pytest

from service.deciding.decisions import DECISIONS
from service.desk_sheets.book import Made, book
from service.desk_sheets.columns import COLUMNS
from service.desk_sheets.filled import read_filled
from service.reasons.codes import reason_codes

FLAG = "01a2071b741f7c00a416cb7809b2ea80"
OTHER = "01a2071b7a3e7d11b0c2d5e9f4a36b17"
ROWS = [
    {
        "name": "=cmd|' /C calc'!A0",
        "country": "KEN",
        "lat": -1.3133,
        "lon": 36.7876,
        "candidate_id": "0071",
        "candidate_name": "Mbará de Ñandú",
        "probability": 0.96943,
        "flag_id": FLAG,
        "version": 3,
    },
    {"name": "ወረዳ 5", "country": "ETH", "lat": 9.03, "lon": 38.74, "flag_id": OTHER, "version": 1},
]
MADE = Made(datetime(2026, 3, 31, 12, tzinfo=UTC), {"country": "KEN"}, most=10)


@pytest.fixture
def downloaded(tmp_path):
    """Give the path of a workbook as it was downloaded."""
    path = tmp_path / "queue.xlsx"
    path.write_bytes(book(iter(ROWS), MADE))
    return path


def opened(path):
    """Return the workbook as another program reads it."""
    return openpyxl.load_workbook(path)


def fill(path):
    """Fill the first row as a person does, and save it."""
    workbook = opened(path)
    sheet = workbook["queue"]
    at = {cell.value: cell.column for cell in sheet[1]}
    said = {"decision": "matched_existing", "reason_code": "alias", "note": "Vista, à côté", "official_id": "0071"}
    for name, value in said.items():
        sheet.cell(2, at[name]).value = value
    workbook.save(path)


def converted(path, to):
    """Return what LibreOffice makes of a file."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed: soffice is not found")
    command = ["soffice", f"-env:UserInstallation=file://{path.parent}/profile", "--headless", "--convert-to", to]
    subprocess.run([*command, "--outdir", path.parent / "made", path], check=True, capture_output=True, timeout=240)  # noqa: S603 - a program of the machine, on a file of the test
    return path.parent / "made" / f"{path.stem}.{to.partition(':')[0]}"


def test_people_choose_from_lists_and_cannot_slip(downloaded):
    """Decisions and reasons are offered, the other columns are locked without a password, the header stays in sight."""
    workbook = opened(downloaded)
    sheet = workbook["queue"]
    at = {cell.value: cell.column_letter for cell in sheet[1]}
    assert list(at) == [column.name for column in COLUMNS]
    offered = {str(one.sqref).partition("2")[0]: one.formula1 for one in sheet.data_validations.dataValidation}
    last = len(DECISIONS) + 1
    assert offered[at["decision"]] == f"codes!$A$2:$A${last}"
    assert [workbook["codes"][f"A{row}"].value for row in range(2, last + 1)] == list(DECISIONS)
    known = [code for code, reason in reason_codes().reasons.items() if set(reason.decisions) - {"undo"}]
    assert offered[at["reason_code"]] == f"codes!$D$2:$D${len(known) + 1}"
    assert [workbook["codes"][f"D{row}"].value for row in range(2, len(known) + 2)] == known
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert [sheet[f"{at[name]}2"].protection.locked for name in ("name", "version", "decision", "note")] == [
        True,
        True,
        False,
        False,
    ]
    assert sheet.freeze_panes == "B2"


def test_values_have_their_types_and_nothing_is_a_formula(downloaded):
    """Numbers are numbers, codes are texts with their zeros, a name that looks like a formula is a text."""
    workbook = opened(downloaded)
    sheet = workbook["queue"]
    first = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (first["lat"].value, first["lon"].value, first["version"].value) == (-1.3133, 36.7876, 3)
    assert (first["candidate_id"].value, first["candidate_id"].data_type) == ("0071", "s")
    assert first["name"].value == "'=cmd|' /C calc'!A0"
    assert {cell.data_type for page in workbook for row in page.iter_rows() for cell in row} <= {"s", "n"}


def test_the_readme_says_how_and_what(downloaded):
    """When it was made, what was asked for, every column, and that it is not public."""
    text = "\n".join(str(cell.value) for row in opened(downloaded)["README"].iter_rows() for cell in row if cell.value)
    assert "2026-03-31 12:00 UTC, 2 flags" in text
    assert "country = KEN" in text
    assert "not public" in text
    assert all(f"\n{column.name}\n{column.meaning}" in text for column in COLUMNS)


def test_the_same_rows_make_the_same_bytes():
    """Made at the same moment."""
    assert book(iter(ROWS), MADE) == book(iter(ROWS), MADE)


@pytest.mark.parametrize("to", ["xlsx", "ods", "csv"])
def test_a_filled_sheet_comes_back_through_libreoffice(downloaded, to):
    """Opened, saved as its own, as OpenDocument, or as CSV: the decision, the note and the code are what they were."""
    fill(downloaded)
    path = converted(downloaded, to)
    filled = read_filled(path, path.name)
    (line,) = filled.lines
    asked = line.asked
    assert (line.row, filled.rows, filled.undecided) == (2, 2, 1)
    assert (asked.flag_id, asked.version, asked.decision, asked.reason_code) == (
        FLAG,
        3,
        "matched_existing",
        "alias",
    )
    assert (asked.note, asked.official_id) == ("Vista, à côté", "0071")


def test_libreoffice_shows_every_value_as_it_was(downloaded):
    """Accents, other scripts, a negative latitude, leading zeros; what looks like a formula was not reckoned."""
    text = converted(downloaded, "csv:Text - txt - csv (StarCalc):44,34,76").read_text(encoding="utf-8")
    assert "'=cmd|' /C calc'!A0" in text
    assert re.search(r",-1\.3133\d*,36\.7876\d*,", text)
    assert "0071,Mbará de Ñandú" in text
    assert "ወረዳ 5" in text
