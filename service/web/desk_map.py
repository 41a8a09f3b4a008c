"""The map of a case: the account, the candidates beside it, how far each point may be off, and a scale. Drawn here.

No tile is asked for anywhere: whoever serves tiles would learn which place is looked at. Points lie as on a plane about
the account, which over some tens of kilometres is off by less than a line is wide.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from service.desk.words import distance_words
from service.web.desk_labels import label_places

_WIDTH, _HEIGHT, _MARGIN = 640.0, 440.0, 46.0
_M_PER_DEGREE = 111_195.0
_LEAST_M = 150.0  # to each side
_NEAR = 6.0  # times the distance of the nearest candidate; those beyond are told in words
_AT_LEAST_M = 3_000.0
_PER_SIGN = 8.2  # how wide a sign of a label is, about
_WINDS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")

_ACCOUNT = Markup('<path class="account" d="M{x:.1f} {above:.1f}l12 12-12 12-12-12z"/>')
_OFFICIAL = Markup(
    '<circle class="official" cx="{x:.1f}" cy="{y:.1f}" r="8.5"/>'
    '<text class="number" x="{x:.1f}" y="{below:.1f}">{number}</text>'
)
_NORTH = Markup(
    '<g class="north"><path d="M{x} 20l7 18-7-4-7 4z"/>'
    '<text class="label" x="{x}" y="54" text-anchor="middle">N</text></g>'
).format(x=int(_WIDTH - 28))

Point = tuple[float, float]  # metres east and north of the account


@dataclass(frozen=True, slots=True)
class Mark:
    """A point on the map."""

    at: Point
    radius_m: float | None
    label: str
    number: int | None  # of the candidate; None: an account


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map, and the candidates that lie too far away to be on it, in words."""

    svg: Markup
    beyond: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """How metres become units of the picture."""

    middle: Point
    scale: float  # units per metre

    def place(self, at: Point) -> Point:
        x = _WIDTH / 2 + (at[0] - self.middle[0]) * self.scale
        return x, _HEIGHT / 2 - (at[1] - self.middle[1]) * self.scale


def draw(case: Mapping[str, Any]) -> Drawn | None:
    """Return the map of a case, None where its account gives no point."""
    accounts = [one for one in case["accounts"] if one["location"]]
    if not accounts:
        return None
    origin = (accounts[0]["location"]["lat"], accounts[0]["location"]["lon"])
    marks = list(dict.fromkeys(_account(one, origin) for one in accounts))
    near, far = _candidates(case["candidates"], origin)
    outlines = [
        ring
        for side in (*accounts, *(one["entry"] for one in case["candidates"] if one["entry"]))
        for ring in _rings(side["area"], origin)
    ]
    frame = _framed([*marks, *near])
    drawn = [*marks, *near]
    parts = [*map(_outline_of(frame), outlines), *_circles(drawn, frame), *_points(drawn, frame)]
    words = _described(marks, near)
    svg = Markup(
        '<svg class="map" viewBox="0 0 {w:.0f} {h:.0f}" role="img" aria-labelledby="map-title map-words">'
        '<title id="map-title">Where it lies</title><desc id="map-words">{words}</desc>'
        '<rect class="ground" width="{w:.0f}" height="{h:.0f}" rx="6"/>{parts}{scale}{north}</svg>'
    ).format(w=_WIDTH, h=_HEIGHT, words=words, parts=Markup("").join(parts), scale=_scale(frame), north=_NORTH)
    return Drawn(svg, tuple(_beyond(mark) for mark in far))


def _account(account: Mapping[str, Any], origin: Point) -> Mark:
    place = account["location"]
    return Mark(_metres(place["lat"], place["lon"], origin), place["uncertainty_m"], account["name"] or "account", None)


def _candidates(candidates: Sequence[Mapping[str, Any]], origin: Point) -> tuple[list[Mark], list[Mark]]:
    marks = [
        Mark(_metres(entry["lat"], entry["lon"], origin), entry["uncertainty_m"], one["official_name"] or "entry", at)
        for at, one in enumerate(candidates, 1)
        if (entry := one["entry"]) and entry["lat"] is not None
    ]
    reach = max(_AT_LEAST_M, _NEAR * min((math.hypot(*mark.at) for mark in marks), default=0.0))
    near = [mark for mark in marks if math.hypot(*mark.at) <= reach]
    return near, [mark for mark in marks if mark not in near]


