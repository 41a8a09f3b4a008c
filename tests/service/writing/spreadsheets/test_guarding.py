"""Guarding: no cell is run, none is changed, and what came back from a spreadsheet is what went there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.writing.formats import unformulated
from service.writing.spreadsheets.guarding import as_meant, kept


@pytest.mark.parametrize(
    "text", ["0071", "00", "12345678901234567", "12e5", "1E07", "3-4", "1/2/2009", "Mar 3", "10:30"]
)
def test_what_a_spreadsheet_would_change_is_kept(text):
    """Leading zeros, long numbers and what looks like a day or an hour stand as texts."""
    assert kept(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["Ward 12", "2019", "-1.3133", "0", "0.5", "2026-03-31", "Lindi", "", "Block 3-B", "a; b"]
)
def test_what_stays_what_it_is_is_left_alone(text):
    """Names with numbers, years, numbers and days need no help."""
    assert kept(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("x;=cmd|' /C calc'!A0", "x;'=cmd|' /C calc'!A0"),
        ('x,"=HYPERLINK(A1)', "x,\"'=HYPERLINK(A1)"),
        ("x\n@SUM(A1)", "x\n'@SUM(A1)"),
        ("12; -5", "12; -5"),
    ],
)
def test_nothing_runs_where_another_region_would_part_the_text(text, written):
    """A file opened with another separator than it was written with holds no formula either."""
    assert kept(text) == written


@given(st.text(st.sampled_from("'=+-@0a1;,. \n"), max_size=8))
def test_what_was_guarded_comes_back_as_it_was(text):
    """Of codes, where nothing parts them, the apostrophe is taken off again; one of their own stays."""
    if not text.startswith("'"):
        assert as_meant(unformulated(text)) == text
        if kept(text) in {text, f"'{text}"}:
            assert as_meant(kept(text)) == text
    assert as_meant("'s Gravenhage") == "'s Gravenhage"
