"""Whether both sides count the same people in the same place, and how far apart their definitions may be.

The larger of two gaps decides: that of the boundary and that of the universe. A community and an official unit are
taken to have one boundary only where the list says so, where both name one code and go by one name, or where their
polygons are the same; else the gap is that of boundaries that are not identical.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geodata.counts.coverage import Basis, Boundary, CountCoverage, Treatment, Universe
from geodata.index.areas import agreement
from geodata.kinds import lineage
from geodata.names import form
from geodata.names.folding import fold
from matchers.counting.reading import Theirs
from matchers.parameters import Counting

_SAME, _NEARLY = 0.9, 0.7  # share of two polygons' union that both cover
_CODES = ("pcode", "p code", "code", "official id")
_MINOR = frozenset({Universe.DE_FACTO, Universe.HOUSEHOLD_POPULATION})


@dataclass(frozen=True, slots=True)
class Gap:
    """How far two definitions may be apart."""

    sigma: float  # on the log scale
    said: str  # why, as a clause; empty where nothing differs


def definition_gap(boundary: Boundary, universe: Universe | None, counting: Counting) -> Gap:
    """Return the larger of the gaps between boundaries and between universes."""
    of_boundary = {
        Boundary.SAME: Gap(0.0, ""),
        Boundary.MINOR: Gap(counting.sigma_definition_minor, "their boundaries differ a little"),
        Boundary.NOT_IDENTICAL: Gap(counting.sigma_boundary, "their boundaries need not be the same"),
        Boundary.UNRELATED: Gap(float("inf"), "their boundaries have little to do with one another"),
    }[boundary]
    of_universe = Gap(0.0, "")
    if universe in _MINOR:
        whom = "whoever was present" if universe is Universe.DE_FACTO else "people in private households"
        of_universe = Gap(counting.sigma_definition_minor, f"the list counts {whom}")
    elif universe is Universe.CITIZENS:
        # Above the gap beyond which nothing is called an undercount by itself.
        of_universe = Gap(counting.sigma_boundary + counting.sigma_definition_minor, "the list counts citizens only")
    return max((of_boundary, of_universe), key=lambda gap: gap.sigma)


def boundary_of(account: Mapping[str, Any], entry: Mapping[str, Any], declared: CountCoverage) -> Boundary:
    """Return how well the boundary of an account agrees with that of an entry; both are rows of `places.SCHEMA`."""
    if declared.boundary is not None:
        return declared.boundary
    if account["area"] is not None and entry["area"] is not None:
        shared = agreement(account["area"], entry["area"])
        return Boundary.SAME if shared >= _SAME else Boundary.MINOR if shared >= _NEARLY else Boundary.NOT_IDENTICAL
    return Boundary.SAME if _one_code(account, entry) and _one_name(account, entry) else Boundary.NOT_IDENTICAL


def left_out(account: Mapping[str, Any], declared: CountCoverage) -> str | None:
    """Return what a list's counts leave out by rule that an account's kind of place is, in the list's words."""
    own = {fold(kind) for kind in lineage(account["kind"])} if account["kind"] else set()
    return next((term for term in sorted(declared.leaves_out) if fold(term) in own), None)


def official_sigma(declared: CountCoverage, count: Theirs, counting: Counting) -> float:
    """Return the error of an official count: as published, else by what it is; a census where nobody says.

    Cells of groups that are changed by cell key, after households were swapped, are no better than estimates.
    """
    if declared.relative_standard_error is not None:
        return declared.relative_standard_error
    if declared.disclosure.treatment is Treatment.CELL_KEY and count.group:
        return counting.sigma_official_estimate
    words, basis = fold(count.method or ""), declared.basis
    if basis is Basis.REGISTER or (basis is None and "regist" in words):
        return counting.sigma_official_register
    estimated = any(word in words for word in ("project", "survey", "estimat"))
    if basis in {Basis.PROJECTION, Basis.SURVEY} or (basis is None and estimated):
        return counting.sigma_official_estimate
    return counting.sigma_official


def _one_code(account: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    theirs = {fold(entry["id"]), *(fold(code) for column, code in entry["admin"] or () if fold(column) in _CODES)}
    mine = {fold(code) for column, code in account["admin"] or () if "code" in fold(column)}
    return not mine.isdisjoint(theirs)


def _one_name(account: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    """Whether both go by one name: a record may also give the code of the larger unit it lies in."""
    mine, theirs = ({form(name["text"]).core for name in row["names"] or ()} for row in (account, entry))
    return not (mine - {""}).isdisjoint(theirs)
