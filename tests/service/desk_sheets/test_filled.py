"""Filled sheets: read back from whatever program saved them, and nothing that stood in them is lost."""

from __future__ import annotations

import pytest

from service.desk_sheets.filled import read_filled
from service.errors import INVALID, TOO_LARGE, Problem
from service.store.values import FlagStatus

FLAG = "01a2071b741f7c00a416cb7809b2ea80"
HEADER = ("name", "flag_id", "version", "decision", "reason_code", "note", "official_id")
ROW = ("Mbará", FLAG, "3", "matched_existing", "alias", "Vista; à côté", "0071")


def saved(tmp_path, rows=(ROW,), *, separator=",", encoding="utf-8", header=HEADER):
    """Save a CSV as some program does, and return what is read of it."""
    lines = [separator.join(f'"{cell}"' for cell in row) for row in (header, *rows)]
    path = tmp_path / "filled.csv"
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return read_filled(path, path.name)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_dialect_says_the_same(tmp_path, separator, encoding):
    """Excel of any language, LibreOffice, a phone: accents, leading zeros and the note are what they were."""
    filled = saved(tmp_path, separator=separator, encoding=encoding)
    (line,) = filled.lines
    asked = line.asked
    assert (line.row, filled.rows, filled.undecided) == (2, 1, 0)
    assert (asked.flag_id, asked.version, asked.decision) == (FLAG, 3, FlagStatus.MATCHED_EXISTING)
    assert (asked.reason_code, asked.note, asked.official_id) == ("alias", "Vista; à côté", "0071")


@pytest.mark.parametrize(
    ("column", "written", "read"),
    [
        ("version", "3.0", 3),
        ("version", "3,0", 3),
        ("decision", "Needs field check", FlagStatus.NEEDS_FIELD_CHECK),
        ("decision", " CONFIRMED ", FlagStatus.CONFIRMED),
        ("reason_code", "Alias", "alias"),
        ("official_id", "'0071", "0071"),
        ("note", "'=1+1", "=1+1"),
        ("flag_id", FLAG.upper(), FLAG),
    ],
)
def test_what_programs_and_people_make_of_a_cell_is_understood(tmp_path, column, written, read):
    """A version with a decimal, a decision as people write it, an apostrophe that kept a zero."""
    row = tuple(written if name == column else cell for name, cell in zip(HEADER, ROW, strict=True))
    (line,) = saved(tmp_path, [row]).lines
    assert getattr(line.asked, column) == read


@pytest.mark.parametrize(
    ("column", "written", "told"),
    [
        ("version", "", "The version is missing."),
        ("version", "three", "'three' is no version."),
        ("decision", "maybe", "'maybe' is no decision."),
        ("decision", "", "A reason is given, but no decision."),
        ("decision", "resolved_by_release", "'resolved_by_release' is no decision."),
        ("flag_id", "1.2E+31", "'1.2E+31' is not the identifier of a flag."),
        ("flag_id", "", "No flag is named."),
        ("note", "x" * 4_001, "This has 4,001 characters."),
    ],
)
def test_what_cannot_be_read_is_told_by_row_and_column(tmp_path, column, written, told):
    """The other rows stay good."""
    row = tuple(written if name == column else cell for name, cell in zip(HEADER, ROW, strict=True))
    wrong, good = saved(tmp_path, [row, ROW]).lines
    assert (wrong.row, wrong.asked, wrong.problem.detail) == (2, None, told)
    assert wrong.problem.extra["errors"][0]["pointer"] == f"/{column}"
    assert wrong.problem.extra["errors"][0]["hint"]
    assert (good.row, good.problem) == (3, None)


def test_rows_without_a_decision_are_passed_over(tmp_path):
    """Also where only a note stands; they are counted."""
    empty = ("Lindi", FLAG, "1", "", "", "look again", "")
    filled = saved(tmp_path, [empty, ROW, empty])
    assert (filled.rows, filled.undecided, [line.row for line in filled.lines]) == (3, 2, [3])


def test_columns_may_be_removed_and_moved(tmp_path):
    """Only which flag, which version, what and why are needed."""
    header = ("Reason code", "VERSION", "flag_id", "Decision")
    (line,) = saved(tmp_path, [("field_visit", "1", FLAG, "confirmed")], header=header).lines
    assert (line.asked.decision, line.asked.note, line.asked.official_id) == (FlagStatus.CONFIRMED, None, None)


def test_what_is_no_sheet_says_what_it_lacks(tmp_path):
    """A list of villages is not taken for a sheet of the queue."""
    with pytest.raises(Problem, match="no column flag_id and no column version") as raised:
        saved(tmp_path, [("Lindi", "0.5")], header=("name", "lat"))
    assert raised.value.kind is INVALID


def test_too_many_decisions_are_refused_at_once(tmp_path, monkeypatch):
    """Before anything is done."""
    monkeypatch.setattr("service.desk_sheets.filled.MOST", 1)
    with pytest.raises(Problem, match="more than 1 flags") as raised:
        saved(tmp_path, [ROW, ROW])
    assert raised.value.kind is TOO_LARGE
