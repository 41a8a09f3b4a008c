"""`uncounted personal`, run as people run it."""

from __future__ import annotations

from pathlib import Path

from tests.specimens.command import uncounted
from tests.specimens.warm import ROOT

FILE = """Village name,Name of enumerator,Phone,Notes [red],lat,lon
Kambi Moto,Jane Doe,0712345678,call 0712345678,-1.31,36.82
Soweto,Ann Wafula,0712345679,28 houses,-1.32,36.83
"""


def told(*arguments: str) -> str:
    """Return what the command prints."""
    return uncounted(ROOT, "personal", *arguments, columns=160).stdout


def test_a_file_is_told_by_column_and_rule_without_a_value(tmp_path: Path) -> None:
    """A volunteer sees what would go and why, before anything is sent; no cell is printed."""
    path = tmp_path / "villages.csv"
    path.write_text(FILE, "utf-8")
    said = told(str(path))
    for word in ("Name of enumerator", "respondent", "Phone", "Notes [red]", "a phone number was blotted out"):
        assert word in said
    assert not any(value in said for value in ("Jane", "07123", "Kambi"))


def test_a_clean_file_is_told_to_be_clean(tmp_path: Path) -> None:
    """Nothing found is said, and how far that goes."""
    path = tmp_path / "villages.csv"
    path.write_text("name,lat,lon\nLindi,-1.31,36.82\n", "utf-8")
    assert "as far as the rules can tell" in told(str(path))


def test_without_a_file_the_rules_are_shown_with_their_marks() -> None:
    """Marks stand in square brackets, as they will in texts."""
    said = told()
    for word in ("[phone removed]", "[secret removed]", "head or member of a household"):
        assert word in said
