"""Where labels of a map stand, so that they do not stand on one another: beside their points, else above or below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_TALL = 17.0  # of a line of text
_GAP = 15.0  # from the middle of a point to its label

Box = tuple[float, float, float, float]  # left, top, right, bottom


def label_places(points: Sequence[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """Return where the baseline of each label begins, for points (x, y, width of the label) in their order.

    Of the places about a point the one is taken that least covers points and labels before it; the right one first.
    """
    taken: list[Box] = [(x - 9, y - 9, x + 9, y + 9) for x, y, _ in points]
    found = []
    for x, y, wide in points:
        best = min(_about(x, y, wide), key=lambda box: sum(_common(box, other) for other in taken))
        taken.append(best)
        found.append((best[0], best[3] - 4))
    return found


def _about(x: float, y: float, wide: float) -> Iterator[Box]:
    half = _TALL / 2
    for left, middle in (
        (x + _GAP, y),
        (x - _GAP - wide, y),
        (x - wide / 2, y - _GAP - half),
        (x - wide / 2, y + _GAP + half),
        (x + _GAP, y - _TALL),
        (x + _GAP, y + _TALL),
    ):
        yield left, middle - half, left + wide, middle + half


def _common(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    return wide * tall if wide > 0 and tall > 0 else 0.0
