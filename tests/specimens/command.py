"""The command line as people run it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.specimens.warm import ROOT, run_command


def uncounted(folder: Path, *arguments: str, expect: int = 0, columns: int = 120) -> subprocess.CompletedProcess[str]:
    """Run `uncounted` where `var` is its data directory; it must end with `expect`, and never with a traceback."""
    own = {"PYTHONPATH": str(ROOT), "COLUMNS": str(columns), "NO_COLOR": "1", "UNCOUNTED_DATA_DIR": "var"}
    done = run_command(folder, arguments, {**os.environ, "UNCOUNTED_LOG_LEVEL": "error", **own})
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done
