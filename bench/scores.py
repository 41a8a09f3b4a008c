"""What the answers of one system to one question are worth, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from bench.peers.roster import Peer
from bench.peers.task import Timed
from bench.table import told
from matchers.evaluation.bootstrap import NOTHING, Bootstrap, Figure
from matchers.evaluation.figures import figures
from matchers.evaluation.outcomes import Outcomes

_DRAWS = Bootstrap(draws=200)
#: Figures shown, by their name in `matchers.evaluation.figures`.
SHOWN = {
    "average_precision": "average precision",
    "first_choice": "right first choice",
    "calibration_error": "calibration error",
    "precision": "hidden by its own rule: precision",
    "recall": "their recall",
}
COLUMNS = ("list", "records", "entries hidden", "system", *SHOWN.values(), "records a second", "made by")


@dataclass(frozen=True)
class Score:
    """One system on one list."""

    question: str
    system: str
    records: int
    hidden: int
    figures: dict[str, Figure]  # those of `SHOWN`; nothing for calibration where no probability is given
    a_second: float  # records, from two tables to answers, by the median time
    made_by: str

    @classmethod
    def of(cls, question: str, system: Peer, outcomes: Outcomes, cluster: NDArray[np.int64], one: Timed) -> Score:  # noqa: PLR0913, PLR0917 - all of one answer
        """Hold answers against the truth; `cluster` numbers what errs together."""
        measured = figures(outcomes, cluster, _DRAWS)
        shown = {name: measured[name] for name in SHOWN}
        if not system.probability:
            shown["calibration_error"] = NOTHING
        count, hidden = len(outcomes), int(outcomes.hidden.sum())
        return cls(question, system.title, count, hidden, shown, count / median(one.seconds), one.made_by)

    def row(self) -> tuple[str, ...]:
        """Return the cells of `COLUMNS`."""
        cells = (told(self.figures[name]) for name in SHOWN)
        return (
            *(self.question, f"{self.records:,}", f"{self.hidden:,}", self.system),
            *cells,
            *(f"{self.a_second:,.0f}", self.made_by),
        )
