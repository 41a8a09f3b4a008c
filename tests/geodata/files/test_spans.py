"""Workbooks that ask for more room than any table needs are refused before room is made; stray colours are not."""

from __future__ import annotations

import io
import zipfile

import pytest

from geodata.files.tables import UnreadableTable, read_table
from tests.specimens.saving import open_document, workbook

START = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
LINE = '<row r="2"><c r="A2" t="inlineStr"><is><t>Lindi</t></is></c></row>'


def replaced(content: bytes, part: str, text: str) -> bytes:
    """Return a workbook with another text in one part."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    return packed.getvalue()


def sheet(rows: str, after: str = "") -> bytes:
    """Return an XLSX file whose only sheet holds these rows."""
    text = f"{START}{HEAD}{LINE}{rows}</sheetData>{after}</worksheet>"
    return replaced(workbook({"Data": [["x"]]}), "xl/worksheets/s1.xml", text)


def document(rows: str) -> bytes:
    """Return an ODS file whose only sheet holds these rows."""
    content = open_document([["name"]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("content.xml").decode()
    return replaced(content, "content.xml", text.replace("</table:table>", f"{rows}</table:table>"))


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="100000"><c r="XFD100000"><v>1</v></c></row>',
        '<row r="1048576"><c r="A1048576"><v>1</v></c></row><row r="3"><c s="1" r="ZZ3" ><v>1</v></c></row>',
        "<row r='1048576'><c r='XFD1048576' s='1'><v>1</v></c></row>",
        '<row r="1048576" spans="1:1"><c><v>1</v></c></row><row r="2"><c r = "XFD2"><v>1</v></c></row>',
    ],
)
def test_a_stray_cell_far_away_is_told(rows: str):
    """One cell at the end of a sheet would ask for billions; the sentence says how far the sheet reaches."""
    with pytest.raises(UnreadableTable, match="a sheet reaches over") as caught:
        read_table(sheet(rows), "list.xlsx")
    assert "stray cells" in caught.value.hint


def test_colours_to_the_end_of_a_sheet_are_no_cells():
    """People colour whole columns and rows; nothing stands there."""
    rows = '<row r="3"><c r="XFD3" s="4"/></row><row r="1048576"><c r="A1048576" s="4"/><c r="XFD1048576" s="4"/></row>'
    assert read_table(sheet(rows), "list.xlsx").columns.to_pylist() == [{"name": "Lindi"}]


CELL = '<table:table-cell office:value-type="string"{}><text:p>x</text:p></table:table-cell>'
ROW = "<table:table-row{}>{}</table:table-row>"
EMPTY = "<table:table-cell{}/>"


def times(what: str, number: int) -> str:
    """Return the attribute by which a cell or a row says how often it stands."""
    return f' table:number-{what}-repeated="{number}"'


MANY = ROW.format(times("rows", 1_000_000), CELL.format(times("columns", 1_000)))
FAR = ROW.format(times("rows", 1_048_000), EMPTY.format("")) + ROW.format(
    "", EMPTY.format(times("columns", 16_000)) + CELL.format("")
)


@pytest.mark.parametrize("rows", [MANY, FAR])
def test_a_cell_that_says_it_stands_a_million_times_is_told(rows: str):
    """A few bytes of ODS may stand for billions of cells."""
    with pytest.raises(UnreadableTable, match="a sheet reaches over"):
        read_table(document(rows), "list.ods")


def test_repeated_emptiness_is_none():
    """Every ODS file ends in a million empty rows."""
    rows = ROW.format("", CELL.format("") + EMPTY.format(times("columns", 16_383)))
    rows += ROW.format(times("rows", 1_048_574), EMPTY.format(times("columns", 16_384)))
    assert read_table(document(rows), "list.ods").columns.to_pylist() == [{"name": "x"}]


def test_entities_in_a_workbook_are_refused():
    """No spreadsheet program declares any; whoever does wants them to unfold."""
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    part = f"<?xml version='1.0'?>{laughs}{START}{HEAD}</sheetData></worksheet>"
    with pytest.raises(UnreadableTable, match="declares XML entities"):
        read_table(replaced(workbook({"Data": [["x"]]}), "xl/worksheets/s1.xml", part), "list.xlsx")
    with zipfile.ZipFile(io.BytesIO(open_document([["x"]]))) as archive:
        text = archive.read("content.xml").decode().replace("?>", f"?>{laughs}", 1)
    with pytest.raises(UnreadableTable, match="declares XML entities"):
        read_table(replaced(open_document([["x"]]), "content.xml", text), "list.ods")


def test_a_sheet_of_zeros_is_refused():
    """Gigabytes packed into a sheet are told by their sizes, before the reader of workbooks sees them."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook({"Data": [["x"]]}))) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            with new.open(name, "w") as file:
                for _ in range(300 if name == "xl/worksheets/s1.xml" else 0):
                    file.write(bytes(1_000_000))
                file.write(b"" if name == "xl/worksheets/s1.xml" else old.read(name))
    with pytest.raises(UnreadableTable, match="no table does"):
        read_table(packed.getvalue(), "list.xlsx")


