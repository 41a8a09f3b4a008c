"""The map of a report: its flags where this reader is shown them, on the borders of official units.

Only what the redactor left is drawn: a coarse place is a coarse place here too, and the broken circle about it says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import shapely
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from service.documents.gathering import Gathered, Spot
from service.documents.ground import Extent, Ground, extent_of, ground
from service.documents.outlines import Outline
from service.documents.parts import Picture
from service.documents.symbols import named, order, symbol, text
from service.documents.words import several
from service.plots.figure import INK

_WIDTH, _HEIGHTS = 560.0, (260.0, 470.0)
_SIDE = 172.0  # the column beside the map: legend, scale, north
_TOGETHER = 15.0  # units of the picture: places nearer than about that are one symbol
_CIRCLES = 400  # drawn at most
_VISIBLE = 7.0  # radius from which a circle says more than the symbol in its middle
_FINEST = 0.6  # of borders, in units of the picture


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is drawn, and on what."""

    ground: Ground
    outlines: Sequence[Outline]
    spots: Mapping[Spot, int]


def drawn_map(found: Gathered, outlines: Sequence[Outline]) -> Picture | None:
    """Return the map of what was gathered, None where no place may be shown."""
    if not found.spots:
        return None
    corners = [corner for spot in found.spots for corner in _corners(spot)]
    sheet = _Sheet(ground(extent_of(corners), _WIDTH, _HEIGHTS), outlines, found.spots)
    caption, told = "Where the flags of this report lie", _told(found)
    width, height = _WIDTH + _SIDE, max(sheet.ground.height, 300.0) + 18
    body = "".join(_body(sheet))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" aria-labelledby="map-title map-told"><title id="map-title">{caption}</title>'
        f'<desc id="map-told">{escape(told)}</desc>{body}</svg>'
    )
    return Picture(caption, told, svg, ours=True)


def _body(sheet: _Sheet) -> Iterator[str]:
    area = sheet.ground
    size = f'width="{area.width:.1f}" height="{area.height:.1f}"'
    yield f'<defs><clipPath id="map-frame"><rect x="0" y="0" {size}/></clipPath></defs>'
    yield f'<rect x="0" y="0" {size} fill="#f7f7f4"/><g clip-path="url(#map-frame)">'
    yield from _borders(sheet)
    yield from _grid(area)
    yield from _circles(sheet)
    yield from _symbols(sheet)
    yield f'</g><rect x="0" y="0" {size} fill="none" stroke="{INK}" stroke-width="0.8"/>'
    yield from _edge(area)
    yield from _beside(sheet)


def _borders(sheet: _Sheet) -> Iterator[str]:
    extent, area = sheet.ground.extent, sheet.ground
    tolerance = _FINEST / area.width * (extent.east - extent.west)
    for outline in sheet.outlines:
        for border in outline.borders:
            for turn in (0.0, 360.0) if extent.east > 180 else (0.0,):  # noqa: PLR2004 - the antimeridian
                path = _path(area, _cut(border, extent, turn).simplify(tolerance))
                if path:
                    yield f'<path d="{path}" fill="#ffffff" stroke="#8a8a8a" stroke-width="0.6" fill-rule="evenodd"/>'


def _cut(border: BaseGeometry, extent: Extent, turn: float) -> BaseGeometry:
    """Return the part of a border that the map shows, and a little more, so that no edge of the paper is a border."""
    more = 0.02 * (extent.east - extent.west)
    box = (extent.west - more - turn, extent.south - more, extent.east + more - turn, extent.north + more)
    part = shapely.clip_by_rect(shapely.make_valid(border), *box)
    return translate(part, turn) if turn else part


def _path(area: Ground, shown: BaseGeometry) -> str:
    rings = []
    for part in shapely.get_parts(shown):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            corners = (area.at(lat, lon) for lon, lat in shapely.get_coordinates(ring))
            rings.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in corners) + "Z")
    return "".join(rings)


def _grid(area: Ground) -> Iterator[str]:
    parallels, meridians = area.lines()
    line = 'stroke="#b9c4c9" stroke-width="0.4" stroke-dasharray="1.5 2.5"'
    for lat in parallels:
        y = area.at(lat, area.extent.west)[1]
        yield f'<line x1="0" y1="{y:.1f}" x2="{area.width:.1f}" y2="{y:.1f}" {line}/>'
    for lon in meridians:
        x = area.at(area.extent.south, lon)[0]
        yield f'<line x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{area.height:.1f}" {line}/>'


def _edge(area: Ground) -> Iterator[str]:
    """Write the degrees beside the lines: outside the frame below, inside it on the left."""
    parallels, meridians = area.lines()
    for lat in parallels:
        y = area.at(lat, area.extent.west)[1]
        if 12 < y < area.height - 4:  # noqa: PLR2004 - where it does not touch the frame
            yield text(_degrees(lat, "N", "S"), (3, y - 2), 7, 'fill="#555555"')
    for lon in meridians:
        x = area.at(area.extent.south, lon)[0]
        if 16 < x < area.width - 16:  # noqa: PLR2004 - as above
            wrapped = lon - 360 if lon > 180 else lon  # noqa: PLR2004 - the antimeridian
            yield text(_degrees(wrapped, "E", "W"), (x, area.height + 10), 7, 'fill="#555555" text-anchor="middle"')


