"""Symbols of a map: a verdict is told by shape and by filling, so that it is told in black and white too."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

from service.documents.words import verdict
from service.plots.figure import FAINT, INK, MAIN, OTHER, WARM

_LARGEST, _SMALLEST, _GROWTH = 13.0, 3.6, 1.7


@dataclass(frozen=True, slots=True)
class Look:
    """How flags of a verdict are drawn."""

    shape: str
    fill: str
    edge: str
    letters: str  # colour of a number inside


_LOOKS = {
    "hidden_place": Look("circle", MAIN, "#ffffff", "#ffffff"),
    "undercount": Look("triangle", OTHER, "#ffffff", "#ffffff"),
    "hidden_group": Look("square", INK, "#ffffff", "#ffffff"),
    "needs_review": Look("diamond", "#ffffff", INK, INK),
    "stale_official": Look("square", WARM, INK, INK),
}
_REST = Look("circle", "#ffffff", FAINT, INK)
_SANS = "DejaVu Sans, Verdana, sans-serif"


def order(code: str) -> int:
    """Return in which order verdicts are drawn: what matters most last, on top, and first in the legend reversed."""
    known = list(_LOOKS)
    return len(known) - known.index(code) if code in known else 0


def symbol(code: str, number: int, at: tuple[float, float]) -> str:
    """Return the symbol of so many flags of a verdict as SVG; several are larger, with their number inside."""
    look = _LOOKS.get(code, _REST)
    radius = min(_SMALLEST + _GROWTH * math.log2(number), _LARGEST)
    x, y = at
    drawn = f'<{_shape(look.shape, x, y, radius)} fill="{look.fill}" stroke="{look.edge}" stroke-width="0.9"/>'
    if number == 1:
        return drawn
    size = min(8.5, 2.3 * radius / max(len(f"{number:,}"), 1) + 1.5)
    low = 0.36 * size + (0.28 * radius if look.shape == "triangle" else 0)
    return drawn + text(f"{number:,}", (x, y + low), size, f'fill="{look.letters}" text-anchor="middle"')


def named(code: str) -> str:
    """Return what the legend calls it."""
    return verdict(code)


def text(words: str, at: tuple[float, float], size: float, more: str = "") -> str:
    """Return words on a picture as SVG; everything in them is escaped."""
    fill = "" if "fill=" in more else f' fill="{INK}"'
    place = f'x="{at[0]:.1f}" y="{at[1]:.1f}" font-family="{_SANS}" font-size="{size:.1f}"{fill}'
    return f"<text {place}{' ' + more if more else ''}>{escape(words)}</text>"


def _shape(shape: str, x: float, y: float, radius: float) -> str:
    if shape == "circle":
        return f'circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"'
    if shape == "square":
        side = radius * 1.75
        return f'rect x="{x - side / 2:.1f}" y="{y - side / 2:.1f}" width="{side:.1f}" height="{side:.1f}"'
    corners = {
        "triangle": ((0, -1.3), (1.25, 0.95), (-1.25, 0.95)),
        "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    }[shape]
    points = " ".join(f"{x + right * radius:.1f},{y + down * radius:.1f}" for right, down in corners)
    return f'polygon points="{points}"'
