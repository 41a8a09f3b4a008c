"""A verdict: whether a run held, and the figures that say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bench.table import Table

COLUMNS = ("run", "database", "verdict", "what was done", "acknowledged", "lost", "doubled", "audit chain", "figures")


@dataclass(frozen=True)
class Verdict:
    """What came of one run on one database."""

    run: str
    database: str
    done: str  # what was done to it, in a few words
    wrong: Sequence[str]  # what should not be; none where it held
    figures: Mapping[str, str] = field(default_factory=dict)
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    chain: str = ""

    @property
    def held(self) -> bool:
        """Whether everything was as it should be."""
        return not self.wrong

    def failed(self, why: str) -> Verdict:
        """Return it with something more that should not be."""
        return replace(self, wrong=(*self.wrong, why))

    def row(self) -> tuple[str, ...]:
        """Return it as a row of the table."""
        said = "; ".join(f"{name} {value}" for name, value in self.figures.items())
        counted = (f"{self.acknowledged:,}", str(self.lost), str(self.doubled), self.chain)
        return (self.run, self.database, "PASS" if self.held else "FAIL", self.done, *counted, said)


def table(name: str, verdicts: Sequence[Verdict]) -> Table:
    """Return verdicts as a table."""
    return Table(f"faults-{name}", f"Fault runs: {name}", COLUMNS, tuple(one.row() for one in verdicts))
