"""What is wrong with a row or a field, said so that a tired volunteer can mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong in one place of a file or a body.

    `row` is the 1-based number of the row as a spreadsheet shows it (the header is row 1), None for a whole file.
    `fatal` says that the row could not be kept; otherwise only the named value was set aside. `proposal` is what may be
    meant, field by field ({"lat": -1.3133, "lon": 36.7876}, degrees); it is never applied unasked.
    """

    row: int | None
    column: str | None
    value: str | None
    message: str  # what is wrong
    hint: str  # how to mend it
    fatal: bool = True
    proposal: Mapping[str, float] | None = field(default=None, hash=False)

    def sentence(self) -> str:
        """Return the problem as one line of text."""
        where = " ".join(
            part
            for part in (f"row {self.row}" if self.row else "", f"column {self.column}" if self.column else "")
            if part
        )
        return f"{where}: {self.message}; {self.hint}" if where else f"{self.message}; {self.hint}"
