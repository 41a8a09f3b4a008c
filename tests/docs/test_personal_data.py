"""The page on personal data says what the rules say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from geodata.personal.tables import table

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "personal-data.md").read_text(encoding="utf-8")


def test_the_table_of_the_page_is_that_of_the_rules() -> None:
    """Print it with `python -m geodata.personal` after a rule was changed."""
    assert table() in PAGE


def test_the_table_is_printed_by_one_command() -> None:
    """Whoever adds a header can put the new table into the page."""
    command = [sys.executable, "-m", "geodata.personal"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 - our own command
    assert done.stdout == table()
