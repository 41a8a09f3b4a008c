"""What every peer is asked and answers: two tables in, and for each record its best entry and a score for absence.

Peers run in an environment of their own, where nothing of this project is installed but this folder.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

CITIZEN, OFFICIAL, ANSWERS = "citizen.parquet", "official.parquet", "answers.json"


@dataclass(frozen=True)
class Task:
    """A table of records and the list they are held against, both with the columns of `geodata.places`."""

    citizen: pa.Table
    official: pa.Table

    def write(self, folder: Path) -> None:
        """Keep both tables in a folder."""
        pq.write_table(self.citizen, folder / CITIZEN)
        pq.write_table(self.official, folder / OFFICIAL)

    @classmethod
    def read(cls, folder: Path) -> Task:
        """Read what `write` kept."""
        return cls(pq.read_table(folder / CITIZEN), pq.read_table(folder / OFFICIAL))


@dataclass(frozen=True)
class Answers:
    """What one system says; columns by record, in the order asked."""

    entry: Sequence[str | None]  # the best entry of the list; None where it offers none
    absent: Sequence[float]  # 0..1, higher where it rather holds the record to be in no entry
    hidden: Sequence[bool]  # by the system's own rule, not in the list


@dataclass(frozen=True)
class Timed:
    """The answers of one system, how long they took, and by what they were made."""

    answers: Answers
    seconds: Sequence[float]  # of each time it was asked, from the two tables to the answers
    made_by: str  # a package with its version

    def write(self, folder: Path) -> None:
        """Keep the answers in a folder."""
        (folder / ANSWERS).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Timed:
        """Read what `write` kept."""
        body = json.loads((folder / ANSWERS).read_text(encoding="utf-8"))
        return cls(Answers(**body["answers"]), tuple(body["seconds"]), body["made_by"])


def matched(best: Sequence[tuple[str | None, float]], least: float) -> Answers:
    """Return answers from each record's best entry and its score (0..1); below `least` the record counts as hidden."""
    return Answers([entry for entry, _ in best], [1 - score for _, score in best], [score < least for _, score in best])
