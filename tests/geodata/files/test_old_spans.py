"""Old workbooks (XLS) whose sheets reach further than anything should make room for."""

from __future__ import annotations

from contextlib import suppress

import pytest

from geodata.files.oldspans import MOST_CELLS, require_bearable_sheets
from geodata.files.sheet import UnreadableTable
from geodata.files.tables import read_table
from tests.specimens.compound import old_workbook, scattered_workbook


def test_two_cells_far_apart_are_refused_before_there_is_room_for_all_between():
    """A sheet of two cells at its opposite ends is refused, with how far it reaches and how to mend it."""
    with pytest.raises(UnreadableTable, match="16,777,216 cells") as refused:
        read_table(scattered_workbook([(0, 0), (65_535, 255)]), "x.xls")
    assert "far outside" in str(refused.value.hint)


@pytest.mark.parametrize("claimed", [(2**32 - 1, 256), (2**31, 1), (65_536, 65_535)])
def test_a_sheet_that_claims_to_reach_too_far_is_refused(claimed):
    """What a sheet says of its own size is not believed, because the reader makes room for it."""
    with pytest.raises(UnreadableTable, match="reach over"):
        read_table(scattered_workbook([(0, 0)], claimed), "x.xls")


def test_the_longest_sheet_there_is_passes():
    """All rows that a sheet may have, over eighty columns, are bearable."""
    require_bearable_sheets(scattered_workbook([(0, 0), (65_535, 79)], (65_536, 80)))
    assert MOST_CELLS == 65_536 * 80


def test_a_workbook_is_read_whatever_its_size():
    """Tables of few and of many rows are read to their last cell."""
    for rows in (1, 500):
        table = read_table(
            old_workbook([["id", "name"], *([str(row), f"Village {row}"] for row in range(rows))]), "x.xls"
        )
        assert len(table) == rows


@pytest.mark.parametrize("kept", [8, 30, 80, 511, 512, 1_000, 1_100])
def test_a_workbook_that_was_cut_off_is_refused(kept):
    """Wherever a file ends too early, it cannot be opened, and that is said."""
    with pytest.raises(UnreadableTable, match="cannot be opened"):
        read_table(old_workbook([["id", "name"], ["1", "Lindi"]])[:kept], "x.xls")


@pytest.mark.parametrize("at", [30, 32, 44, 48, 60, 68, 76, 512, 600, 1_024 + 116, 1_152 + 116])
@pytest.mark.parametrize("byte", [0, 1, 77, 255])
def test_a_container_that_contradicts_itself_is_read_or_refused(at, byte):
    """Whichever number of the container is changed, nothing but a refusal comes out."""
    content = bytearray(old_workbook([["id", "name"], ["1", "Lindi"]]))
    content[at : at + 2] = bytes([byte, byte])
    with suppress(UnreadableTable):
        require_bearable_sheets(bytes(content))
