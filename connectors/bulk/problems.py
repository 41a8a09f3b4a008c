"""What is wrong with the rows of a large file: the first of it one by one, the rest as a number."""

from __future__ import annotations

from geodata.rows import RowProblem

_MOST = 1_000


class Problems:
    """Gathers problems and stays small, however broken a file is."""

    def __init__(self, most: int = _MOST) -> None:
        """Keep the first `most` of them."""
        self._most = most
        self._kept: list[RowProblem] = []
        self.count = 0
        self.lost_rows = 0

    def add(self, problem: RowProblem) -> None:
        """Take one."""
        self.count += 1
        self.lost_rows += problem.fatal
        if len(self._kept) < self._most:
            self._kept.append(problem)

    def told(self) -> tuple[RowProblem, ...]:
        """Return those kept, and how many more there are."""
        if self.count == len(self._kept):
            return tuple(self._kept)
        message = f"{self.count - len(self._kept):,} more problems are not listed one by one"
        more = RowProblem(None, None, None, message, "mend the first ones: the rest is likely of the same kind")
        return (*self._kept, more)
