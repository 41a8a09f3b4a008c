"""The command line as people run it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def uncounted(folder: Path, *arguments: str, expect: int = 0, columns: int = 120) -> subprocess.CompletedProcess[str]:
    """Run `uncounted` where `var` is its data directory; it must end with `expect`, and never with a traceback."""
    own = {"PYTHONPATH": str(ROOT), "COLUMNS": str(columns), "NO_COLOR": "1", "UNCOUNTED_DATA_DIR": "var"}
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "service", *arguments],
        cwd=folder,
        env={**os.environ, "UNCOUNTED_LOG_LEVEL": "error", **own},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done
