"""Keeping sources from the command line: all at once, offline, by schedule, pruned."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.specimens.command import uncounted

ROOT = Path(__file__).parents[3]
MANIFEST = """
[source]
title = "Villages"
vintage = "{vintage}"
vintage_kind = "release"
licence = "CC0-1.0"
attribution = "Written for a test"

[defaults]
country = "KEN"
"""


def run(folder: Path, *arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run `uncounted` in a folder of its own."""
    return uncounted(folder, *arguments, expect=expect, columns=200)


def register(path: Path, vintage: str) -> str:
    """Write a register of one village and return the option that names it."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("id,name,lat,lon\n1,Lindi,-1.31,36.79\n")
    path.with_name(f"{path.name}.toml").write_text(MANIFEST.format(vintage=vintage))
    return f"path={path}"


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """Follow two registers, and return the folder of the installation."""
    for name in ("one", "two"):
        option = register(tmp_path / f"{name}.csv", "2019")
        run(tmp_path, "sync", name, "--connector", "register", "--set", option)
    return tmp_path


def test_all_sources_are_synced_and_one_failing_is_told(followed: Path) -> None:
    """The other one comes, the table names both, and the exit code says that something is wrong."""
    (followed / "one.csv").unlink()
    register(followed / "two.csv", "2024")
    done = run(followed, "sync", "--all", expect=1)
    assert "failed" in done.stdout
    assert "updated" in done.stdout
    assert "1 of 2 could not be brought up to date" in done.stderr
    listed = run(followed, "sources").stdout
    assert "2024" in listed
    assert "one.csv" in listed
    register(followed / "one.csv", "2019")
    assert run(followed, "sync", "--all").stdout.count("unchanged") == 2


def test_sources_are_synced_from_a_folder_without_internet(followed: Path) -> None:
    """Files are found by the source's name and their own; sources that have no folder are left out, and told."""
    (followed / "stick").mkdir()
    register(followed / "stick" / "two" / "two.csv", "2024")
    done = run(followed, "sync", "--all", "--offline", "stick")
    assert "left out" in done.stdout
    assert "updated" in done.stdout
    stopped = run(followed, "sync", "worldbank", "--offline", "stick", expect=1).stderr
    assert "holds no answer of https://api.worldbank.org" in " ".join(stopped.split())
    empty = followed / "empty"
    empty.mkdir()
    assert "none of the name" in run(followed, "sync", "--all", "--offline", "empty", expect=1).stderr


def test_a_schedule_is_given_listed_and_taken_away(followed: Path) -> None:
    """The list names every source, with when it is next due; nonsense is refused with an example."""
    listed = run(followed, "schedule", "one", "0 3 * * 1").stdout
    assert "0 3 * * 1" in listed
    assert "03:00 UTC" in listed
    assert "off" in listed
    assert "03:00 UTC" in run(followed, "sources").stdout
    assert "03:00 UTC" not in run(followed, "schedule", "one", "default").stdout
    assert "is no schedule" in run(followed, "schedule", "one", "sometimes", expect=1).stderr
    assert "Say when one is due" in run(followed, "schedule", "one", expect=1).stderr


def test_old_snapshots_are_pruned_after_a_look(followed: Path) -> None:
    """A dry run names what would go and removes nothing; the run removes it."""
    for vintage in ("2020", "2021"):
        register(followed / "one.csv", vintage)
        run(followed, "sync", "one")
    kept = followed / "var" / "snapshots"
    assert len(list(kept.iterdir())) == 4
    assert "Would remove 2 snapshots" in run(followed, "prune", "--keep", "1", "--dry-run").stdout
    assert len(list(kept.iterdir())) == 4
    assert "Removed 2 snapshots" in run(followed, "prune", "--keep", "1").stdout
    assert len(list(kept.iterdir())) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sync",), "or write --all"),
        (("sync", "one", "--all"), "leave out source"),
        (("sync", "one", "--offline", ".", "--save", "."), "choose one of them"),
        (("sync", "--all"), "No source is configured yet"),
    ],
)
def test_what_cannot_be_meant_is_told(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    """Contradictions are refused before anything is asked."""
    assert said in " ".join(run(tmp_path, *arguments, expect=1).stderr.split())


def test_what_went_wrong_stands_under_the_source_it_happened_to(followed: Path) -> None:
    """Terms and trouble have the whole width, so that a sentence is not broken into a column of syllables."""
    run(followed, "sync", "--all")
    (followed / "one.csv").unlink()
    run(followed, "sync", "one", expect=1)
    lines = run(followed, "sources").stdout.splitlines()
    (at,) = (number for number, line in enumerate(lines) if line.startswith("one "))
    below = lines[at + 1 : at + 3]
    assert "through the connector register" in below[0]
    assert "the last sync failed" in " ".join(below)


def test_whoever_follows_nothing_yet_is_told_how_to_begin(tmp_path: Path) -> None:
    """An empty list says what to do, and the connectors are one command away."""
    assert "uncounted sync worldbank" in run(tmp_path, "sources").stdout
    assert "UNCOUNTED_CENSUS_KEY" in run(tmp_path, "connectors").stdout
