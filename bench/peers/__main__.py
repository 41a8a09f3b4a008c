"""Ask one peer: `python -m bench.peers splink FOLDER`, in the peers' own environment, from the root of the checkout."""

from __future__ import annotations

import importlib
import sys
import time
from importlib.metadata import version
from pathlib import Path

from bench.peers.roster import PEERS
from bench.peers.task import Task, Timed

#: A quick answer is timed so often, a slow one once.
TIMES, QUICK_S = 3, 20.0


def main(name: str, folder: Path) -> None:
    """Read the task of a folder, answer it, keep the answers beside it."""
    peer = PEERS[name]
    answer = getattr(importlib.import_module(f"bench.peers.{peer.module}"), peer.function)
    task = Task.read(folder)
    seconds: list[float] = []
    while not seconds or (len(seconds) < TIMES and seconds[0] < QUICK_S):
        started = time.perf_counter()
        answers = answer(task)
        seconds.append(time.perf_counter() - started)
    Timed(answers, seconds, f"{peer.package} {version(peer.package)}").write(folder)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
