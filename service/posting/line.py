"""The line in which posts wait: one thread takes all that wait at once, works on them together, and answers each.

Group commit, as databases know it: while one batch is being flushed, the next one gathers. Nobody waits for others to
come; a post that finds the thread idle is worked on at once, alone.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import Context as Variables
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import structlog

from service.errors import BUSY, Problem
from service.running import metrics, tracing

T = TypeVar("T")
R = TypeVar("R")

MOST_TOGETHER = 64  # posts in one batch: nobody waits for more than so many others
MOST_WAITING = 1_000  # posts in line; whoever comes then is told to come again

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[T, R]):
    """One post in line, the future that its sender waits for, and what is logged about the request."""

    item: T
    loop: asyncio.AbstractEventLoop
    answered: asyncio.Future[R]
    variables: Variables = field(default_factory=copy_context)


class Line(Generic[T, R]):
    """One thread that works on what was sent, in the order it came, as many at once as have gathered.

    `work` takes a batch and returns one answer for each, an exception for whoever is to be told of one.
    """

    def __init__(
        self, work: Callable[[Sequence[T]], Sequence[R | Exception]], most_waiting: int = MOST_WAITING
    ) -> None:
        """Take what does the work; the thread begins with the first post."""
        self._work = work
        self._most_waiting = most_waiting
        self._waiting: deque[_Waiting[T, R]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopped = False

    async def send(self, item: T) -> R:
        """Have one item worked on, and return its answer, or raise it where it is an exception.

        Raises `Problem` (busy) where too many wait already, or the line is closed. Whoever no longer waits for the
        answer changes nothing: what was sent is worked on all the same.
        """
        loop = asyncio.get_running_loop()
        waiting: _Waiting[T, R] = _Waiting(item, loop, loop.create_future())
        with self._changed:
            self._join(waiting)
            self._changed.notify()
        return await waiting.answered

    def stop(self, seconds: float) -> None:
        """Take nothing more, and wait at most so long until all that is in line was answered."""
        self.close()
        for thread in self.threads:
            thread.join(seconds)

    def close(self) -> None:
        """Take nothing more; all that is in line is answered still."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    @property
    def threads(self) -> tuple[threading.Thread, ...]:
        """What works on the line: one thread, none before the first post."""
        return () if self._thread is None else (self._thread,)

    def _join(self, waiting: _Waiting[T, R]) -> None:
        if self._stopped:
            detail = "The service is being stopped."
            raise Problem(BUSY, detail, retry_after=10)
        if len(self._waiting) >= self._most_waiting:
            detail = f"{self._most_waiting:,} records wait to be kept already."
            raise Problem(BUSY, detail)
        self._waiting.append(waiting)
        metrics.POSTS_WAITING.set(len(self._waiting))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="posting", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while batch := self._next():
            answers = self._answers(batch)
            for loop in {id(one.loop): one.loop for one in batch}.values():
                told = [(one, answer) for one, answer in zip(batch, answers, strict=True) if one.loop is loop]
                try:
                    loop.call_soon_threadsafe(_answer, told)
                except RuntimeError:  # the loop is closed: nobody waits there any more
                    log.warning("posting.nobody_waits", records=len(told))

    def _next(self) -> list[_Waiting[T, R]]:
        """Return what waits, as soon as anything does; nothing when the line is closed and empty."""
        with self._changed:
            while not self._waiting and not self._stopped:
                self._changed.wait()
            taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
            metrics.POSTS_WAITING.set(len(self._waiting))
            return taken

    def _answers(self, batch: Sequence[_Waiting[T, R]]) -> Sequence[R | Exception]:
        items = [one.item for one in batch]
        metrics.POSTS_TOGETHER.observe(len(batch))
        with metrics.POST_SECONDS.time(), tracing.span("posts.kept", records=len(batch)):
            return self._worked(items, batch)

    def _worked(self, items: Sequence[T], batch: Sequence[_Waiting[T, R]]) -> Sequence[R | Exception]:
        try:
            if len(batch) == 1:
                return batch[0].variables.run(self._work, items)  # what is logged meanwhile bears the request's id
            ids = [str(one.variables.run(structlog.contextvars.get_contextvars).get("request_id", "")) for one in batch]
            with structlog.contextvars.bound_contextvars(request_id=" ".join(filter(None, ids))):
                return self._work(items)
        except Exception as error:  # noqa: BLE001 - the thread lives on, and whoever waits is told
            return [error] * len(batch)


def _answer(told: Sequence[tuple[_Waiting[T, R], R | Exception]]) -> None:
    """Give the answers, in the loop in which they are waited for; whoever was cancelled meanwhile gets none."""
    for waiting, answer in told:
        if waiting.answered.done():
            continue
        if isinstance(answer, Exception):
            waiting.answered.set_exception(answer)
        else:
            waiting.answered.set_result(answer)
