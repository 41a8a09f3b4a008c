"""Parts done by processes of this machine. One that dies takes only its part with it, which another then tries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector

from service.bulk.outcomes import TRIES, Executor, Failed, Outcome
from service.bulk.task import Done


def on_processes(workers: int) -> Executor:
    """Return what does parts on so many processes; where there are fewer parts, on more threads of each."""
    return partial(_done, workers=workers)


@dataclass(eq=False)
class _Worker:
    """A process and the part it has."""

    process: subprocess.Popen[str]
    part: int | None = None

    @classmethod
    def start(cls, folder: Path, threads: int) -> _Worker:
        # The same modules as here; and no Ctrl-C, which is for the one who gives out the parts.
        there = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
        return cls(
            subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-P", "-m", "service.bulk.worker", str(folder), str(threads)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": there},
                text=True,
                start_new_session=True,
            )
        )

    def give(self, part: int) -> None:
        self.part = part
        assert self.process.stdin is not None  # noqa: S101 - it was asked for; this tells the type checker
        try:
            self.process.stdin.write(f"{part}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return  # it died in between; its end of the other pipe says so

    def take(self) -> Outcome:
        """Return what came of the part it had, or why nothing did."""
        part, self.part = self.part, None
        assert self.process.stdout is not None  # noqa: S101 - as above
        assert part is not None  # noqa: S101 - only a busy one is asked
        line = self.process.stdout.readline()
        if not line.endswith("\n"):
            code = self.process.wait()
            how = f"by signal {-code}" if code < 0 else f"with code {code}"
            return Failed(part, f"its process ended {how}; a machine short of memory ends processes so")
        told = json.loads(line)
        return Done(*told["done"]) if "done" in told else Failed(*told["failed"])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue


@dataclass
class _Pool:
    """Processes at work."""

    folder: Path
    threads: int
    waiting: deque[int]
    tried: dict[int, int] = field(default_factory=dict)
    busy: DefaultSelector = field(default_factory=DefaultSelector)
    all: list[_Worker] = field(default_factory=list)

    def put_to_work(self, worker: _Worker) -> None:
        if self.waiting:
            worker.give(self.waiting.popleft())
            self.busy.register(worker.process.stdout, EVENT_READ, worker)  # type: ignore[arg-type]  # a pipe was asked for

    def hired(self) -> _Worker:
        worker = _Worker.start(self.folder, self.threads)
        self.all.append(worker)
        return worker

    def outcomes(self) -> Iterator[Outcome]:
        while self.busy.get_map():
            for key, _ in self.busy.select():
                worker: _Worker = key.data
                self.busy.unregister(key.fileobj)
                outcome = worker.take()
                if isinstance(outcome, Failed):
                    # Whatever state it is in, the next part gets a process that was not there.
                    self.all.remove(worker)
                    worker.stop()
                    worker = self.hired()
                    self.tried[outcome.part] = self.tried.get(outcome.part, 0) + 1
                if isinstance(outcome, Failed) and self.tried[outcome.part] < TRIES:
                    self.waiting.append(outcome.part)
                    self.put_to_work(worker)
                    continue
                self.put_to_work(worker)
                yield outcome


def _done(folder: Path, parts: Sequence[int], workers: int) -> Iterator[Outcome]:
    pool = _Pool(folder, max(workers // max(len(parts), 1), 1), deque(parts))
    try:
        for _ in range(min(workers, len(parts))):
            pool.put_to_work(pool.hired())
        yield from pool.outcomes()
    finally:
        for worker in pool.all:
            worker.stop()
        pool.busy.close()
