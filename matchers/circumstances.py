"""What is known beyond the two tables of a comparison, and what of it a certificate keeps for each record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from matchers.counting.growth import NO_GROWTH, Growth

Plain = dict[str, Any]  # JSON values


@dataclass(frozen=True)
class Circumstances:
    """What a comparison may take into account that neither table says. By record id where it is about records."""

    growth: Growth = NO_GROWTH
    sigma_floor: Mapping[str, float] = field(default_factory=dict)  # least error of a record's counts, on the log scale

    def told(self, record: str) -> Plain:
        """Return as JSON values what was known about one record, for its certificate: rates by their digest."""
        return {"growth": self.growth.digest, "sigma_floor": self.sigma_floor.get(record)}


NOTHING_KNOWN = Circumstances()


def circumstances_from(record: str, told: Mapping[str, Any], growth: Growth) -> Circumstances:
    """Return what was known about one record, as its certificate tells; `growth` is what its digest names."""
    floor = told.get("sigma_floor")
    return Circumstances(growth, {} if floor is None else {record: floor})
