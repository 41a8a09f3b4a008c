"""Machine code between runs: kept apart by process and by state, and not without end."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from geodata.kernels.jit import COMPILED
from geodata.kernels.kept import OTHERS, UNUSED_S, folder_of

needs_kernels = pytest.mark.skipif(not COMPILED, reason="kernels are not compiled: numba is missing, or switched off")

KERNEL = """
from geodata.kernels.jit import compiled


@compiled
def doubled(value):
    return value + value
"""


@needs_kernels
def test_processes_that_compile_at_the_same_moment_keep_each_their_own(tmp_path):
    """One that saw no other's file writes none of that name, so that no index ever leads to other arguments' code."""
    (tmp_path / "doubling.py").write_text(KERNEL)
    kept = tmp_path / "kept"

    def run(value):
        script = f"import doubling; print(repr(doubling.doubled({value})))"
        environment = os.environ | {
            "NUMBA_CACHE_DIR": str(kept),
            "PYTHONPATH": os.pathsep.join((str(tmp_path), *sys.path)),
        }
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - ours
        return done.stdout.strip()

    assert run(3) == "6"
    (index,) = kept.rglob("*.nbi")
    first = index.read_bytes()
    index.unlink()  # the second process looked before the first was done
    assert run(0.75) == "1.5"
    index.write_bytes(first)
    assert run(3) == "6"
    assert len([*kept.rglob("*.nbc")]) == 2


def test_folders_of_states_long_past_go(tmp_path):
    """The last used are kept, and all that were used of late; what is not ours stays."""
    now = time.time()
    other = tmp_path / "somebody else's"
    other.mkdir()
    for days in range(OTHERS + 3):
        folder = tmp_path / f"kernels-{days}"
        folder.mkdir()
        (folder / "code.nbc").write_bytes(b"")
        os.utime(folder, (now - (days + 0.5) * UNUSED_S,) * 2)
    found = folder_of("new", tmp_path)
    assert found.is_dir()
    assert {path.name for path in tmp_path.iterdir()} == {
        "kernels-new",
        *(f"kernels-{n}" for n in range(OTHERS)),
        other.name,
    }
    assert folder_of("0", tmp_path).stat().st_mtime >= found.stat().st_mtime - 1.0


def test_many_states_used_on_one_day_are_all_kept(tmp_path):
    """Whoever works on kernels goes back and forth."""
    for state in range(OTHERS * 3):
        folder_of(str(state), tmp_path)
    assert len([*tmp_path.iterdir()]) == OTHERS * 3


def test_a_folder_that_cannot_be_made_is_nobodys_failure(tmp_path):
    """Where a file stands in its way, the folder is named all the same."""
    (tmp_path / "full").write_bytes(b"")
    assert folder_of("new", tmp_path / "full") == tmp_path / "full" / "kernels-new"
