"""What is fuzzed: a reader of foreign bytes, what it may refuse them with, and bytes to begin from.

The contract of every reader: it returns, or it raises an error it declares; within seconds, and within bounded memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

#: Inputs that once did harm, each in the folder of its target; every one is read again by the tests.
SEEDS = Path(__file__).parent / "seeds"


@dataclass(frozen=True, slots=True)
class Target:
    """One reader."""

    name: str
    what: str  # that it reads, for people
    body: Callable[[bytes], None]  # raises only where the contract is broken
    seeds: Callable[[], Iterable[bytes]]  # well-formed inputs
    runs: int  # inputs of a whole campaign
    longest: int = 4_096  # bytes of an input

    @property
    def found(self) -> Path:
        """Where inputs are kept that once did harm."""
        return SEEDS / self.name


def refusing(read: Callable[[bytes], object], *declared: type[Exception]) -> Callable[[bytes], None]:
    """Return a body that reads and lets the declared errors pass."""

    def body(data: bytes) -> None:
        with suppress(*declared):
            read(data)

    return body


def reading_text(read: Callable[[str], object], *declared: type[Exception]) -> Callable[[bytes], None]:
    """Return a body that reads the bytes as UTF-8 text, with U+FFFD for what is none."""
    return refusing(lambda data: read(data.decode("utf-8", errors="replace")), *declared)


def require(fact: bool, broken: str) -> None:  # noqa: FBT001 - reads as the sentence it is
    """Raise `AssertionError` where a promise beyond "returns or refuses" is broken, such as a round trip."""
    if not fact:
        raise AssertionError(broken)


def texts(*written: str) -> Callable[[], list[bytes]]:
    """Return texts as seeds."""
    return lambda: [text.encode() for text in written]
