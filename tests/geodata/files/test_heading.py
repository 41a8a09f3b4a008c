"""The header is found under titles and in two rows; totals and notes below a table are no places."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from geodata.files.columns import Reading, read_places
from geodata.files.heading import find_heading
from geodata.files.sheet import Table, UnreadableTable
from geodata.files.tables import read_table
from tests.specimens.villages import office_xlsx


def read(text: str) -> Table:
    """Read delimited text."""
    return read_table(text.encode(), "list.csv")


@pytest.mark.parametrize("title", ["Villages of Kibera\n", "Villages of Kibera,,\n", "Villages\n\nApril 2026,\n", ""])
def test_titles_stand_above_the_header(title: str):
    """Whether a title is padded or not, the header is below it, and rows keep their numbers."""
    table = read(f"{title}id,name,lat\n1,Lindi,-1.3\n2,Makina,-1.4\n")
    assert table.headers == ["id", "name", "lat"]
    assert table.rows.tolist() == [title.count("\n") + 2, title.count("\n") + 3]


def test_a_header_in_two_rows():
    """Groups above, parts below: together they say what each column is."""
    table = read("Name,Location,,Count,\n,Latitude,Longitude,Persons,Households\nLindi,-1.3,36.8,1250,250\n")
    assert table.headers == ["Name", "Location/Latitude", "Location/Longitude", "Count/Persons", "Count/Households"]
    assert table.rows.tolist() == [3]
    assert set(read_places(table).mapping.values()) == {"name", "lat", "lon", "count.persons", "count.households"}


def test_a_row_of_data_is_no_second_header():
    """A gap in the header alone makes no header of two rows."""
    assert find_heading([["name", "", "lat"], ["Lindi", "x", "-1.3"]]).below == 1
    assert find_heading([["name", "", "ward"], ["Lindi", "x", "Laini Saba"], ["Makina", "y", "Woodley"]]).below == 1


def test_totals_and_notes_are_left_out_and_told():
    """At the end of a table, in several languages; a place called Total elsewhere stays."""
    table = read("id,name,people\n1,Total,5\n2,Lindi,7\nTotal général,,12\nSource : enquête,,\n")
    assert table.columns.column("name").to_pylist() == ["Total", "Lindi"]
    assert [(problem.row, problem.message) for problem in table.problems] == [
        (5, "is a note under the table; it was left out"),
        (4, "is a total, not a place; it was left out"),
    ]


def test_a_last_place_is_no_total():
    """A last row with words in it is a row, whatever its first word."""
    assert len(read("name,ward,people\nLindi,Laini Saba,5\nTotal,Woodley,7\n")) == 2


def workbook(*sheets: tuple[str, list[list[object]]], merge: tuple[int, ...] = (), formula: bool = False) -> bytes:
    """Return a workbook; `merge` joins cells of the first sheet, `formula` puts one without a result into C2."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
            if merge:
                sheet.merge_range(*merge, sheets[0][1][merge[0]][merge[1]])
            if formula:
                sheet.write_formula(1, 2, "=1+1", None, "")
    return packed.getvalue()


def test_a_workbook_by_hand():
    """Titles, two rows of header, cells joined over several rows, dates, results of formulas, a total."""
    reading: Reading = read_places(read_table(office_xlsx(), "villages.xlsx"))
    rows = reading.places.table.to_pylist()
    assert [dict(row["admin"])["ward"] for row in rows] == ["Laini Saba"] * 3
    assert [row["observed"] for row in rows] == [date(2026, 3, day) for day in (1, 2, 3)]
    assert [count["value"] for count in rows[0]["counts"]] == [1250, 250]
    assert "cells are joined down to row 6; each row is read with their value" in {p.message for p in reading.problems}


def test_cells_joined_across_columns_are_told():
    """Only the first column has their value, and the row is named."""
    content = workbook(("A", [["id", "name", "ward"], [1, "Lindi", ""], [2, "Makina", "x"]]), merge=(1, 1, 1, 2))
    table = read_table(content, "list.xlsx")
    assert [(problem.row, problem.message) for problem in table.problems] == [
        (2, "cells of several columns are joined; only the first column has their value")
    ]


def test_formulas_without_a_result_are_told():
    """A program that does not reckon leaves cells that look empty."""
    content = workbook(("A", [["id", "name", "people"], [1, "Lindi", ""]]), formula=True)
    table = read_table(content, "list.xlsx")
    assert [problem.message for problem in table.problems] == [
        "formulas without a result in 1 cells, C2 the first; they are read as empty"
    ]


def test_broken_archives_of_forms_are_refused_in_words():
    """Cut, with a name that points outside, or full of zeros: none costs anything or is read in part."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("form.csv", "KEY,SubmissionDate,name\n1,2026-03-01,A\n")
        archive.writestr("form-names.csv", b"\0" * 200_000_000)
    whole = packed.getvalue()
    outside = io.BytesIO()
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr("../form.csv", "KEY,SubmissionDate,name\n")
    for content, said in ((whole, "no table does"), (whole[:-30], "damaged or cut"), (outside.getvalue(), "elsewhere")):
        with pytest.raises(UnreadableTable, match=said):
            read_table(content, "form.zip")
