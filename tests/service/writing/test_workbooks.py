"""Workbooks: what people open in Excel holds their values, runs nothing, and is the same whenever it is written."""

from __future__ import annotations

import io

from python_calamine import CalamineWorkbook

from service.writing.workbooks import workbook


def test_values_are_kept_and_formulas_are_not():
    """Numbers stay numbers, texts stay texts, and what a spreadsheet would run gets an apostrophe."""
    rows = [{"row": 3, "value": "=1+1", "problem": "x"}, {"row": 10**17, "value": "-1.5", "problem": None}]
    made = workbook("errors", ("row", "value", "problem"), iter(rows))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    assert sheet == [["row", "value", "problem"], [3.0, "'=1+1", "x"], ["100000000000000000", "-1.5", ""]]
    assert workbook("errors", ("row", "value", "problem"), iter(rows)) == made
    assert b"<f>" not in made


def test_no_rows_are_a_workbook_too():
    """Only the header stands in it."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook("errors", ("row",), ()))).get_sheet_by_index(0)
    assert sheet.to_python() == [["row"]]
