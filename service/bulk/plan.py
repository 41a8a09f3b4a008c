"""The plan of a run: how the ground is cut, what each part holds, and what all results must agree with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from geodata.coverage import CoverageManifest, from_dict
from matchers.base import Verdict
from matchers.bulk.reach import Looked
from matchers.parameters import Parameters

Rows = NDArray[np.int64]

FORMAT = 1
_FILE = "plan.json"


def parts_of(cells: int) -> int:
    """Return how many parts there may be: of each cell near and wide, and two of records that are not looked for."""
    return 2 * cells + 2


def part_for(cells: int, cell: Rows, how: Rows) -> Rows:
    """Return the number of the part that answers for each record, by its cell and how it is looked for."""
    return np.where(how <= Looked.WIDE, cell + np.minimum(how, 1) * cells, 2 * cells + how - Looked.TOO_UNCERTAIN)


def looked_for(cells: int, part: int) -> Looked:
    """Return how the records of a part are looked for."""
    return Looked(part // cells) if part < 2 * cells else Looked(part - 2 * cells + Looked.TOO_UNCERTAIN)


class Part(NamedTuple):
    """One piece of work."""

    number: int
    own: int  # records that it answers for
    guests: int  # records beside them, which may claim the same entries
    entries: int  # of the official list, with the halo

    @property
    def cost(self) -> int:
        """How much work it is, in entries; a record costs about as much as five."""
        return self.entries + 5 * (self.own + self.guests)


@dataclass(frozen=True)
class Plan:
    """What was cut, and how it is compared. Written once all of it is on disk."""

    key: str  # sha256 over everything that decides what the results are, except the day
    today: date
    source: str
    title: str
    snapshot: str
    vintage: str
    coverage: Mapping[str, Any]  # as `geodata.coverage.to_dict` says it
    parameters: str  # JSON
    cells: int
    halo_m: float
    parts: tuple[Part, ...]
    explain: tuple[str, ...]  # verdicts
    records: int  # rows of the records' file
    lost: int  # of those, rows that could not be read
    official: int  # rows of the official list
    unplaced: int  # of those, entries without a location
    held: bool  # whether these entries are held with every part
    looked: Mapping[str, int]  # how many records are looked for how (`matchers.bulk.reach.Looked`)
    problems: int  # values set aside in the two files

    @property
    def whole(self) -> bool:
        """Whether the list was short enough to stay in one piece."""
        return self.cells == 1

    @property
    def wanted(self) -> frozenset[Verdict]:
        """The verdicts whose findings are written with reasons."""
        return frozenset(map(Verdict, self.explain))

    @property
    def manifest(self) -> CoverageManifest:
        """What the list says it would hold."""
        return from_dict(self.coverage)

    @property
    def model(self) -> Parameters:
        """The numbers of the model."""
        return Parameters.from_json(self.parameters)

    @property
    def digest(self) -> str:
        """What stands in every result, so that none of another run is taken for one of this."""
        return sha256(f"{self.key} {self.today.isoformat()}".encode()).hexdigest()

    def write(self, folder: Path) -> None:
        """Write the plan; it appears whole or not at all."""
        partial = folder / f"{_FILE}.partial"
        partial.write_bytes(orjson.dumps(asdict(self), default=tuple, option=orjson.OPT_INDENT_2))
        partial.replace(folder / _FILE)


def read_plan(folder: Path) -> Plan | None:
    """Return the plan in a folder, None where there is none or it was not finished."""
    try:
        said = orjson.loads((folder / _FILE).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    try:
        return Plan(
            **said
            | {
                "today": date.fromisoformat(said["today"]),
                "parts": tuple(Part(*part) for part in said["parts"]),
                "explain": tuple(said["explain"]),
            }
        )
    except (TypeError, KeyError, ValueError):  # of an earlier release
        return None


def key_of(said: Mapping[str, Any]) -> str:
    """Return the sha256 over plain values, whatever their order."""
    return sha256(orjson.dumps({"format": FORMAT, **said}, option=orjson.OPT_SORT_KEYS)).hexdigest()
