"""Matching queries with official lists: all queries of a batch at once, by the model that verdicts rest on.

A query is compared alone: unlike records, which compete for the entries of a list, two rows of somebody's table may
well be one place. What people decided about records is not asked either, because that is not for everybody to know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geodata.coordinates import check_point
from geodata.countries import known_country
from geodata.files.angles import read_angle
from geodata.kinds import Compatibility, compatibility, kind_of
from geodata.places import Places
from matchers.base import OfficialList
from matchers.company.rivals import rows_by_id
from matchers.compare import compare
from service.interop.reconcile.entries import Entry, entries_at
from service.interop.reconcile.features import TOLD_BY, features_of
from service.interop.reconcile.units import COARSE, FINE, UnitColumns
from service.interop.reconcile.values import Candidate, Query
from service.official.longlists import Listed, LongList, Point
from service.running import clock
from service.verifying.judging import PARAMETERS, concerns

_LEAST = 0.1  # percent; what is less likely than one in a thousand is not worth anybody's look


@dataclass(frozen=True, slots=True)
class _Read:
    """A query as far as it could be read; what could not is as if it had not been said."""

    query: Query
    country: str | None
    kind: str | None
    point: Point | None

    @classmethod
    def of(cls, query: Query) -> _Read:
        written = query.first("country")
        country = known_country(written) if written else None
        return cls(query, country, kind_of(query.first("kind")) or query.type, _point(query, country))

    def asks(self, official: Listed) -> bool:
        """Return whether a list may hold what is looked for."""
        source = self.query.properties.get("source", ())
        if source and official.source not in source:
            return False
        return self.country is None or concerns(official, self.country)

    def place(self, at: int, columns: UnitColumns) -> dict[str, Any]:
        """Return it as a row of places to compare with one list."""
        levels = ((level, self.query.properties.get(level, ())) for level in (COARSE, FINE))
        lat, lon = self.point or (None, None)
        return {
            "id": str(at),
            "names": self.query.names,
            "country": self.country,
            "admin": [found for level, values in levels if (found := columns.placed(level, values))],
            "lat": lat,
            "lon": lon,
            "kind": self.kind,
        }


def candidates(lists: Sequence[Listed], queries: Sequence[Query]) -> list[list[Candidate]]:
    """Return the candidates for each query, of all lists together, the most probable first; at most one is a match.

    Raises `Problem` (not found) as `LongList.pieces` does.
    """
    read = [_Read.of(query) for query in queries]
    found: list[list[Candidate]] = [[] for _ in queries]
    for official in lists:
        asked = [at for at, one in enumerate(read) if one.asks(official)]
        for near, rows in _pieces(official, [read[at].point for at in asked]):
            for at, candidate in _compared(near, {asked[row]: read[asked[row]] for row in rows}):
                found[at].append(candidate)
    return [_best(some, query) for some, query in zip(found, queries, strict=True)]


def _pieces(official: Listed, points: Sequence[Point | None]) -> Iterator[tuple[OfficialList, list[int]]]:
    """Yield each list in memory that queries are compared with, and their positions."""
    if isinstance(official, LongList):
        yield from official.pieces(points)
    elif points:
        yield official, list(range(len(points)))


def _compared(official: OfficialList, asked: dict[int, _Read]) -> Iterator[tuple[int, Candidate]]:
    columns, numbers = UnitColumns(official), list(asked)
    places = Places.from_rows(asked[at].place(at, columns) for at in numbers)
    comparison = compare(places, official, PARAMETERS, today=clock.now().date(), company={})
    sure = {
        row: finding["official_id"]
        for row, finding in enumerate(comparison.found.rows())
        if "matched" in finding["attributes"] and not finding["needs_review"]
    }
    best = comparison.best.rows()
    entries = _entries(official, [one["official_id"] for one in best])
    for one in best:
        row, entry = one["record_row"], entries[one["official_id"]]
        at = numbers[row]
        if asked[at].query.type and compatibility(asked[at].query.type, entry.kind) is Compatibility.DIFFERENT:
            continue
        yield (
            at,
            Candidate(
                id=entry.id,
                name=entry.name,
                description=entry.description,
                types=entry.types,
                score=round(100 * one["probability"], 3),
                match=sure.get(row) == one["official_id"],
                features=features_of(one),
            ),
        )


def _entries(official: OfficialList, own_ids: Sequence[str]) -> dict[str, Entry]:
    distinct = list(dict.fromkeys(own_ids))
    rows = rows_by_id(official.index).numbers(distinct)
    return dict(zip(distinct, entries_at(official, rows.tolist()), strict=True))


def _best(found: list[Candidate], query: Query) -> list[Candidate]:
    """Return the most probable candidates; of those that matched in several lists only the first stays a match."""
    told = [one for one in found if one.score >= _LEAST and _agrees(one, query)]
    told.sort(key=lambda one: (-one.score, not one.match, one.id))
    first = next((one for one in told if one.match), None)
    return [one if one is first or not one.match else replace(one, match=False) for one in told[: query.limit]]


def _agrees(candidate: Candidate, query: Query) -> bool:
    """Return whether a candidate agrees in all that has to; what decides already which list is asked, agrees."""
    told = {feature.id: feature.value for feature in candidate.features}
    return all(told.get(TOLD_BY[name]) is True for name in query.required if name in TOLD_BY)


def _point(query: Query, country: str | None) -> Point | None:
    """Return where it is; None where that was not said, or cannot be right, as the zeros of an empty form."""
    lat, lon = _degrees(query.first("lat"), latitude=True), _degrees(query.first("lon"), latitude=False)
    if lat is None or lon is None or check_point(lat, lon, country) is not None:
        return None
    return lat, lon


def _degrees(text: str | None, *, latitude: bool) -> float | None:
    angle = read_angle(text) if text else None
    return angle.degrees if angle is not None and angle.latitude in {None, latitude} else None
