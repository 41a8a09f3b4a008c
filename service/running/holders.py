"""Holders: what a process calls itself where it holds something, so that others can tell whether it still lives.

A process that was killed lets go of nothing. Those of the same machine see that it is gone and need not wait until
what it held runs out; those of other machines cannot see it.
"""

from __future__ import annotations

import os
import uuid
from functools import cache
from hashlib import sha256
from pathlib import Path
from platform import node

_PROC = Path("/proc")

#: Field of /proc/PID/stat after the name: ticks since the machine began when the process did (proc(5)).
_STARTED = 19


def name() -> str:
    """Return a new name for something that this process holds."""
    return f"{_machine()}:{os.getpid()}:{_started(os.getpid())}:{uuid.uuid4().hex}"


def gone(holder: str) -> bool:
    """Return whether the process that goes by this name surely lives no more; False where that cannot be seen."""
    machine, _, rest = holder.partition(":")
    pid, _, rest = rest.partition(":")
    started, _, _ = rest.partition(":")
    if machine != _machine() or not pid.isdigit() or not started.isdigit():
        return False
    return _started(int(pid)) not in {started, None}


@cache
def _machine() -> str:
    """Return what names this machine since it began, and among its containers this one: each counts its own processes.

    A name alone would not do: two containers may bear the same one, and have a process 1 each.
    """
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        space = (_PROC / "self/ns/pid").stat().st_ino
    except OSError:
        return f"{node()}-{uuid.uuid4().hex[:8]}"  # not Linux: nobody is ever seen to be gone
    return sha256(f"{boot} {space}".encode()).hexdigest()[:16]


def _started(pid: int) -> str | None:
    """Return when a process began; nothing where it lives no more, None where that is hidden from this one."""
    try:
        said = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None if _answers(pid) else ""
    fields = said.rpartition(")")[2].split()
    return "" if fields[0] in {"Z", "X"} else fields[_STARTED]  # dead already, and only not yet buried


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)  # no signal is sent
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
