"""What is given to be taken in, and what came of it: columns, one row for each row of the part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.places import Places
from service.accounts.account import Account, from_places
from service.callers.caller import Caller
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

    def beyond(self, name: str) -> pa.Array:
        """Return a column of `SAID`, with what the collection says where a row says nothing."""
        kind = SAID.field(name).type
        if self.said is None or name not in self.said.column_names:
            column = pa.nulls(len(self.places), kind)
        else:
            column = pa.concat_arrays(self.said[name].cast(kind).chunks) if len(self.places) else pa.array([], kind)
        if name not in {"consent", "sensitivity"}:
            return column
        default = getattr(self.defaults, name)
        return pc.fill_null(pc.if_else(pc.equal(column, ""), default, column), default)

    def take(self, rows: Sequence[int] | NDArray[np.int64]) -> Intake:
        """Return some of its rows, in that order."""
        said = None if self.said is None else self.said.take(pa.array(rows, pa.int64()))
        return replace(self, places=self.places.take(rows), said=said)

    def accounts(self) -> list[Account]:
        """Return each row as the account that it is; what is kept of it follows from this."""
        beyond = {name: self.beyond(name).to_pylist() for name in SAID.names}
        return [
            replace(
                account,
                collection=self.collection,
                consent=beyond["consent"][row],
                sensitivity=beyond["sensitivity"][row],
                drivers=tuple(beyond["drivers"][row] or ()),
                sdg=tuple(beyond["sdg"][row] or ()),
                evidence=tuple(beyond["evidence"][row] or ()),
            )
            for row, account in enumerate(from_places(self.places))
        ]


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
