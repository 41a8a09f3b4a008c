"""Ask one peer: `python -m bench.peers splink FOLDER`, in the peers' own environment, from the root of the checkout."""

from __future__ import annotations

import importlib
import sys
from importlib.metadata import version
from pathlib import Path

from bench.peers.roster import PEERS
from bench.peers.task import Task
from bench.peers.timing import timed


def main(name: str, folder: Path) -> None:
    """Read the task of a folder, answer it, keep the answers beside it."""
    peer = PEERS[name]
    answer = getattr(importlib.import_module(f"bench.peers.{peer.module}"), peer.function)
    task = Task.read(folder)
    timed(lambda: answer(task), f"{peer.package} {version(peer.package)}").write(folder)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
