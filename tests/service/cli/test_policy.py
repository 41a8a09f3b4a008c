"""`uncounted policy`, run as people run it, and its address."""

from __future__ import annotations

import subprocess

import pytest

from tests.specimens.command import uncounted
from tests.specimens.warm import ROOT


def run(*arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return uncounted(ROOT, "policy", *arguments, expect=expect, columns=200)


def test_the_policy_is_told_in_words():
    """Every class with who sees it and how its place is shown, every rule with what it holds for and why."""
    done = run()
    for word in ("restricted", "1,000 residents", "Risk of eviction", "90 days", "drivers: deguerpissement"):
        assert word in done.stdout


def test_a_file_is_checked_before_it_is_put_in_force(tmp_path):
    """What it adds is shown; one that would lower anything is refused with the entry and the way to mend it."""
    path = tmp_path / "ours.toml"
    path.write_text('[rules.mill]\nlabel = "Mills"\nclass = "S3"\nkinds = ["mill"]\nwhy = "They burn."\n', "utf-8")
    assert "They burn." in run(str(path)).stdout
    path.write_text("[classes.S0]\nsmallest_count = 3\n", "utf-8")
    done = run(str(path), expect=1)
    assert "[classes.S0]: lowers protection (smallest_count)" in " ".join(done.stderr.split())


@pytest.mark.parametrize("lowered", [True, False])
def test_who_lowered_something_is_named(tmp_path, lowered):
    """A board that signed off that something is lower is told; one that lowered nothing is no news."""
    path = tmp_path / "ours.toml"
    board = '[board]\nname = "Data board"\ndate = 2026-03-31\nreason = "Public there."\n'
    path.write_text(f"{board}[classes.S0]\nsmallest_count = {3 if lowered else 30}\n", "utf-8")
    done = run(str(path))
    assert ("Data board" in done.stdout) is lowered
