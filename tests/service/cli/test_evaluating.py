"""`uncounted evaluate`, run as people run it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.errors import UnreadableFile
from geodata.files.tables import UnreadableTable
from service.cli import app
from service.errors import Problem
from tests.specimens.command import uncounted

ROOT = Path(__file__).parents[3]
FINDINGS = """record_id,verdict,p_absent,official_id,attributes,name
a,hidden_place,0.97,,,Bondeni
b,consistent,0.01,X,matched,Lindi
c,needs_review,0.5,Y,,Soi
"""
TRUTH = "record_id,label,official_id\na,hidden,\nb,listed,X\nc,listed,Y\n"


def run(folder: Path, *arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run `uncounted evaluate` in a folder of its own."""
    return uncounted(folder, "evaluate", *arguments, expect=expect)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write findings, their truth, and a list of sixty villages in six districts."""
    (tmp_path / "findings.csv").write_text(FINDINGS, encoding="utf-8")
    (tmp_path / "truth.csv").write_text(TRUTH, encoding="utf-8")
    sounds = ("Ka", "Mo", "Li", "Tu", "Ne", "Za", "So", "Wi", "Bu", "Ra")
    names = [f"{one}{two.lower()}ndo" for one in sounds for two in sounds[:6]]
    rows = [f"{number},{name},D{number // 10},KEN" for number, name in enumerate(names)]
    (tmp_path / "list.csv").write_text("\n".join(["official_id,name,district,country", *rows]), encoding="utf-8")
    return tmp_path


def test_figures_are_printed_with_intervals_plotted_and_kept(folder: Path) -> None:
    """The table on standard output, the plot and every figure in files."""
    done = run(folder, "findings.csv", "truth.csv", "--plot", "out.svg", "--json", "out.json")
    assert "3 records, 1 of them hidden" in done.stdout
    assert "false hidden" in done.stdout
    assert "0.000 to 0.842" in done.stdout  # none of two, exactly
    assert "precision at 2 %" in done.stdout
    assert (folder / "out.svg").read_text(encoding="utf-8").startswith("<?xml")
    kept = json.loads((folder / "out.json").read_bytes())
    assert kept["figures"]["recall"]["value"] == 1.0
    assert (kept["records"], kept["hidden"], kept["seed"]) == (3, 1, 20260101)


def test_a_list_is_hidden_in_part_and_looked_for(folder: Path) -> None:
    """A fifth of sixty villages; the seed decides which."""
    done = run(folder, "--hide", "0.2", "list.csv", "--seed", "3")
    assert "list.csv, 20% of 60 entries hidden: 60 records, 12 of them hidden" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("findings.csv",), "Name a file of known truth"),
        (("list.csv", "truth.csv", "--hide", "0.2"), "leave TRUTH, --citizen, --by and --cluster away"),
        (("findings.csv", "truth.csv", "--plot", "out.gif"), "use .svg or .png"),
        (("findings.csv", "truth.csv", "--json", "nowhere/out.json"), "does not exist"),
        (("findings.csv", "nowhere.csv"), "there is no file nowhere.csv"),
        (("nowhere.csv", "--hide", "0.2"), "nowhere.csv"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_the_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    """What is wrong and how to mend it, and nothing is written."""
    monkeypatch.chdir(folder)
    stopped = CliRunner().invoke(app, ["evaluate", *arguments]).exception
    assert isinstance(stopped, Problem | UnreadableTable | UnreadableFile)
    assert said in str(stopped)
    assert not list(folder.glob("out.*"))
