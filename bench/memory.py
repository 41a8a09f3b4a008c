"""How much memory processes hold, as the kernel counts it (proc(5))."""

from __future__ import annotations

from pathlib import Path


def resident(pid: int) -> int:
    """Return the resident bytes of a process and of all it started; 0 where it is gone."""
    return sum(_of(one) for one in (pid, *_children(pid)))


def _of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)


def _children(pid: int) -> list[int]:
    try:
        said = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    own = [int(one) for one in said]
    return own + [each for one in own for each in _children(one)]
