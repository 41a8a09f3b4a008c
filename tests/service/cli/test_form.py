"""`uncounted form`, run as people run it."""

from __future__ import annotations

from pathlib import Path

from geodata.communityform.paper import line_list, paper
from geodata.communityform.xlsform import xlsform
from tests.specimens.command import uncounted

ROOT = Path(__file__).parents[3]


def run(folder: Path, *arguments: str, expect: int = 0) -> str:
    """Run `uncounted form` in a folder of its own and return what it says."""
    return uncounted(folder, "form", *arguments, expect=expect, columns=160).stderr


def test_the_form_is_written_as_asked(tmp_path: Path) -> None:
    """A workbook by default, a PDF for paper, a sheet of lines; under a name of its own unless one is given."""
    run(tmp_path, "--out", "form.xlsx")
    assert (tmp_path / "form.xlsx").read_bytes() == xlsform()
    assert "community-record-sw.pdf" in run(tmp_path, "--paper", "--language", "sw")
    assert (tmp_path / "community-record-sw.pdf").read_bytes() == paper("sw")
    run(tmp_path, "--list", "--language", "fr", "-o", "liste.pdf")
    assert (tmp_path / "liste.pdf").read_bytes() == line_list("fr")


def test_what_cannot_be_written_is_told_in_two_lines(tmp_path: Path) -> None:
    """A language there is no form in, or a folder that does not exist."""
    assert "The form is written in en, fr, es, sw" in run(tmp_path, "--paper", "--language", "de", expect=1)
    said = run(tmp_path, "-o", "nowhere/form.xlsx", expect=1)
    assert "cannot be written" in said
    assert "Traceback" not in said
