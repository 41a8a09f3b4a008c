"""A process that has loaded what most commands load, and becomes a command for each that is asked for.

A command is then a process of its own as ever, with its folder, its environment and its exit code, but starts at once.
What reads the environment while it is loaded, as the commands themselves do, is left for them to load.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
LONGEST_S = 120


def run_command(
    folder: Path, arguments: Sequence[str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run `uncounted` with these arguments, and return what it said and how it ended."""
    with TemporaryDirectory(prefix="uncounted-command-") as aside:
        out, err = Path(aside, "out"), Path(aside, "err")
        asked = {"arguments": list(arguments), "folder": str(folder), "environment": dict(environment)}
        loaded = _loaded()
        assert loaded.stdin
        assert loaded.stdout
        loaded.stdin.write(json.dumps({**asked, "out": str(out), "err": str(err)}) + "\n")
        loaded.stdin.flush()
        code = int(loaded.stdout.readline())
        return subprocess.CompletedProcess(asked["arguments"], code, out.read_text("utf-8"), err.read_text("utf-8"))


@cache
def _loaded() -> subprocess.Popen[str]:
    """Start the process that waits; it ends when this one does, because nothing more is said to it."""
    command = [sys.executable, "-m", "tests.specimens.warm"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, text=True, **pipes)  # type: ignore[call-overload,no-any-return]  # noqa: S603 - our own


def wait() -> None:
    """Become a command for each line of standard input, and say in a line what each ended with."""
    import service.app  # noqa: F401, PLC0415 - here, not where this module is imported

    gc.freeze()  # what is loaded is shared by all
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(**asked)
            return
        print(_ended(child), flush=True)  # noqa: T201 - this is how it answers


def _become(*, arguments: list[str], folder: str, environment: dict[str, str], out: str, err: str) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in enumerate((os.devnull, out, err)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["uncounted", *arguments]
    from service.cli import main  # noqa: PLC0415 - not before the environment is the command's

    main()


def _ended(child: int) -> int:
    """Wait for a process, not for ever, and return its exit code, negative where a signal ended it."""
    handle = os.pidfd_open(child)
    try:
        if not select.select([handle], [], [], LONGEST_S)[0]:
            os.kill(child, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    finally:
        os.close(handle)


if __name__ == "__main__":
    wait()
