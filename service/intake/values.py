"""What is given to be taken in, and what came of it: columns, one row for each row of the part."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from geodata.places import Places
from service.caller import Caller
from service.disclosure.policy import Consent, Sensitivity
from service.submit import Outcome

#: Rows of one part at most: one transaction, for which other writers wait.
ROWS = 50_000

#: What accounts say beyond places, aligned with them; a null, or a column that is not there, says nothing.
SAID = pa.schema(
    [
        pa.field("consent", pa.string()),
        pa.field("sensitivity", pa.string()),
        pa.field("drivers", pa.list_(pa.string())),
        pa.field("sdg", pa.list_(pa.string())),
        pa.field("evidence", pa.list_(pa.string())),
    ]
)

#: One row for each place that was given, in its order; `set_aside`: this made its record wait for a person.
OUTCOMES = pa.schema(
    [
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("revision", pa.int32(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),  # a `service.submit.Outcome`
        pa.field("set_aside", pa.bool_(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for every row that does not say otherwise."""

    consent: str = Consent.INTERNAL.value
    sensitivity: str = Sensitivity.OPEN.value


@dataclass(frozen=True, slots=True)
class Intake:
    """A part of a file, of at most `ROWS` rows: accounts that one organisation gives to one of its collections."""

    caller: Caller
    collection: str | None
    places: Places  # their ids are the organisation's own
    at: datetime
    said: pa.Table | None = None  # some or all columns of `SAID`
    defaults: Defaults = field(default_factory=Defaults)
    import_id: str | None = None  # that the events name


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of each row: columns `OUTCOMES`."""

    rows: pa.Table

    @property
    def created(self) -> int:
        """How many rows made a record."""
        return self._number(Outcome.CREATED)

    @property
    def revised(self) -> int:
        """How many rows corrected a record."""
        return self._number(Outcome.REVISED)

    @property
    def unchanged(self) -> int:
        """How many rows said what was kept already."""
        return self._number(Outcome.UNCHANGED)

    @property
    def set_aside(self) -> int:
        """How many of the rows that made or corrected a record made it wait for a person."""
        return int(pc.sum(self.rows["set_aside"]).as_py() or 0)

    def _number(self, outcome: Outcome) -> int:
        return int(pc.sum(pc.equal(self.rows["outcome"], outcome.value)).as_py() or 0)
