"""Keys by the command line: made with an end, put into a file, rotated."""

from __future__ import annotations

import re
import stat

import pytest

from tests.specimens.command import uncounted

KEY = r"unc_[0-9a-f]{64}\n"


@pytest.fixture
def run(tmp_path):
    """Give a function that runs a command about keys in an installation of its own."""
    return lambda *words, **options: uncounted(tmp_path, "keys", *words, **options)


def ids(told):
    """Return the ids that `keys list` shows."""
    return re.findall(r"\b[0-9a-f]{32}\b", told.stdout)


def test_a_key_is_shown_once_listed_with_its_end_and_rotated(run):
    """What is listed tells whose it is and until when, and never the key; one in its place is shown once too."""
    secret = run("create", "map-kibera", "contributor", "--label", "phone", "--expires", "90d").stdout
    assert re.fullmatch(KEY, secret)
    listed = run("list", columns=200)
    assert len(re.findall(r"\d{4}-\d\d-\d\d", listed.stdout)) == 2
    assert secret.strip() not in listed.stdout
    (old,) = ids(listed)
    assert re.fullmatch(KEY, run("rotate", old, "--overlap", "2w").stdout)
    assert len(ids(run("list", columns=200))) == 2


def test_a_key_goes_into_a_file_that_only_its_owner_reads(run, tmp_path):
    """Nothing of it is on the screen, where it would stay in a log."""
    made = run("create", "desk", "admin", "--key-file", "key")
    assert "unc_" not in made.stdout + made.stderr
    assert re.fullmatch(KEY, (tmp_path / "key").read_text())
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_no_key_is_made_where_its_file_cannot_be(run, tmp_path):
    """A file that is there already is left as it is, and no key is made that nobody has."""
    (tmp_path / "key").write_text("mine")
    told = run("create", "desk", "admin", "--key-file", "key", expect=1)
    assert "file exists. No key was made" in " ".join(told.stderr.split())
    assert (tmp_path / "key").read_text() == "mine"
    assert ids(run("list")) == []


def test_a_failed_command_leaves_no_file(run, tmp_path):
    """An empty file would look like a key."""
    run("rotate", "nobody", "--key-file", "key", expect=1)
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize("said", ["90", "1y", "99999999d"])
def test_a_span_that_is_none_is_told(run, said):
    """A mistyped end makes no key without one."""
    told = run("create", "desk", "admin", "--expires", said, expect=2)
    assert "36h, 90d or 12w" in " ".join(told.stderr.replace("│", " ").split())
