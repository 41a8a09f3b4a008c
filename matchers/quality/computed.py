"""What the records of a collection show by themselves, whatever is declared about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import numpy as np

from geodata.names.folding import fold
from geodata.places import Places

#: Above this share of last digits 0 or 5 (one in five by chance), numbers were rounded or guessed (methods.md, 4.5).
HEAPED = 0.6
#: The least error of counts that were, on the log scale.
SIGMA_HEAPED = 0.25

_LEAST_HEAPED = 20  # counts from which a share of last digits says anything
_SMALLEST = 10  # a count that is less has no last digit beside its only one
_COARSE_M = 2_000.0
_DECIMALS = 2  # of a degree: a kilometre
_SAME_SPOT = 5  # decimals of a degree: a metre
_NEARLY = 3  # the same, a hundred metres


@dataclass(frozen=True, slots=True)
class Facts:
    """What the records show. Shares lie between 0 and 1."""

    records: int
    gaps: tuple[tuple[str, float], ...]  # share of records that lack a part that every record should have
    duplicates: float  # of records that repeat another: one name in one place
    coarse: float  # of located records that are known to a kilometre only, as written or as said
    identical: float  # of located records that share their point with another
    heaped: float | None  # of counts that end in 0 or 5; None where there are too few to tell
    rounds: int  # years in which anything was observed or counted
    newest: date | None

    @property
    def sigma_floor(self) -> float | None:
        """The least error of its counts that the digits speak of, on the log scale."""
        return SIGMA_HEAPED if self.heaped is not None and self.heaped > HEAPED else None

    def lacking(self, part: str) -> float:
        """Return the share of records that lack a part."""
        return dict(self.gaps).get(part, 0.0)


def facts_of(places: Places) -> Facts | None:
    """Return what the records of a collection show; None where there are none."""
    if not len(places):
        return None
    counts: list[list[dict[str, Any]]] = [row or [] for row in places.column("counts").to_pylist()]
    observed: list[date | None] = places.column("observed").to_pylist()
    located = ~np.isnan(places.lat)
    days = [_newest(day, own) for day, own in zip(observed, counts, strict=True)]
    return Facts(
        records=len(places),
        gaps=tuple((name, _share(missing)) for name, missing in _gaps(places, counts, days).items()),
        duplicates=_repeated(_identities(places)),
        coarse=_coarse(places, located),
        identical=_repeated(_points(places, located, _SAME_SPOT)),
        heaped=_heaped([count["value"] for count in chain(*counts)]),
        rounds=len({day.year for day in days if day}),
        newest=max(filter(None, days), default=None),
    )


def facts_from(plain: dict[str, Any]) -> Facts:
    """Return facts as they were kept in JSON."""
    newest = plain["newest"]
    gaps = tuple((str(name), float(share)) for name, share in plain["gaps"])
    return Facts(**{**plain, "gaps": gaps, "newest": date.fromisoformat(newest) if newest else None})


def _gaps(places: Places, counts: list[list[dict[str, Any]]], days: Sequence[date | None]) -> dict[str, list[bool]]:
    """Return for each part that every record should have which records lack it."""
    languages = [[name["language"] for name in names] for names in places.column("names").to_pylist()]
    return {
        "language of the name": [not any(own) for own in languages],
        "location": np.isnan(places.lat).tolist(),
        "uncertainty of the location": np.isnan(places.r95_m).tolist(),
        "administrative unit": [not own for own in places.column("admin").to_pylist()],
        "kind of place": [kind is None for kind in places.texts("kind")],
        "count": [not any(_says_anything(count) for count in own) for own in counts],
        "method of the count": [not any(count["method"] for count in own) for own in counts],
        "date": [day is None for day in days],
    }


def _says_anything(count: dict[str, Any]) -> bool:
    return count["value"] is not None or count["low"] is not None


def _newest(observed: date | None, counts: list[dict[str, Any]]) -> date | None:
    return max((day for day in (observed, *(count["date"] for count in counts)) if day), default=None)


def _identities(places: Places) -> list[Any]:
    """Return what records that repeat one another have in common: their name, and where they are."""
    points = _points(places, np.ones(len(places), np.bool_), _NEARLY)
    units = [tuple(own or ()) if spot is None else () for own, spot in zip(_admin(places), points, strict=True)]
    names = map(fold, places.primary_names)
    return list(zip(names, places.texts("country"), points, units, strict=True))


def _admin(places: Places) -> list[Any]:
    return places.column("admin").to_pylist()  # type: ignore[no-any-return]


def _points(places: Places, where: Any, decimals: int) -> list[Any]:
    lat, lon = np.round(places.lat[where], decimals).tolist(), np.round(places.lon[where], decimals).tolist()
    return [None if a != a else (a, b) for a, b in zip(lat, lon, strict=True)]  # noqa: PLR0124 - NaN is unlike itself


def _repeated(keys: Sequence[Any]) -> float:
    """Return the share of keys that were there before; the first of each is no repetition."""
    return round(1 - len(Counter(keys)) / len(keys), 4) if keys else 0.0


def _coarse(places: Places, located: Any) -> float:
    if not located.any():
        return 0.0
    lat, lon = places.lat[located], places.lon[located]
    rounded = (np.round(lat, _DECIMALS) == lat) & (np.round(lon, _DECIMALS) == lon)
    return _share(rounded | (np.nan_to_num(places.r95_m[located]) > _COARSE_M))


def _heaped(values: Sequence[float | None]) -> float | None:
    whole = [int(value) for value in values if value is not None and value >= _SMALLEST and value == int(value)]
    return _share([value % 5 == 0 for value in whole]) if len(whole) >= _LEAST_HEAPED else None


def _share(flags: Any) -> float:
    return round(float(np.mean(flags)), 4)
