"""Which submissions a person should look at before anybody acts on them: copied, or more than can be.

An organisation's first upload of thousands is a normal thing, and so are a few facilities at one point. What is set
aside alone: many accounts on one and the same spot, a flood beyond an organisation's own habit, more people than a
place can hold. What is only noted beside such a ground: texts that repeat one another, counts that end in 0 or 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np

from geodata.index.areas import Areas
from geodata.places import Places
from matchers.communities.texts import alike_texts
from matchers.pairs import Floats

COPIES = 20  # accounts on one spot, of one organisation, that are no coincidence if they are much of what it sent
MANY_COPIES = 100  # that are none in any case
_MUCH = 0.5  # share of a day's accounts
_HONEST_R95_M = 1_000.0  # whoever says that a location is this rough may well give many the same
FLOOD = 100  # accounts a day that are never too many
_DAYS = 5  # of sending, from which there is a habit to compare with
_MADS = 6.0  # median absolute deviations above the median day
_TIMES_OTHERS = 3.0  # as many as all others together ever sent about the country
_PERSONS_PER_DWELLING, _PERSONS_PER_HA = 15.0, 2_500.0
_HEAPED, _ENOUGH_COUNTS = 0.6, 20
_PLACES = 5  # decimals of a degree, about a metre


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an account is set aside, as a code and in plain words."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class History:
    """What the organisation sent before this."""

    at_spot: dict[str, int] = field(default_factory=dict)  # accounts on each spot
    today: int = 0  # accounts new today
    days: Sequence[int] = ()  # new accounts on each earlier day on which it sent any
    others: int | None = None  # accounts that all others ever sent about the country; None where not asked


def spot_of(lat: float | None, lon: float | None) -> str | None:
    """Return a point to five decimals as a text, None where there is none."""
    return None if lat is None or lon is None else f"{lat + 0.0:.{_PLACES}f},{lon + 0.0:.{_PLACES}f}"


def examine(places: Places, history: History) -> list[tuple[Ground, ...]]:
    """Return for each account why it should be set aside, nothing where it should not.

    The accounts are what one organisation sends now; those of one day belong together.
    """
    total = history.today + len(places)
    flood = _flood(total, history)
    spots = [spot_of(*point) for point in zip(_plain(places.lat), _plain(places.lon), strict=True)]
    copies = _copies(spots, history)
    shared = {spot: number for spot, number in zip(spots, copies, strict=True) if number >= COPIES}
    much = sum(shared.values()) >= _MUCH * total
    rough = places.r95_m >= _HONEST_R95_M
    grounds: list[list[Ground]] = [[] for _ in spots]
    crowded = _crowded(places)
    for row, number in enumerate(copies):
        if not rough[row] and (number >= MANY_COPIES or (number >= COPIES and much)):
            grounds[row].append(Ground("copied_geometry", _COPIED.format(number=number)))
        if flood:
            grounds[row].append(flood)
        too_many = crowded[row]
        if too_many:
            grounds[row].append(Ground("implausible_count", too_many))
    if not any(grounds):
        return [()] * len(places)
    noted = _noted(places)
    return [(*own, *noted[row]) if own else () for row, own in enumerate(grounds)]


def flood_of(today: int, days: Sequence[int]) -> float | None:
    """Return the most accounts a day that this habit allows, where `today` is more; None where it is not.

    The median of the earlier days plus six median absolute deviations, at least `FLOOD`; without a habit, no limit.
    """
    if len(days) < _DAYS:
        return None
    usual = median(days)
    most = max(usual + _MADS * median(abs(day - usual) for day in days), FLOOD)
    return most if today > most else None


def heaped(counts: Floats) -> float | None:
    """Return the share of counts that end in 0 or 5 where that shows rounding by eye; None where it does not.

    Counts below ten and sets of fewer than twenty counts show nothing.
    """
    large = counts[counts >= 10]  # noqa: PLR2004 - with one digit, the last one is all
    if len(large) < _ENOUGH_COUNTS:
        return None
    share = float(np.isin(np.rint(large) % 5, 0).mean())
    return share if share > _HEAPED else None


_COPIED = "{number} accounts of this organisation stand on the very same point, to five decimals of a degree."
_FLOODED = "{today} new accounts in one day, where {most:.0f} would be much by this organisation's own habit."
_OUTGROWN = "{today} new accounts in one day, more than three times what all others ever sent about the country."
_HOUSED = "{persons:,.0f} people in {dwellings:,.0f} dwellings: more than {most:.0f} in each."
_PACKED = "{persons:,.0f} people on {hectares:,.1f} hectares: more than {most:,.0f} on each."


def _flood(today: int, history: History) -> Ground | None:
    most = flood_of(today, history.days)
    if most is not None:
        return Ground("rate_alarm", _FLOODED.format(today=today, most=most))
    # Whoever begins may well begin with a whole survey; only an organisation with a habit is held against others.
    habit = len(history.days) >= _DAYS and history.others is not None and today > FLOOD
    if habit and history.others is not None and today > _TIMES_OTHERS * history.others > 0:
        return Ground("rate_alarm", _OUTGROWN.format(today=today))
    return None


def _copies(spots: Sequence[str | None], history: History) -> list[int]:
    """Return how many accounts stand on each account's spot, those of before included."""
    here: dict[str, int] = dict(history.at_spot)
    for spot in spots:
        if spot is not None:
            here[spot] = here.get(spot, 0) + 1
    return [here[spot] if spot is not None else 0 for spot in spots]


