"""`uncounted pull`: what it says before anybody is asked; what it does is tested with the verb."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FORM = ("--set", "url=https://kf.example.org", "--set", "form=aBcD", "--organisation", "map-kibera")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "kobo", *FORM), "UNCOUNTED_KOBO_TOKEN"),
        (("--from", "enketo", *FORM), "kobo and odk"),
        (("--from", "kobo", "--set", "token=hush-hush", *FORM), "UNCOUNTED_KOBO_TOKEN"),
        (("--from", "kobo", "--set", "url"), "name=value"),
        (("--from", "kobo", *FORM, "--errors", "errors.pdf"), ".xlsx"),
    ],
)
def test_what_is_missing_is_told_in_two_lines_without_secrets(tmp_path, words, said):
    """Exit code 1, what is wrong and how to mend it; never a traceback, and no key."""
    own = {"UNCOUNTED_DATA_DIR": str(tmp_path / "var"), "UNCOUNTED_LOG_LEVEL": "error", "PYTHONPATH": str(ROOT)}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UNCOUNTED_")}
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "service", "pull", "live", *words],
        cwd=tmp_path,
        env={**environment, **own, "COLUMNS": "300", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "hush-hush" not in done.stderr
