"""Delimited text: what is written opens where people open it, unchanged, and runs nothing."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from service.writing.formats import csv_text
from service.writing.spreadsheets.delimited import pieces
from service.writing.spreadsheets.dialects import excel

ROW = {"name": "Mbará; Süd", "lat": -1.3133, "code": "0071", "on": date(2026, 3, 31), "n": None, "yes": True}


def test_programs_get_what_they_got_before():
    """The plain dialect is RFC 4180, the same as answers of the API."""
    assert b"".join(pieces(tuple(ROW), [ROW])) == csv_text(tuple(ROW), [ROW])


def test_a_file_for_excel_says_whose_excel():
    """A mark, semicolons, decimal commas, a code that keeps its zeros; coordinates stay negative numbers."""
    assert b"".join(pieces(tuple(ROW), [ROW], excel("fr"))).decode() == (
        '\ufeffname;lat;code;on;n;yes\r\n"Mbará; Süd";-1,3133;\'0071;2026-03-31;;true\r\n'
    )


def test_a_moment_is_read_as_one():
    """A spreadsheet takes day and time for a moment when nothing stands between and behind them; it is in UTC."""
    moment = datetime(2026, 3, 31, 15, 4, 5, 678, tzinfo=timezone(timedelta(hours=3)))
    assert b"".join(pieces(("at",), [{"at": moment}], excel())).decode() == "\ufeffat\r\n2026-03-31 12:04:05\r\n"


def test_rows_come_piece_by_piece():
    """The first piece is there before the last row is made, and together they are one file."""
    made = []

    def rows():
        for number in range(1_200):
            made.append(number)
            yield {"n": number}

    parts = pieces(("n",), rows())
    first = next(parts)
    assert first.startswith(b"n\r\n0\r\n")
    assert len(made) < 1_000
    assert (first + b"".join(parts)).count(b"\r\n") == 1_201


def test_no_rows_are_a_file_too():
    """Only the header stands in it."""
    assert list(pieces(("a", "b"), [], excel("de"))) == ["\ufeffa;b\r\n".encode()]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=5))
def test_every_cell_comes_back(texts):
    """Whatever the cells hold, separators, quotes and line breaks included, every row is read back whole."""
    columns = [f"c{number}" for number in range(len(texts))]
    written = b"".join(pieces(columns, [dict(zip(columns, texts, strict=True))], excel("fr"))).decode("utf-8-sig")
    _, read = list(csv.reader(io.StringIO(written, newline=""), delimiter=";"))
    assert [cell.replace("'", "") for cell in read] == [text.replace("'", "") for text in texts]