def _crowded(places: Places) -> list[str | None]:
    """Return in words where an account claims more people than its dwellings or its area can hold."""
    said: list[str | None] = [None] * len(places)
    areas = Areas.of(places)
    hectares = dict(zip(areas.rows.tolist(), (areas.km2 * 100).tolist(), strict=True)) if len(areas.rows) else {}
    for row, counts in enumerate(places.column("counts").to_pylist()):
        persons, dwellings = (_most(counts or (), unit) for unit in ("persons", "dwellings"))
        ground = hectares.get(row, 0.0)
        if dwellings and persons > _PERSONS_PER_DWELLING * dwellings:
            said[row] = _HOUSED.format(persons=persons, dwellings=dwellings, most=_PERSONS_PER_DWELLING)
        elif ground and persons > _PERSONS_PER_HA * max(ground, 1.0):
            said[row] = _PACKED.format(persons=persons, hectares=ground, most=_PERSONS_PER_HA)
    return said


def _most(counts: Sequence[dict[str, Any]], unit: str) -> float:
    """Return the greatest count of everybody in a unit, 0 where there is none."""
    return max(
        (count["value"] for count in counts if count["value"] and count["unit"] == unit and not count["group"]),
        default=0.0,
    )


def _noted(places: Places) -> list[tuple[Ground, ...]]:
    """Return what stands out besides in accounts that are set aside."""
    texts = alike_texts(
        [max((text or "" for _, text in row or ()), key=len, default="") for row in _attributes(places)]
    )
    counts = [count["value"] for row in places.column("counts").to_pylist() for count in row or () if count["value"]]
    share = heaped(np.array(counts, np.float64))
    rounded = () if share is None else (Ground("digit_heaping", f"{share:.0%} of the counts end in 0 or 5."),)
    return [
        (
            *(
                (Ground("copied_text", f"{number} of these accounts carry nearly the same text."),)
                if number > 1
                else ()
            ),
            *rounded,
        )
        for number in texts
    ]


def _attributes(places: Places) -> list[list[tuple[str, str | None]]]:
    return [list(row or ()) for row in places.column("attributes").to_pylist()]


def _plain(degrees: Floats) -> list[float | None]:
    return [None if np.isnan(value) else value for value in degrees.tolist()]
