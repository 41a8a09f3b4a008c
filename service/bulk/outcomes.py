"""How parts are done: by whom, how often a failing one is tried again, and what came of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from service.bulk.task import Done, assess_part

#: How often a part is tried; elsewhere each time, where there is an elsewhere.
TRIES = 3


class Failed(NamedTuple):
    """A part that could not be assessed."""

    part: int
    reason: str


Outcome = Done | Failed


class Executor(Protocol):
    """Does parts somewhere, and tells of each once: when it is done, or given up."""

    def __call__(self, folder: Path, parts: Sequence[int]) -> Iterator[Outcome]:
        """Do the parts of the run in a folder, in any order; closing the iterator stops what is not done yet."""


def reason_of(error: BaseException) -> str:
    """Return what went wrong as one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}" if str(error) else type(error).__name__


def serially(folder: Path, parts: Sequence[int], threads: int = 1) -> Iterator[Outcome]:
    """Do the parts here, one after the other."""
    for part in parts:
        yield _tried(folder, part, threads)


def _tried(folder: Path, part: int, threads: int) -> Outcome:
    for again in range(TRIES):
        try:
            return assess_part(folder, part, threads)
        except Exception as error:  # noqa: BLE001 - one part never loses the others; the reason is told
            if again == TRIES - 1:
                return Failed(part, reason_of(error))
    raise AssertionError
