"""Bars of gaps by country, drawn here as a small SVG: lengths are shares of the longest, the table says the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from service.web.overview import Row

_WIDTH, _HEIGHT = 240.0, 14.0

_BAR = Markup('<rect class="{gap}" x="{x:.1f}" y="0" width="{wide:.1f}" height="{tall:.0f}"/>')
_SVG = Markup(
    '<svg class="bar" viewBox="0 0 {wide:.0f} {tall:.0f}" '
    'preserveAspectRatio="xMinYMid" aria-hidden="true" focusable="false">{bars}</svg>'
)


def bars(rows: Sequence[Row]) -> list[Markup]:
    """Return one bar for each row, its parts by kind of gap. The table they stand in says the numbers."""
    longest = max((sum(row.gaps.values()) for row in rows), default=0)
    return [_bar(row, longest) for row in rows]


def _bar(row: Row, longest: int) -> Markup:
    parts, x = [], 0.0
    for gap, times in row.gaps.items():
        wide = _WIDTH * times / longest if longest else 0.0
        if wide:
            parts.append(_BAR.format(gap=gap, x=x, wide=wide, tall=_HEIGHT))
        x += wide
    return _SVG.format(wide=_WIDTH, tall=_HEIGHT, bars=Markup("").join(parts))
