"""The regions of a gap report, as one caller may see them.

Outsiders count a community in a region only where its unit is shown to them; all others stand under no region. A number
under ten that is not of their own records is withheld.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from geodata.names.folding import fold
from service.disclosure.policy import SMALLEST_COUNT, View
from service.figures.regions import SORTS, Community, Region, regions, sort_of, units_in, units_of
from service.store.values import Flag

_Units = tuple[tuple[str, str], ...]  # (level, value)


class RegionTotals:
    """Counts communities of standing flags by the units they name, a few at a time."""

    def __init__(self) -> None:
        """Begin with none."""
        self._counted: Counter[tuple[_Units, str, bool]] = Counter()

    def add(self, flag: Flag, view: View) -> None:
        """Count the community of a standing flag that the caller is shown so."""
        if (sort := sort_of(flag.verdict)) is not None:
            self._counted[tuple(_units(flag, view).items()), sort, view.inside] += 1

    def done(self, consistent: Mapping[str, int], within: str | None) -> dict[str, Any]:
        """Return how many communities of each region count as what.

        `consistent` are those without a gap that the caller may count, by their units; `within` is the unit asked for.
        """
        counted = [Community(dict(units), sort, number) for (units, sort, _), number in self._counted.items()]
        counted += [Community(units_in(lines), "consistent", number) for lines, number in consistent.items()]
        found = regions(counted, within)
        level = found.level or ""
        outside = {(fold(dict(units).get(level, "")), sort) for units, sort, inside in self._counted if not inside}
        return {"level": found.level, "items": [_item(region, outside) for region in found.items]}


def _units(flag: Flag, view: View) -> dict[str, str]:
    return units_of(flag.record.account) if view.inside or view is View.EXACT else {}


def _item(region: Region, outside: Collection[tuple[str, str]]) -> dict[str, Any]:
    numbers = {sort: region.numbers.get(sort, 0) for sort in SORTS}
    area = fold(region.area or "")
    small = {sort for sort, number in numbers.items() if 0 < number < SMALLEST_COUNT and (area, sort) in outside}
    shown = {sort: None if sort in small else number for sort, number in numbers.items()}
    return {"area": region.area, **shown, "withheld": f"under {SMALLEST_COUNT}" if small else None}
