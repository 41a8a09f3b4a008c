"""What is asked for: two tables, where to write, and how the ground is cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from matchers.base import Verdict
from matchers.bulk.crowds import COMPANY_M
from service.errors import INVALID, Problem

#: Entries of a part, beside its halo; a list that is no longer is held whole, as `uncounted compare` does.
PARTITION_ROWS = 250_000

#: Entries this near to a part in metres are held with it: enough for records uncertain by 10 km.
HALO_M = 50_000.0

_LEAST_ROWS = 10
_LEAST_HALO_M = COMPANY_M


@dataclass(frozen=True, slots=True)
class Request:
    """What `uncounted bulk` was asked for."""

    records: Path
    official: str  # a file, the sha256 of a snapshot, or the name of a source
    out: Path  # a folder
    record_columns: Mapping[str, str] = field(default_factory=dict)  # field -> header, where headers do not say it
    official_columns: Mapping[str, str] = field(default_factory=dict)
    parameters: Path | None = None  # as `uncounted train` writes them
    partition_rows: int = PARTITION_ROWS
    halo_m: float = HALO_M
    explain: tuple[Verdict, ...] = ()  # verdicts whose records get their findings written with reasons
    as_csv: bool = False
    keep: bool = False  # what was made on the way

    def __post_init__(self) -> None:
        """Refuse what could not be done. Raises `Problem` (invalid)."""
        if self.partition_rows < _LEAST_ROWS:
            detail = f"A part of {self.partition_rows:,} entries is none; give --partition-rows {_LEAST_ROWS} or more."
            raise Problem(INVALID, detail)
        if self.halo_m < _LEAST_HALO_M:
            detail = (
                f"A halo of {self.halo_m / 1000:g} km loses entries; give --halo-km {_LEAST_HALO_M / 1000:g} or more."
            )
            raise Problem(INVALID, detail)

    @property
    def work(self) -> Path:
        """The folder of what is made on the way, which a run that was broken off goes on from."""
        return self.out / "work"
