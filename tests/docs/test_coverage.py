"""The examples of the page on coverage are what the program answers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from matchers.coverage.refusal import Code, Unit
from service.offline.coverage import coverage_of_histories
from service.plots import overlap

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
TABLES = re.findall(r"```csv\n(.*?)```", PAGE, flags=re.DOTALL)
ANSWERS = re.findall(r"```text\n(.*?)```", PAGE, flags=re.DOTALL)
SOURCE = "Ball et al. (2002), killings in Kosovo, March to June 1999"


@pytest.mark.parametrize("number", range(3), ids=["kosovo", "rome", "two lists"])
def test_each_table_of_the_page_gives_the_answer_below_it(tmp_path: Path, number: int) -> None:
    """Every line of the answer stands in what the command prints."""
    (tmp_path / "histories.csv").write_text(TABLES[number], encoding="utf-8")
    units = ("persons", "persons", "communities")[number]
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "service", "coverage", "--cells", "histories.csv", "--units", units],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "400", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    for line in ANSWERS[number].splitlines():
        assert line in done.stdout


def test_the_picture_of_the_page_is_what_the_command_draws(tmp_path: Path) -> None:
    """The same words and numbers in the same places of reading."""
    path = tmp_path / "kosovo.csv"
    path.write_text(TABLES[0], encoding="utf-8")
    told = coverage_of_histories(path, Unit.PERSONS).as_dict()
    drawn = ET.fromstring(overlap.plot(overlap.Overlap.of(told, SOURCE)))  # noqa: S314 - our own bytes
    shown = ET.parse(ROOT / "docs" / "images" / "overlap-kosovo.svg").getroot()  # noqa: S314 - our own file
    assert "".join(drawn.itertext()).split() == "".join(shown.itertext()).split()


def test_the_page_explains_every_reason_for_a_refusal() -> None:
    """And none that does not exist."""
    rows = re.findall(r"^\| (`.*?) \|", PAGE.partition("## When no number")[2].partition("##")[0], flags=re.MULTILINE)
    assert {code for row in rows for code in re.findall(r"`(\w+)`", row)} == {code.value for code in Code}
