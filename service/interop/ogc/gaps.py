"""Gaps by administrative unit: the regions of each country's gap report, on the borders of lists that draw them.

A report reads every flag of its country, so what one caller is told is kept until anything happens.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from geodata.names.folding import fold
from matchers.base import OfficialList
from service import report
from service.callers.caller import Caller
from service.context import Context
from service.official.longlists import LongList
from service.report import ReportScope
from service.store.moved import Mark

_KEPT = 16  # reports
_FRESH_S = 60.0  # some limits end by the clock alone


@dataclass(frozen=True, slots=True)
class Area:
    """One unit as a gap report tells it; a number is None where it would tell of few."""

    id: str
    country: str
    level: str
    name: str
    numbers: dict[str, int | None]
    withheld: str | None
    border: BaseGeometry | None


class GapAreas:
    """The areas of one process, by who asks. Safe to share between threads."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._held: OrderedDict[tuple[Caller, str], tuple[Mark, float, list[Area]]] = OrderedDict()
        self._lock = Lock()

    def of(self, context: Context, caller: Caller, country: str, at: Mark) -> list[Area]:
        """Return the areas of a country as this caller may count them, no older than a mark."""
        key = (caller, country)
        with self._lock:
            held = self._held.get(key)
        if held is not None and held[0] == at and time.monotonic() - held[1] < _FRESH_S:
            return held[2]
        found = list(_areas(context, caller, country))
        with self._lock:
            self._held[key] = (at, time.monotonic(), found)
            self._held.move_to_end(key)
            if len(self._held) > _KEPT:
                self._held.popitem(last=False)
        return found


def _areas(context: Context, caller: Caller, country: str) -> Iterator[Area]:
    shown = report.gap_report(context, ReportScope(country=country), caller, lambda _flags: None)
    regions: dict[str, Any] = shown["regions"]
    named = [one for one in regions["items"] if one["area"] is not None]
    borders = _borders(context, country, {fold(one["area"]) for one in named}) if named else {}
    for one in named:
        name = fold(one["area"])
        yield Area(
            id=blake2b(f"{country}\n{regions['level']}\n{name}".encode(), digest_size=8).hexdigest(),
            country=country,
            level=regions["level"],
            name=one["area"],
            numbers={sort: one[sort] for sort in ("hidden", "undercount", "in_review", "consistent")},
            withheld=one["withheld"],
            border=borders.get(name),
        )


def _borders(context: Context, country: str, wanted: set[str]) -> dict[str, BaseGeometry]:
    """Return the borders of units by their folded names or codes, of lists in force that draw them."""
    found: dict[str, BaseGeometry] = {}
    for official in context.lists.current():
        if not isinstance(official, LongList):
            for name, border in _drawn(official, country):
                if name in wanted:
                    found.setdefault(name, border)
    return found


def _drawn(official: OfficialList, country: str) -> Iterable[tuple[str, BaseGeometry]]:
    areas = official.index.areas
    if not len(areas.rows):
        return
    places = official.index.places.take(areas.rows)
    here = np.flatnonzero([one == country for one in places.texts("country")])
    for at in here.tolist():
        for called in (places.primary_names[at], places.ids[at]):
            yield fold(called), areas.polygons[at]
