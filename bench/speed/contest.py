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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: The peers' interpreter, in an environment within ours.
PEERS = Path(sys.prefix) / "peers" / "bin" / "python"
#: An entrant whose first round took longer is not asked more often than twice.
SLOW_S = 20.0


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


@dataclass(frozen=True)
class Duel:
    """What both sides took while they took turns."""

    home: Rounds
    guest: Rounds

    @property
    def times(self) -> float:
        """How many times as fast the home side was."""
        return self.guest.median_s / self.home.median_s


def contest(home: Entrant, guests: Sequence[Entrant], rounds: int) -> Iterator[tuple[Entrant, Duel]]:
    """Let one entrant take turns with each of the others, one guest after the other, so that memory holds two at once.

    A guest that is slow does one round that counts. Raises `RuntimeError` where one of them fails; its last words stand
    on the terminal.
    """
    with _started(home) as ours:
        for guest in guests:
            with _started(guest) as theirs:
                sides: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
                for number in range(rounds + 1):
                    for told, side in zip(sides, (ours, theirs), strict=True):
                        told.append(side.round())
                        print(f"  {side.title}: round {number}, {told[-1]['seconds']:.3f} s", flush=True)
                    if number and sides[1][0]["seconds"] > SLOW_S:
                        break
                yield guest, Duel(_rounds(sides[0], ours), _rounds(sides[1], theirs))


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


@dataclass(frozen=True)
class _Process:
    """An entrant under way."""

    title: str
    process: subprocess.Popen[str]
    ready_s: float

    def round(self) -> dict[str, Any]:
        """Let it do a round, and return what it says."""
        assert self.process.stdin
        print("go", file=self.process.stdin, flush=True)
        return _line(self.title, self.process)


@contextmanager
def _started(entrant: Entrant) -> Iterator[_Process]:
    command = [str(entrant.interpreter), "-m", entrant.module, *entrant.arguments]
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own modules
        try:
            _line(entrant.title, process)
            ready_s = time.perf_counter() - began
            print(f"  {entrant.title}: ready in {ready_s:.1f} s", flush=True)
            yield _Process(entrant.title, process, ready_s)
        finally:
            process.kill()


def _line(title: str, process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        msg = f"{title} ended with status {process.wait()}; its last words stand above"
        raise RuntimeError(msg)
    told: dict[str, Any] = json.loads(line)
    return told


def _rounds(told: Sequence[dict[str, Any]], side: _Process) -> Rounds:
    seconds, cpu = (tuple(float(one[name]) for one in told[1:]) for name in ("seconds", "cpu"))
    return Rounds(seconds, cpu, side.ready_s, max(one["peak"] for one in told), told[-1])


def _peak_mib() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
