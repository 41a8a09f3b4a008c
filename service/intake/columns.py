"""Columns: everything that is kept of the accounts of a part and follows from them alone, before any transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.places import SCHEMA, Places
from service.disclosure.tags import kept_by
from service.intake import searching
from service.intake.bodies import bodies
from service.intake.tagging import tags
from service.intake.values import Intake
from service.store.arrivals import ACCOUNTS

Rows: TypeAlias = Sequence[int] | NDArray[np.int64]

_ROOM = ("dwellings", "structures")


@dataclass(frozen=True)
class Columns:
    """The accounts of a part as they are kept (columns `ACCOUNTS`), and the rules that their tags follow from."""

    intake: Intake
    accounts: pa.Table
    rules: str

    @classmethod
    def of(cls, intake: Intake) -> Columns:
        """Work them out."""
        rules = kept_by()
        if not len(intake.places):
            return cls(intake, ACCOUNTS.empty_table(), rules)
        body, fingerprint = bodies(intake)
        where = searching.points(intake.places)
        search, name_key = searching.names(intake.places)
        of = {
            "own_id": intake.places.column("id"),
            "fingerprint": fingerprint,
            "country": intake.places.column("country"),
            "lat": where.lat,
            "lon": where.lon,
            "cell": where.cells(),
            "spot": where.spots(),
            "search": search,
            "name_key": name_key,
            "admin": searching.admin(intake.places),
            "tags": tags(intake, search),
            "body": body,
        }
        return cls(intake, pa.table(of, ACCOUNTS), rules)

    def at(self, moment: datetime) -> Columns:
        """Return the same, arriving at another moment."""
        return replace(self, intake=replace(self.intake, at=moment))

    def bounded(self, rows: Rows) -> bool:
        """Return whether one of these rows says how much room or how many dwellings there are for its people."""
        places = self.intake.places.take(rows)
        counts = places.column("counts")
        units, row = pc.struct_field(counts.flatten(), "unit"), counts.value_parent_indices().to_numpy()
        roomy, peopled = np.array(places.column("area").is_valid()), np.zeros(len(places), bool)
        roomy[row[_true(pc.is_in(units, pa.array(_ROOM)))]] = True
        peopled[row[_true(pc.equal(units, "persons"))]] = True
        return bool((roomy & peopled).any())

    def places(self, rows: Rows) -> Places:
        """Return these rows as `accounts.account.as_places` gives accounts: on their points, drivers in the texts."""
        part = self.intake.take(rows)
        accounts, drivers = self.accounts.take(pa.array(rows, pa.int64())), part.beyond("drivers")
        of = {name: part.places.column(name) for name in SCHEMA.names}
        of |= {name: accounts[name].combine_chunks() for name in ("lat", "lon")}
        if pc.any(pc.greater(pc.list_value_length(drivers), 0)).as_py():
            of["attributes"] = _with_drivers(of["attributes"], drivers)
        return Places(pa.Table.from_arrays([of[name] for name in SCHEMA.names], schema=SCHEMA))


def _with_drivers(attributes: pa.Array, drivers: pa.Array) -> pa.Array:
    rows = zip(attributes.to_pylist(), drivers.to_pylist(), strict=True)
    texts = [[*(own or ()), *([("drivers", "; ".join(said))] if said else [])] for own, said in rows]
    return pa.array(texts, attributes.type)


def _true(said: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(said, pa.scalar(value=False)))
