"""Angles and pairs of them as people write coordinates: 1°17'32"S, S 1.2921, 1 17 32 S, "-1,2921; 36,8219".

Only decimal degrees are taken as they stand. Any other notation can hide a slip (a lost side of the equator, minutes
for decimals), so what it seems to say is for proposing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIDES = {
    "n": 1, "north": 1, "norte": 1, "nord": 1, "s": -1, "south": -1, "sur": -1, "sud": -1, "sul": -1,
    "e": 1, "east": 1, "este": 1, "est": 1, "leste": 1,
    "w": -1, "west": -1, "o": -1, "oeste": -1, "ouest": -1,
}  # fmt: skip
_LATITUDES = frozenset({"n", "north", "norte", "nord", "s", "south", "sur", "sud", "sul"})
_SIDE = "|".join(sorted(_SIDES, key=len, reverse=True))
_ANGLE = re.compile(
    rf"(?P<before>{_SIDE})?\.?\s*(?P<sign>[+\u2212-])?\s*(?P<degrees>\d{{1,3}}(?:[.,]\d+)?)\s*(?:[\u00b0\u00ba\u02da\u00b7d:]|deg)?\s*"
    r"(?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*(?:['\u2032\u2019\u2018\u00b4`m:]|min)?\s*"
    r"(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:[\"\u2033\u201d\u201c]|''|\u2019\u2019|\u2032\u2032|sec|s(?=\s*[nsewo]))?\s*)?)?"
    rf"(?P<after>{_SIDE})?\.?",
    re.IGNORECASE,
)
_MINUTES = 60

#: Two numbers with commas for decimals, and two as surveys write a point (altitude and accuracy may follow).
_COMMAS = re.compile(r"[(\[]?\s*([+\u2212-]?\d+,\d+)(?:\s*[;/]\s*|\s+|,\s+)([+\u2212-]?\d+,\d+)\s*[)\]]?")
_POINTS = re.compile(
    r"[(\[]?\s*([+\u2212-]?\d+(?:\.\d+)?)(?:\s*[,;/]\s*|\s+)([+\u2212-]?\d+(?:\.\d+)?)"
    r"((?:[\s,;]+[+-]?\d+(?:\.\d+)?){0,2})\s*[)\]]?"
)

#: A zone of the Universal Transverse Mercator grid, with metres east and north.
_UTM = re.compile(
    r"(?:\d{1,2}\s?[a-z]?[\s,;:]+)?\d{6}(?:[.,]\d+)?\s*m?\s*e?[\s,;]+\d{5,8}(?:[.,]\d+)?\s*m?\s*n?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Angle:
    """Decimal degrees, and whether the text says that it is a latitude (True), a longitude (False) or neither."""

    degrees: float
    latitude: bool | None


def read_angle(text: str) -> Angle | None:
    """Read degrees, minutes and seconds, or decimal degrees with a side; None when it is no angle."""
    found = _ANGLE.fullmatch(text.strip())
    if found is None:
        return None
    degrees, minutes, seconds = (_number(found[part]) for part in ("degrees", "minutes", "seconds"))
    if minutes >= _MINUTES or seconds >= _MINUTES:
        return None
    side = (found["before"] or found["after"] or "").lower()
    sign = -1 if (found["sign"] or "+") != "+" else 1
    size = degrees + minutes / 60 + seconds / 3600
    return Angle(sign * _SIDES.get(side, 1) * size, side in _LATITUDES if side else None)


def read_point(text: str) -> tuple[float, float] | None:
    """Read two decimal numbers in the order they stand; None where there are not two, or it is not clear."""
    text = text.strip()
    if found := _COMMAS.fullmatch(text):
        return _number(found[1]), _number(found[2])
    found = _POINTS.fullmatch(text)
    if found is None or ("," in text and found[3] and "." not in found[1] + found[2]):
        return None
    return _number(found[1]), _number(found[2])


def propose_point(text: str) -> tuple[float, float] | None:
    """Return the (latitude, longitude) that a pair of angles with sides seems to say, None where it says none."""
    for cut in re.finditer(r"[\s,;/]+", text.strip()):
        first, second = (read_angle(part) for part in (text.strip()[: cut.start()], text.strip()[cut.end() :]))
        if first and second and None not in {first.latitude, second.latitude} and first.latitude != second.latitude:
            north, east = (first, second) if first.latitude else (second, first)
            return north.degrees, east.degrees
    return None


def is_utm(text: str) -> bool:
    """Tell whether this looks like metres of a projected grid rather than degrees."""
    return _UTM.fullmatch(text.strip()) is not None


def _number(text: str | None) -> float:
    return float((text or "0").replace(",", ".").replace("\u2212", "-"))