def shared(text: str, cells: int) -> bytes:
    """Return an XLSX file whose only text is meant by so many cells."""
    kind = "http://schemas.openxmlformats.org"
    content = workbook({"Data": [["x"]]})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        links = archive.read("xl/_rels/workbook.xml.rels").decode()
    office = f"{kind}/officeDocument/2006/relationships"
    link = f'<Relationship Id="rId9" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, cells + 1))
    content = replaced(
        content, "xl/_rels/workbook.xml.rels", links.replace("</Relationships>", f"{link}</Relationships>")
    )
    content = replaced(content, "xl/worksheets/s1.xml", f"{START}{rows}</sheetData></worksheet>")
    with zipfile.ZipFile(packed := io.BytesIO(content), "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/sharedStrings.xml", f'<sst xmlns="{kind}/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
        )
    return packed.getvalue()


def test_a_text_that_is_meant_too_often_is_refused():
    """A megabyte of text, stored once and meant five thousand times, is told before anything copies it."""
    assert read_table(shared("Lindi", 5_000), "list.xlsx").columns.column(0).to_pylist() == ["Lindi"] * 4_999
    with pytest.raises(UnreadableTable, match="bytes of text"):
        read_table(shared("y" * 1_000_000, 5_000), "list.xlsx")


def test_a_long_text_beside_many_short_ones_is_no_trouble():
    """What counts is the text that cells mean, not the longest one for each."""
    long = shared("y" * 1_000_000, 1)
    with zipfile.ZipFile(io.BytesIO(long)) as archive:
        texts = archive.read("xl/sharedStrings.xml").decode().replace("</sst>", "<si><t>z</t></si></sst>")
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>1</v></c></row>' for row in range(1, 5_001))
    content = replaced(
        replaced(long, "xl/sharedStrings.xml", texts), "xl/worksheets/s1.xml", f"{START}{rows}</sheetData></worksheet>"
    )
    assert len(read_table(content, "list.xlsx")) == 4_999


def test_a_text_repeated_by_ods_too_often_is_refused():
    """So is the same in a document that says how often a cell stands."""
    cell = CELL.format(times("columns", 10)).replace("<text:p>x", f"<text:p>{'y' * 1_000_000}")
    with pytest.raises(UnreadableTable, match="bytes of text"):
        read_table(document(ROW.format(times("rows", 1_000), cell)), "list.ods")


def test_joined_cells_are_told():
    """Only the first of them holds the value in the file, so whoever reads the rows below must know."""
    joined = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    table = read_table(sheet('<row r="3"><c r="B3"><v>7</v></c></row>', joined), "list.xlsx")
    assert [(problem.row, problem.message) for problem in table.problems] == [
        (2, "cells are joined down to row 3; each row is read with their value")
    ]
    assert not table.problems[0].fatal


def test_many_headers_of_one_name_are_no_trouble():
    """Sixteen thousand columns called the same are read in their order, and quickly."""
    table = read_table((",".join(["x"] * 16_000) + "\n" + ",".join(["1"] * 16_000) + "\n").encode(), "x.csv")
    assert table.headers[-1] == "x (16000)"
