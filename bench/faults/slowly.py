"""Run a command of the service on a disk that is made slow: every flush and every commit takes longer.

Simulated in the process: before each `fsync` of a file and each commit of a transaction it sleeps, on SQLite with the
write lock held, as a disk that flushes slowly would have it. Run: python -m bench.faults.slowly serve
"""

from __future__ import annotations

import os
import random
import time
from typing import Any

from sqlalchemy import Engine, event

from service.cli import main

LEAST_S, MOST_S = 0.1, 0.6
_CHANCE = random.Random(20_260)  # noqa: S311 - to be repeatable
_fsync = os.fsync


def _wait(*_: Any) -> None:
    time.sleep(_CHANCE.uniform(LEAST_S, MOST_S))


def _slow_fsync(file: Any) -> None:
    _wait()
    _fsync(file)


if __name__ == "__main__":
    event.listen(Engine, "commit", _wait)
    os.fsync = _slow_fsync  # type: ignore[assignment]
    main()
