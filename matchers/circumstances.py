"""What is known beyond the two tables of a comparison, and what of it a certificate keeps for each record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from matchers.counting.growth import NO_GROWTH, Growth
from matchers.quality.standing import Quality

Plain = dict[str, Any]  # JSON values


@dataclass(frozen=True)
class Circumstances:
    """What a comparison may take into account that neither table says. By record id where it is about records."""

    growth: Growth = NO_GROWTH
    quality: Mapping[str, Quality] = field(default_factory=dict)  # of the collections records come from; none: ungraded

    @cached_property
    def sigma_floor(self) -> Mapping[str, float]:
        """The least error of a record's counts, on the log scale, where the digits of its collection speak of one."""
        return {record: one.sigma_floor for record, one in self.quality.items() if one.sigma_floor is not None}

    @cached_property
    def spread_years(self) -> Mapping[str, float]:
        """How many years a record's day may lie to either side, where only a year or a period was stated."""
        return {record: one.spread_years for record, one in self.quality.items() if one.spread_years}

    def told(self, record: str) -> Plain:
        """Return as JSON values what was known about one record, for its certificate: rates by their digest."""
        quality = self.quality.get(record)
        return {"growth": self.growth.digest, "quality": quality.plain() if quality else None}


NOTHING_KNOWN = Circumstances()


def circumstances_from(record: str, told: Mapping[str, Any], growth: Growth) -> Circumstances:
    """Return what was known about one record, as its certificate tells; `growth` is what its digest names."""
    quality = told.get("quality")
    return Circumstances(growth, {record: Quality.from_plain(quality)} if quality else {})
