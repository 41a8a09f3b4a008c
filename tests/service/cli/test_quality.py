"""`uncounted quality`, run as people run it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from geodata.samples import kibera
from service.api.passports import WHOLE
from tests.specimens.command import uncounted

ROOT = Path(__file__).parents[3]
CITIZEN = str(kibera.sample().citizen)


def run(folder: Path, *arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run `uncounted quality` in a folder of its own."""
    return uncounted(folder, "quality", *arguments, expect=expect, columns=160)


def test_a_template_is_written_and_the_file_s_rows_are_told(tmp_path: Path) -> None:
    """One command to begin with: the empty passport, and what the rows show already."""
    told = run(tmp_path, CITIZEN, "--template", "passport.toml")
    assert "What 19 records show" in told.stdout
    assert "Not graded" in told.stdout
    assert "[organisation]" in (tmp_path / "passport.toml").read_text("utf-8")


def test_a_graded_file_is_told_score_by_score(tmp_path: Path) -> None:
    """Every criterion with its reason and what would raise it, and what it may be used for."""
    (tmp_path / "passport.json").write_text(json.dumps(WHOLE), "utf-8")
    told = run(tmp_path, CITIZEN, "--passport", "passport.json").stdout
    for word in ("relevance", "credibility", "timeliness", "documentation", "accuracy", "3 of 3", "May be used for"):
        assert word in told


def test_what_is_wrong_is_two_lines_and_exit_code_1(tmp_path: Path) -> None:
    """No traceback, neither for a broken passport nor for a command that names no file."""
    (tmp_path / "passport.toml").write_text('titel = "Roster"', "utf-8")
    wrong = run(tmp_path, CITIZEN, "--passport", "passport.toml", expect=1).stderr
    assert "Did you mean title?" in " ".join(wrong.split())
    assert "Traceback" not in wrong
    assert "Name a file of records" in run(tmp_path, expect=1).stderr
