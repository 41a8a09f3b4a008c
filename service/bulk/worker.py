"""A process that assesses parts: it reads their numbers line by line, and answers each with a line of JSON.

Run by `service.bulk.processes`; it ends when nobody writes to it any more.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from service.bulk.outcomes import reason_of
from service.bulk.task import assess_part


def serve(folder: Path, threads: int) -> None:
    """Answer until the input ends. What is printed meanwhile goes to standard error, so that answers stay whole."""
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        part = int(line)
        try:
            told: dict[str, list[float | str]] = {"done": list(assess_part(folder, part, threads))}
        except Exception as error:  # noqa: BLE001 - told to who asked, who may ask another process
            told = {"failed": [part, reason_of(error)]}
        answers.write(json.dumps(told) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
