"""Audit, backup and restore from the command line: what people type, read, and script."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.specimens.command import uncounted
from tests.specimens.warm import ROOT


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Make an installation in which something happened, and return its folder."""
    for name in ("knbs", "map-kibera"):
        uncounted(tmp_path, "keys", "create", name, "admin")
    return tmp_path


def test_the_chain_is_verified_and_its_head_written_down(installed):
    """Sound: exit code 0 and the head, which verifies later; an unknown or malformed link does not."""
    number, link, _ = uncounted(installed, "audit", "head").stdout.split()
    assert (number, len(link)) == ("2", 64)
    uncounted(installed, "keys", "create", "later", "admin")
    assert "3 events verified" in uncounted(installed, "audit", "verify").stdout
    assert "nothing before it is missing" in uncounted(installed, "audit", "verify", "--head", link).stdout
    unknown = uncounted(installed, "audit", "verify", "--head", "0f" * 32, expect=1)
    assert "is not part of the chain" in unknown.stdout
    assert "is no link" in uncounted(installed, "audit", "verify", "--head", "abc", expect=1).stderr


def test_the_first_broken_row_is_told_with_exit_code_1(installed):
    """Whoever runs it by cron sees it by the code, whoever reads it sees which row and what to do."""
    database = sqlite3.connect(installed / "var" / "uncounted.sqlite")
    database.execute("DROP TRIGGER events_refuse_delete")
    database.execute("DELETE FROM events WHERE seq = 1")
    database.commit()
    database.close()
    done = uncounted(installed, "audit", "verify", expect=1)
    assert "event 2" in done.stdout
    assert "compare it with a backup" in " ".join(done.stderr.split())


def test_what_happened_to_one_thing_is_shown(installed):
    """By its identifier, whatever it is; nothing is told of what there is not."""
    listed = uncounted(installed, "keys", "list", columns=200).stdout
    key = re.search(r"[0-9a-f]{32}", listed)
    assert key is not None
    assert "key.created" in uncounted(installed, "audit", "show", "--about", key[0]).stdout
    assert "No event is about nothing" in uncounted(installed, "audit", "show", "--about", "nothing", expect=1).stderr


def test_a_backup_is_written_checked_and_restored(installed):
    """Into another folder; where there is something already it is refused."""
    assert "Written to one.tar" in uncounted(installed, "backup", "one.tar").stderr
    assert "one.tar is whole" in uncounted(installed, "backup", "--check", "one.tar").stderr
    assert "is there already" in uncounted(installed, "backup", "one.tar", expect=1).stderr
    held = " ".join(uncounted(installed, "restore", "one.tar", expect=1).stderr.split())
    assert "holds something already" in held
    (installed / "other").mkdir()
    assert "2 events verified" in uncounted(installed / "other", "restore", "../one.tar").stdout
    assert uncounted(installed / "other", "keys", "list").stdout == uncounted(installed, "keys", "list").stdout
    (installed / "one.tar").write_bytes((installed / "one.tar").read_bytes()[:9_000])
    assert "no whole backup" in " ".join(uncounted(installed, "backup", "--check", "one.tar", expect=1).stderr.split())


def test_a_backup_goes_through_a_pipe(installed):
    """Standard output holds the backup and nothing else, so that it can be encrypted on its way."""
    with (installed / "piped.tar").open("wb") as sink:
        subprocess.run(
            [sys.executable, "-m", "service", "backup", "-"],
            cwd=installed,
            env={"PYTHONPATH": str(ROOT), "UNCOUNTED_DATA_DIR": "var"},
            stdout=sink,
            check=True,
            timeout=120,
        )
    assert "piped.tar is whole" in uncounted(installed, "backup", "--check", "piped.tar").stderr
