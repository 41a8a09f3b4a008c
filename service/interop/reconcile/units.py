"""Administrative units as callers name them, brought to the columns in which a list names its units.

Every publisher calls its levels otherwise (`county`, `adm1_pcode`, `sub_county`). Callers say admin1 and admin2, with a
name or a code, and each list is asked where it has that name or code: a coarser unit under its coarsest such column, a
finer one under its finest.
"""

from __future__ import annotations

from collections.abc import Sequence

from geodata.index.admin import unit_key
from matchers.base import OfficialList
from matchers.features.admin import Units
from matchers.parameters import DEFAULTS
from matchers.profile import profile_of

COARSE, FINE = "admin1", "admin2"
_COUNTRY = "country"


class UnitColumns:
    """The columns of units of one list, the finest first."""

    def __init__(self, official: OfficialList) -> None:
        """Take the columns that tell places apart."""
        self._units = [unit for unit in profile_of(official, DEFAULTS).units if unit.column != _COUNTRY]
        self._known: dict[tuple[str, tuple[str, ...]], tuple[str, str] | None] = {}

    def placed(self, level: str, values: Sequence[str]) -> tuple[str, str] | None:
        """Return the column and the value under which the list knows a unit; None where it knows none such.

        Of several values, as a name and a code of one unit, the first that is known counts.
        """
        asked = (level, tuple(values))
        if asked not in self._known:
            self._known[asked] = next((found for value in values if (found := self._column(level, value))), None)
        return self._known[asked]

    def _column(self, level: str, value: str) -> tuple[str, str] | None:
        key = unit_key(value)
        columns = reversed(self._units) if level == COARSE else self._units
        return next(((unit.column, value) for unit in columns if key and _lists(unit, key)), None)


def _lists(unit: Units, key: str) -> bool:
    return int(unit.number.numbers([key])[0]) >= 0
