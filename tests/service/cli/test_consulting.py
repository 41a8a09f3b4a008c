"""`uncounted consult` and `uncounted summary`, run as people run them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.specimens.command import uncounted

ROOT = Path(__file__).parents[3]
DIALOGUE = str(ROOT / "tests" / "specimens" / "consultations" / "dialogue.csv")
TAKE_IN = (
    "consult",
    DIALOGUE,
    "--meetings",
    "--collection",
    "Dialogue",
    "--organisation",
    "civil",
    "--country",
    "Kenya",
)


@pytest.fixture
def run(tmp_path: Path):
    """Run a command in a folder of its own, with a database of its own."""

    def of(*arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
        return uncounted(tmp_path, *arguments, expect=expect, columns=200)

    return of


def test_a_dry_run_shows_how_the_file_is_read_and_keeps_nothing(run, tmp_path):
    """Each column with its part, what was not recognised, and no database."""
    told = run(*TAKE_IN, "--dry-run").stderr
    assert "Date of meeting         date" in told
    assert "Women                   participants.women" in told
    assert "people of the far bank" in told
    assert "Nothing was kept" in told
    assert not (tmp_path / "var").exists()


def test_a_dialogue_comes_in_once_and_is_summed_up(run, tmp_path):
    """Again the same file is unchanged; the public summary holds less than the operator's."""
    assert "6 created." in run(*TAKE_IN, "--consent", "public_aggregate").stderr
    assert "6 unchanged." in run(*TAKE_IN, "--consent", "public_aggregate").stderr
    own, public = run("summary", "KEN").stdout, run("summary", "kenya", "--public").stdout
    assert "Refugees" in own
    assert "Refugees" not in public
    assert "Turkana" in public
    for name in ("kenya.csv", "kenya.json", "kenya.svg", "kenya.png"):
        assert "groups written" in run("summary", "KEN", "--public", "-o", name).stderr
        assert (tmp_path / name).stat().st_size > 500
    assert "Refugees" not in (tmp_path / "kenya.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("consult", "none.csv", "--collection", "x", "--organisation", "y"), "there is no file none.csv"),
        ((*TAKE_IN, "--map", "groups"), "Write field=HEADER"),
        ((*TAKE_IN, "--map", "groups=Colour"), "there is no column 'Colour'"),
        (("summary", "Atlantis"), "no country is called 'Atlantis'"),
        (("summary", "KEN", "-o", "kenya.docx"), "A summary is not written as .docx"),
    ],
)
def test_what_cannot_be_done_is_said_in_two_lines(run, arguments, said):
    """No traceback, and how to mend it."""
    told = run(*arguments, expect=1).stderr
    assert said in told
    assert "Traceback" not in told