def _circles(sheet: _Sheet) -> Iterator[str]:
    """Draw the circles that hold the true places, the largest first."""
    area = sheet.ground
    wide = sorted(
        {spot[1:] for spot in sheet.spots if spot.radius_m * area.per_m > _VISIBLE}, key=lambda at: (-at[2], at)
    )
    for lat, lon, radius_m in wide[:_CIRCLES]:
        x, y = area.at(lat, lon)
        look = f'fill="{INK}" fill-opacity="0.04" stroke="#6b6b6b" stroke-width="0.6" stroke-dasharray="3 2"'
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius_m * area.per_m:.1f}" {look}/>'


def _symbols(sheet: _Sheet) -> Iterator[str]:
    """Draw one symbol for flags that would cover one another, what matters most on top."""
    together: Counter[tuple[str, int, int]] = Counter()
    middles: dict[tuple[str, int, int], list[float]] = {}
    for spot, number in sheet.spots.items():
        x, y = sheet.ground.at(spot.lat, spot.lon)
        key = (spot.verdict, int(x // _TOGETHER), int(y // _TOGETHER))
        together[key] += number
        middle = middles.setdefault(key, [0.0, 0.0])
        middle[0] += x * number
        middle[1] += y * number
    for key in sorted(together, key=lambda one: (order(one[0]), -together[one], one)):
        number = together[key]
        yield symbol(key[0], number, (middles[key][0] / number, middles[key][1] / number))


def _beside(sheet: _Sheet) -> Iterator[str]:
    """Write what the map needs to be read: north, scale, what symbols and lines mean."""
    area, x = sheet.ground, _WIDTH + 16
    yield f'<path d="M{x + 7:.1f},4 l7,20 l-7,-5 l-7,5 Z" fill="{INK}"/>' + text("N", (x + 18, 18), 10)
    length = area.bar_km()
    wide = length * 1_000 * area.per_m
    yield f'<path d="M{x:.1f},44 v5 h{wide:.1f} v-5" fill="none" stroke="{INK}" stroke-width="1.2"/>'
    unit = f"{length:g} km" if length >= 1 else f"{length * 1000:g} m"
    yield text(unit, (x + wide + 5, 50), 8)
    y = 76.0
    for code in sorted({spot.verdict for spot in sheet.spots}, key=lambda one: (-order(one), one)):
        yield symbol(code, 1, (x + 7, y - 3)) + text(named(code), (x + 20, y), 8.5)
        y += 17
    if max(sheet.spots.values()) > 1 or len(sheet.spots) > 1:
        yield from _lines(("A number: so many flags near", "one another, drawn as one"), x, y + 4)
        y += 30
    if any(spot.radius_m * area.per_m > _VISIBLE for spot in sheet.spots):
        look = 'fill="none" stroke="#6b6b6b" stroke-width="0.8" stroke-dasharray="3 2"'
        yield f'<circle cx="{x + 7:.1f}" cy="{y + 3:.1f}" r="6" {look}/>'
        yield from _lines(("Holds the true place", "with 95 % probability"), x + 20, y + 3)
        y += 28
    if sheet.outlines:
        yield f'<path d="M{x:.1f},{y + 2:.1f} h14" stroke="#8a8a8a" stroke-width="1"/>'
        yield from _lines(("Borders of official units",), x + 20, y + 5)


def _lines(lines: Sequence[str], x: float, y: float) -> Iterator[str]:
    for at, line in enumerate(lines):
        yield text(line, (x, y + 11 * at), 8, f'fill="{INK}"')


def _corners(spot: Spot) -> tuple[tuple[float, float], ...]:
    """Return the place, and how far north and south of it the true one may lie."""
    away = min(spot.radius_m / 111_195.0, 5.0)
    return (spot.lat, spot.lon), (max(spot.lat - away, -90), spot.lon), (min(spot.lat + away, 90), spot.lon)


def _told(found: Gathered) -> str:
    numbers: Counter[str] = Counter()
    for spot, number in found.spots.items():
        numbers[spot.verdict] += number
    parts = [f"{number:,} {named(code).lower()}" for code, number in sorted(numbers.items())]
    lats, lons = [spot.lat for spot in found.spots], [spot.lon for spot in found.spots]
    between = (
        f"between latitudes {min(lats):.2f} and {max(lats):.2f} and longitudes {min(lons):.2f} and {max(lons):.2f}"
    )
    return f"A map of {several(numbers.total(), 'flag')} {between}: {', '.join(parts)}."


def _degrees(value: float, positive: str, negative: str) -> str:
    bare = f"{abs(value):.3f}".rstrip("0").rstrip(".")
    return f"{bare}°{positive if value > 0 else negative if value < 0 else ''}"
