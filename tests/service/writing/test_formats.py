"""Formats: what is written opens where people open it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime

import geopandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.writing.formats import cell, csv_text, feature_collection, json_text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+254 700", "'+254 700"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("＝1+1", "'＝1+1"),  # noqa: RUF001 - a full-width sign runs too
        ("-1.3133", "-1.3133"),
        ("+12", "+12"),
        ("-1,5", "-1,5"),
        ("-1e-5", "-1e-5"),
        ("Gatwekera", "Gatwekera"),
        ("", ""),
    ],
)
def test_no_cell_is_run_and_no_number_is_spoilt(text, written):
    """A text that a spreadsheet would run gets an apostrophe; negative numbers stay numbers."""
    assert cell(text) == written


def test_values_become_cells():
    """Unknown is empty, not zero; lists are joined; moments end in Z."""
    values = [None, 0, -1.3133, True, ["a", "b"], date(2026, 3, 31), datetime(2026, 3, 31, 12, tzinfo=UTC), ["=a"]]
    assert [cell(value) for value in values] == [
        "",
        "0",
        "-1.3133",
        "true",
        "a; b",
        "2026-03-31",
        "2026-03-31T12:00:00Z",
        "'=a",
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=5))
def test_csv_comes_back_as_it_was(texts):
    """Whatever the cells hold, commas, quotes and line breaks included, every row is read back whole."""
    columns = [f"c{number}" for number in range(len(texts))]
    row = dict(zip(columns, texts, strict=True))
    header, read = list(csv.reader(io.StringIO(csv_text(columns, [row]).decode(), newline="")))
    assert header == columns
    assert read == [cell(text) for text in texts]


def test_geojson_opens_in_a_gis(tmp_path):
    """A GIS reads every feature, accents and features without a place included."""
    rows = [
        {"id": "a", "name": "Mbará", "lat": -1.3, "lon": 36.8},
        {"id": "b", "name": "Yaad", "lat": None, "lon": None},
    ]
    path = tmp_path / "flags.geojson"
    path.write_bytes(feature_collection(rows))
    frame = geopandas.read_file(path)
    assert frame["name"].tolist() == ["Mbará", "Yaad"]
    assert (frame.geometry[0].x, frame.geometry[0].y) == (36.8, -1.3)
    assert frame.geometry[1] is None
    assert json.loads(path.read_text())["numberReturned"] == 2


def test_json_moments_end_in_z():
    """Moments are UTC and say so."""
    assert json_text({"at": datetime(2026, 3, 31, 12, tzinfo=UTC)}) == b'{"at":"2026-03-31T12:00:00Z"}'
