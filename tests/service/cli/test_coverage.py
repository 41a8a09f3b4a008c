"""`uncounted coverage`, run as people run it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.specimens.command import uncounted

ROOT = Path(__file__).parents[3]
CELLS = "stratum,A,B,count\ntown,1,0,80\ntown,0,1,30\ntown,1,1,120\nbush,1,0,300\nbush,0,1,150\nbush,1,1,20\n"


def run(folder: Path, *arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run `uncounted coverage` in a folder of its own."""
    return uncounted(folder, "coverage", *arguments, expect=expect, columns=200)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a table of histories and two short lists."""
    (tmp_path / "cells.csv").write_text(CELLS, encoding="utf-8")
    for name, villages in (("a", "Lodwar Kakuma Nadapal"), ("b", "Lodwar Kakuma Turkwel")):
        rows = [f"{name}{at},{village},KEN,{3 + at},35" for at, village in enumerate(villages.split())]
        (tmp_path / f"{name}.csv").write_text("\n".join(["id,name,country,lat,lon", *rows]), encoding="utf-8")
    return tmp_path


def test_a_table_is_estimated_by_strata_drawn_and_kept(folder: Path) -> None:
    """Strata, their sum, and that they differ, on standard output; assumptions beside it; the rest in files."""
    done = run(folder, "--cells", "cells.csv", "--plot", "out.svg", "--json", "out.json")
    assert "At least 700 communities are on one or more of the 2 lists." in done.stdout
    assert "All strata:" in done.stdout
    assert "rely on their sum" in done.stdout
    assert "Taken for granted:" in done.stderr
    told = json.loads((folder / "out.json").read_text())
    assert set(told["stratified"]["strata"]) == {"town", "bush"}
    assert told["stratified"]["differs_from_pooled"] is True
    assert (folder / "out.svg").read_text().count("Drawn from cells.csv") == 1


def test_lists_without_judged_links_get_reasons_and_no_number(folder: Path) -> None:
    """A refusal is an answer: it ends well, and says what would mend it."""
    done = run(folder, "a.csv", "b.csv")
    assert "At least 4 communities are on one or more of the 2 lists." in done.stdout
    assert "No total is reported." in done.stdout
    assert "--labels pairs.csv" in done.stdout
    assert "Altogether" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.csv",), "Give two lists or more"),
        (("a.csv", "b.csv", "--units", "persons"), "Persons are estimated from --cells only"),
        (("a.csv", "--cells", "cells.csv"), "leave lists, --labels, --sample, --strata and --map away"),
        (("a.csv", "b.csv", "--map", "nonsense"), "Write field=HEADER"),
        (("a.csv", "b.csv", "--plot", "out.pdf"), "use .svg or .png"),
        (("a.csv", "b.csv", "--json", "nowhere/out.json"), "does not exist"),
        (("a.csv", "a.csv"), "the same list"),
        (("a.csv", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_two_lines(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    """What is wrong, and how to mend it."""
    assert said in run(folder, *arguments, expect=1).stderr


def test_help_shows_examples() -> None:
    """A newcomer can copy one."""
    assert "uncounted coverage --cells kosovo.csv --units persons" in run(ROOT, "--help").stdout
