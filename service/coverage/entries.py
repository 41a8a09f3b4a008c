"""The entries of an official list that lie in a scope: those that no citizen named count as much as the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.index.entries import entries_of
from geodata.kinds import kind_of, lineage
from geodata.names.folding import fold
from geodata.places import Places
from matchers.base import OfficialList
from service.coverage.membership import KIND, UNTOLD
from service.coverage.scope import CoverageScope


def entries(official: OfficialList, scope: CoverageScope) -> Iterator[tuple[str, str]]:
    """Yield the identifier and the stratum of each entry of a list in a scope.

    An entry that names no country lies in the one that the list covers, if that is one.
    """
    places = official.index.places
    rows = np.flatnonzero(_in_country(official, scope.country))
    inside = places.take(rows)
    units = _units(inside) if scope.admin or any(word != KIND for word in scope.stratify) else None
    kinds = [kind_of(kind) for kind in inside.texts("kind")] if scope.kind or KIND in scope.stratify else None
    for row, own in enumerate(inside.ids):
        if scope.admin and not _within(units[row] if units else {}, scope.admin):
            continue
        kind = kinds[row] if kinds else None
        if scope.kind and not is_kind(kind, scope.kind):
            continue
        yield own, _stratum(scope.stratify, kind, units[row] if units else {})


def is_kind(kind: str | None, wanted: str) -> bool:
    """Return whether a kind of place is the wanted one, or one of its sorts."""
    return kind is not None and wanted in lineage(kind)


def _in_country(official: OfficialList, country: str | None) -> NDArray[np.bool_]:
    places = official.index.places
    if country is None:
        return np.ones(len(places), np.bool_)
    column = places.column("country")
    if len(official.coverage.countries) == 1:
        column = pc.fill_null(column, next(iter(official.coverage.countries)))
    return np.asarray(pc.fill_null(pc.equal(column, pa.scalar(country)), fill_value=False), dtype=np.bool_)


def _units(places: Places) -> list[dict[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row, level, text in entries_of(places.column("admin")):
        if text:
            found[row][level] = fold(text)
    return [found.get(row, {}) for row in range(len(places))]


def _within(units: dict[str, str], admin: str) -> bool:
    level, equals, value = admin.rpartition("=")
    return units.get(fold(level)) == fold(value) if equals else fold(admin) in units.values()


def _stratum(by: Sequence[str], kind: str | None, units: dict[str, str]) -> str:
    return " · ".join((kind if word == KIND else units.get(fold(word))) or UNTOLD for word in by)
