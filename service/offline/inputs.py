"""The files of a comparison: which they are, and what they say once read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from connectors.register import OfficialFile, official_file
from geodata.files.columns import Reading, read_places
from geodata.files.sheet import Table
from geodata.files.tables import read_table
from geodata.index import PlaceIndex
from matchers.base import OfficialList
from matchers.certificates.certificate import account_sha256
from matchers.certificates.certifying import Ground
from matchers.circumstances import Circumstances
from matchers.counting.growth import Growth
from matchers.parameters import Parameters
from service.offline.decisions import Decisions, read_decisions
from service.offline.growth import read_growth
from service.offline.parameters import read_parameters
from service.offline.quality import Declared
from service.running.release import release


@dataclass(frozen=True, slots=True)
class Request:
    """Two files, where to write, and which column is which where the headers do not say (field -> header)."""

    citizen: Path
    official: Path
    out: Path
    citizen_columns: Mapping[str, str] = field(default_factory=dict)
    official_columns: Mapping[str, str] = field(default_factory=dict)
    parameters: Path | None = None  # as `uncounted train` writes them; the defaults where none
    decisions: Path | None = None  # what people decided about pairs of these files before
    growth: Path | None = None  # growth rates of populations
    certificates: Path | None = None  # file to write a search certificate of every row to; none where None
    declared: Declared | None = None  # the passport of the citizen file; ungraded where None


@dataclass(frozen=True)
class Files:
    """The files of a comparison, read."""

    table: Table
    reading: Reading
    official: OfficialFile
    decisions: Decisions
    parameters: Parameters
    growth: Growth
    declared: Declared | None = None

    def ground(self, today: date) -> Ground:
        """Return what the citizen file is compared with on a day, and how. Raises `Problem` for a broken passport."""
        quality = self.declared.qualities(self.reading.places, today) if self.declared else {}
        known, memory = Circumstances(self.growth, quality), self.decisions.memory
        return Ground(listed(self.official), today, release(), self.parameters, memory, known=known)

    def accounts(self) -> list[dict[str, Any]]:
        """Return for each row of the citizen file how certificates name it: its id, its number and its digest."""
        rows = zip(self.reading.places.table.to_pylist(), self.reading.rows.tolist(), strict=True)
        return [{"id": row["id"], "row": number, "account": account_sha256(row)} for row, number in rows]


def read_files(request: Request) -> Files:
    """Read both files, the decisions and the parameters.

    Raises `UnreadableTable` or `UnreadableFile` when a file cannot be read at all, `UnknownColumn` when a mapping names
    a column that is not there, `Problem` (invalid) when the parameters, decisions or growth rates cannot be used.
    """
    parameters = read_parameters(request.parameters)
    table = read_table(request.citizen)
    reading = read_places(table, mapping=request.citizen_columns)
    official = official_file(request.official, request.official_columns)
    decisions = read_decisions(request.decisions, reading.places, official.reading.places)
    return Files(table, reading, official, decisions, parameters, read_growth(request.growth), request.declared)


def listed(official: OfficialFile) -> OfficialList:
    """Return an official file as a list to compare with, indexed."""
    return OfficialList(
        source=official.provenance.source,
        title=official.provenance.title,
        snapshot=official.exchange.sha256,
        vintage=official.provenance.vintage,
        reference_date=official.coverage.reference_date,
        coverage=official.coverage,
        index=PlaceIndex.build(official.reading.places),
    )


def written_ids(reading: Reading, table: Table) -> list[str]:
    """Return each row's id as the file writes it, which is how its people know it; rows without one keep their own."""
    header = next((header for header, part in reading.mapping.items() if part == "id"), None)
    written = dict(zip(table.rows.tolist(), table.columns[header].to_pylist(), strict=True)) if header else {}
    rows = zip(reading.rows.tolist(), reading.places.ids, strict=True)
    return [(written.get(number) or "").strip() or own for number, own in rows]
