"""A contest: each entrant is a process of its own that makes itself ready, then does the same work round after round.

Rounds are interleaved, so that whatever else the machine does falls on all alike; the first round of each warms up and
does not count. An entrant says one line of JSON when ready and one after each round. Imports nothing but the standard
library, because some entrants run in the peers' environment.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: The peers' interpreter, in an environment within ours.
PEERS = Path(sys.prefix) / "peers" / "bin" / "python"


@dataclass(frozen=True)
class Entrant:
    """Who takes part: a module of this house that calls `enter`, and its arguments."""

    title: str
    module: str
    arguments: tuple[str, ...] = ()
    interpreter: Path = Path(sys.executable)


@dataclass(frozen=True)
class Rounds:
    """What one entrant took; medians are what is reported."""

    seconds: tuple[float, ...]
    cpu: tuple[float, ...]  # seconds on all cores together
    ready_s: float  # from its start to being ready
    peak_mib: float  # most memory its process ever held
    told: Mapping[str, Any]  # what it said of its last round

    @property
    def median_s(self) -> float:
        """The median of its rounds in seconds."""
        return statistics.median(self.seconds)

    @property
    def median_cpu_s(self) -> float:
        """The median of its seconds on the CPU."""
        return statistics.median(self.cpu)


def contest(entrants: Sequence[Entrant], rounds: int) -> dict[str, Rounds]:
    """Let all do so many rounds that count, by turns. Raises `RuntimeError` with the last words of one that fails."""
    with ExitStack() as stack:
        taking_part = {}
        for entrant in entrants:
            say = stack.enter_context(_started(entrant))
            began = time.perf_counter()
            say(ready=True)
            taking_part[entrant.title] = say, time.perf_counter() - began
            print(f"  {entrant.title}: ready in {taking_part[entrant.title][1]:.1f} s", flush=True)
        told: dict[str, list[dict[str, Any]]] = {title: [] for title in taking_part}
        for number in range(rounds + 1):
            for title, (say, _) in taking_part.items():
                told[title].append(say(ready=False))
                print(f"  {title}: round {number} of {rounds}, {told[title][-1]['seconds']:.3f} s", flush=True)
    return {title: _rounds(told[title][1:], taking_part[title][1]) for title in taking_part}


#: What an entrant says of a round it did; asked for off the clock.
Said = Callable[[], Mapping[str, Any]]


def enter(prepare: Callable[[], Callable[[], Said]]) -> None:
    """Take part, as the process of an entrant: prepare, then do a round for every line that comes in."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever libraries print is no answer
    work = prepare()
    print(json.dumps({}), file=out, flush=True)
    for _ in sys.stdin:
        began, used = time.perf_counter(), time.process_time()
        told = work()
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
        print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": _peak_mib(), **told()}), file=out, flush=True)


@contextmanager
def _started(entrant: Entrant) -> Iterator[Callable[..., dict[str, Any]]]:
    command = [str(entrant.interpreter), "-m", entrant.module, *entrant.arguments]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own modules
        assert process.stdin
        assert process.stdout
        asked, answers = process.stdin, process.stdout

        def say(*, ready: bool) -> dict[str, Any]:
            if not ready:
                print("go", file=asked, flush=True)
            line = answers.readline()
            if not line:
                msg = f"{entrant.title} ended with status {process.wait()}; its last words stand above"
                raise RuntimeError(msg)
            told: dict[str, Any] = json.loads(line)
            return told

        try:
            yield say
        finally:
            process.kill()


def _rounds(told: Sequence[dict[str, Any]], ready_s: float) -> Rounds:
    columns = (tuple(float(one[name]) for one in told) for name in ("seconds", "cpu"))
    return Rounds(*columns, ready_s, max(one["peak"] for one in told), told[-1])


def _peak_mib() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
