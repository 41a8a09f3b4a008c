"""The page about citizens' files promises what the reader does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geodata.files.angles import read_angle
from geodata.files.columns import read_places
from geodata.files.tables import read_table

PAGE = (Path(__file__).parents[2] / "docs" / "files.md").read_text(encoding="utf-8")

#: Cell as the page writes it -> value, low, high.
COUNTS = {
    "1,234": (1234, None, None),
    "1 234": (1234, None, None),
    "1'234": (1234, None, None),
    "١٢٣٤": (1234, None, None),
    "50-60": (None, 50, 60),
    "50 à 60": (None, 50, 60),
    "between 50 and 60": (None, 50, 60),
    "about 300": (300, None, None),
    "~300": (300, None, None),
    "300 ± 20": (300, 280, 320),
    "500+": (None, 500, None),
    "<5": (None, 0, 4),
    "?": (None, None, None),
    "-": (None, None, None),
    "n/a": (None, None, None),
    "no sé": (None, None, None),
    "inconnu": (None, None, None),
}


def table(heading: str) -> list[str]:
    """Return what the first column of the table under a heading writes as code."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [code for line in lines for code in re.findall(r"`([^`]+)`", line.split(" | ")[0])]


@pytest.mark.parametrize("cell", COUNTS)
def test_counts_are_read_as_the_page_says(cell: str):
    """Every cell of the table of counts is read so."""
    assert cell in table("Counts")
    reading = read_places(read_table(f"name\tpeople\nA\t{cell}\nB\t5\n".encode(), "x.tsv"))
    (count,) = reading.places.table.to_pylist()[0]["counts"]
    assert (count["value"], count["low"], count["high"]) == COUNTS[cell]


def test_the_page_lists_no_other_count():
    """What the table promises is tested above, but for the number it says is asked about."""
    assert set(table("Counts")) == {*COUNTS, "1.234"}


def test_spellings_of_degrees_are_proposed():
    """Every spelling of the page is understood."""
    spellings = [code for code in table("What is proposed, never applied") if "17" in code or "Sur" in code]
    assert len(spellings) == 3
    assert all(round(read_angle(code).degrees, 3) == -1.292 for code in spellings if read_angle(code))
    assert all(read_angle(code) for code in spellings)
