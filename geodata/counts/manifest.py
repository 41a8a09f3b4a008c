"""The `[coverage.counts]` table of a manifest: from plain values to `CountCoverage`, and back."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from geodata.counts.coverage import Basis, Boundary, CountCoverage, Disclosure, HouseholdSize, SizeBasis, Universe
from geodata.counts.manifest_disclosure import disclosure, disclosure_plain
from geodata.counts.manifest_rates import missed, missed_plain, rate, rate_plain
from geodata.counts.section import COUNTS, InvalidCounts
from geodata.section import said

__all__ = ["InvalidCounts", "counts_from", "counts_plain"]

_KEYS = frozenset(CountCoverage.__dataclass_fields__)


def counts_from(plain: Any) -> CountCoverage:
    """Read what a manifest says under `[coverage.counts]`. Raises `InvalidCounts`."""
    table = COUNTS.table(plain, "counts", _KEYS)
    return CountCoverage(
        basis=COUNTS.term(Basis, table["basis"], "basis") if "basis" in table else None,
        relative_standard_error=COUNTS.positive(table, "relative_standard_error", most=1),
        universe=COUNTS.term(Universe, table["universe"], "universe") if "universe" in table else None,
        leaves_out=frozenset(COUNTS.texts(table.get("leaves_out", ()), "leaves_out")),
        boundary=COUNTS.term(Boundary, table["boundary"], "boundary") if "boundary" in table else None,
        disclosure=disclosure(table["disclosure"]) if "disclosure" in table else Disclosure(),
        household_size=_household_size(table["household_size"]) if "household_size" in table else None,
        growth=tuple(rate(item) for item in COUNTS.list(table.get("growth", ()), "growth")),
        net_undercount=tuple(missed(item) for item in COUNTS.list(table.get("net_undercount", ()), "net_undercount")),
    )


def counts_plain(counts: CountCoverage) -> dict[str, Any]:
    """Return the same as plain values, sets sorted, what is not declared left out."""
    plain = {
        "basis": counts.basis,
        "relative_standard_error": counts.relative_standard_error,
        "universe": counts.universe,
        "leaves_out": sorted(counts.leaves_out),
        "boundary": counts.boundary,
        "disclosure": disclosure_plain(counts.disclosure),
        "household_size": _household_size_plain(counts.household_size),
        "growth": [rate_plain(one) for one in counts.growth],
        "net_undercount": [missed_plain(one) for one in counts.net_undercount],
    }
    return {key: value.value if isinstance(value, StrEnum) else value for key, value in plain.items() if value}


def _household_size(plain: Any) -> HouseholdSize:
    table = COUNTS.table(plain, "household_size", frozenset({"persons", "from", "n", "sd"}))
    persons = COUNTS.positive(table, "persons", most=100)
    if persons is None or persons < 1:
        COUNTS.refuse(f"household_size needs persons, from 1 to 100 per household, not {table.get('persons')!r}")
    basis = COUNTS.term(SizeBasis, table["from"], "from") if "from" in table else SizeBasis.NATIONAL
    return HouseholdSize(persons, basis, COUNTS.whole(table, "n", 1), COUNTS.positive(table, "sd"))


def _household_size_plain(size: HouseholdSize | None) -> dict[str, Any] | None:
    return None if size is None else said({"persons": size.persons, "from": size.basis, "n": size.n, "sd": size.sd})