def _metres(lat: float, lon: float, origin: Point) -> Point:
    turn = (lon - origin[1] + 180) % 360 - 180
    return turn * _M_PER_DEGREE * math.cos(math.radians(origin[0])), (lat - origin[0]) * _M_PER_DEGREE


def _framed(marks: Sequence[Mark]) -> _Frame:
    reach = [(mark.at, min(mark.radius_m or 0.0, _AT_LEAST_M)) for mark in marks]
    west, east = min(at[0] - r for at, r in reach), max(at[0] + r for at, r in reach)
    south, north = min(at[1] - r for at, r in reach), max(at[1] + r for at, r in reach)
    wide, tall = max(east - west, 2 * _LEAST_M), max(north - south, 2 * _LEAST_M)
    scale = min((_WIDTH - 2 * _MARGIN) / wide, (_HEIGHT - 2 * _MARGIN) / tall)
    return _Frame(((west + east) / 2, (south + north) / 2), scale)


def _circles(marks: Sequence[Mark], frame: _Frame) -> Iterator[Markup]:
    for mark in marks:
        if mark.radius_m:
            x, y = frame.place(mark.at)
            yield Markup('<circle class="{kind} error" cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>').format(
                kind=_kind(mark), x=x, y=y, r=mark.radius_m * frame.scale
            )


def _points(marks: Sequence[Mark], frame: _Frame) -> Iterator[Markup]:
    at = [frame.place(mark.at) for mark in marks]
    boxes = label_places([(x, y, _wide(mark)) for mark, (x, y) in zip(marks, at, strict=True)])
    for mark, (x, y) in zip(marks, at, strict=True):
        shape = _ACCOUNT if mark.number is None else _OFFICIAL
        yield shape.format(x=x, y=y, above=y - 12, below=y + 4, number=mark.number)
    for mark, (x, y) in zip(marks, boxes, strict=True):
        yield Markup('<text class="label {kind}" x="{x:.1f}" y="{y:.1f}">{label}</text>').format(
            kind=_kind(mark), x=x, y=y, label=_short(mark.label)
        )


def _wide(mark: Mark) -> float:
    return _PER_SIGN * len(_short(mark.label))


def _rings(area: Mapping[str, Any] | None, origin: Point) -> Iterator[list[Point]]:
    if area is None:
        return
    polygons = area["coordinates"] if area["type"] == "MultiPolygon" else [area["coordinates"]]
    if area["type"] in {"Polygon", "MultiPolygon"}:
        for polygon in polygons:
            for ring in polygon:
                yield [_metres(lat, lon, origin) for lon, lat, *_ in ring]


def _outline_of(frame: _Frame) -> Any:
    def outline(ring: Sequence[Point]) -> Markup:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(frame.place, ring))
        return Markup('<polygon class="outline" points="{path}"/>').format(path=path)

    return outline


def _scale(frame: _Frame) -> Markup:
    """Return a bar of a round length, about a fifth of the picture."""
    wanted = _WIDTH / 5 / frame.scale
    power = 10.0 ** math.floor(math.log10(wanted))
    length = max(step * power for step in (1, 2, 5) if step * power <= wanted)
    x, y, wide = 20.0, _HEIGHT - 20.0, length * frame.scale
    return Markup(
        '<path class="scale" d="M{x:.1f} {a:.1f}v8h{wide:.1f}v-8"/>'
        '<text class="label" x="{x:.1f}" y="{b:.1f}">{told}</text>'
    ).format(x=x, a=y - 8, wide=wide, b=y - 13, told=distance_words(length))


def _beyond(mark: Mark) -> str:
    return f"{mark.number} {mark.label} lies beyond the map, {_where(mark)}"


def _where(mark: Mark) -> str:
    wind = _WINDS[round(math.degrees(math.atan2(*mark.at)) / 45) % 8]
    return f"{distance_words(math.hypot(*mark.at))} to the {wind}"


def _described(marks: Sequence[Mark], near: Sequence[Mark]) -> str:
    told = [f"{mark.label} as its community tells it" for mark in marks[:1]]
    told += [f"candidate {mark.number}, {mark.label}, {_where(mark)}" for mark in near]
    return "; ".join(told) + "."


def _kind(mark: Mark) -> str:
    return "account" if mark.number is None else "official"


def _short(text: str) -> str:
    longest = 26
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
