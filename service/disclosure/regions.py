"""The regions of a gap report, as one caller may see them.

Outsiders count a community in a region only where its unit is shown to them; all others stand under no region. A number
under ten that is not of their own records is withheld.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from geodata.names.folding import fold
from service.caller import Caller
from service.disclosure.openness import open_now
from service.disclosure.policy import SMALLEST_COUNT, View, view_of
from service.regions import SORTS, Community, Region, regions, sort_of, units_in, units_of
from service.store.values import Flag


def redact_regions(
    flags: Sequence[Flag], consistent: Mapping[str, int], within: str | None, caller: Caller
) -> dict[str, Any]:
    """Return how many communities of each region count as what, those of standing flags and those without a gap.

    `flags` are those this caller is shown, `consistent` the communities without a gap it may count, by their units.
    """
    seen = [
        (flag, view, sort)
        for flag in flags
        if (view := view_of(flag.record, caller, published=open_now(flag))) is not View.NOTHING
        and (sort := sort_of(flag.verdict)) is not None
    ]
    counted = [Community(_units(flag, view), sort) for flag, view, sort in seen]
    counted += [Community(units_in(lines), "consistent", number) for lines, number in consistent.items()]
    found = regions(counted, within)
    level = found.level or ""
    outside = {(fold(_units(flag, view).get(level, "")), sort) for flag, view, sort in seen if not view.inside}
    return {"level": found.level, "items": [_item(region, outside) for region in found.items]}


def _units(flag: Flag, view: View) -> dict[str, str]:
    return units_of(flag.record.account) if view.inside or view is View.EXACT else {}


def _item(region: Region, outside: Collection[tuple[str, str]]) -> dict[str, Any]:
    numbers = {sort: region.numbers.get(sort, 0) for sort in SORTS}
    area = fold(region.area or "")
    small = {sort for sort, number in numbers.items() if 0 < number < SMALLEST_COUNT and (area, sort) in outside}
    shown = {sort: None if sort in small else number for sort, number in numbers.items()}
    return {"area": region.area, **shown, "withheld": f"under {SMALLEST_COUNT}" if small else None}
