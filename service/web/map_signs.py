"""The signs of the map: for each verdict a colour and a shape, so that neither has to be seen to tell them apart.

Colours are those of Okabe and Ito (Color Universal Design, 2008), which people with any colour vision tell apart.
Shapes lie in a box of 24 by 24; legend and map draw the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """A colour, and the outline of a shape as SVG writes paths."""

    colour: str
    path: str


_UP = "M12 3.5 21.5 20h-19z"
_DOWN = "M12 20.5 2.5 4h19z"
_SQUARE = "M4.5 4.5h15v15h-15z"
_DIAMOND = "M12 2 22 12 12 22 2 12z"
_CIRCLE = "M12 4a8 8 0 1 0 .01 0z"
_STAR = "m12 2 2.6 6.6 7 .4-5.4 4.5 1.8 6.9-6-3.8-6 3.8 1.8-6.9L2.4 9l7-.4z"
_CROSS = "M7 3.5 12 8.5l5-5 3.5 3.5-5 5 5 5-3.5 3.5-5-5-5 5-3.5-3.5 5-5-5-5z"
_PLUS = "M9 3h6v6h6v6h-6v6h-6v-6h-6v-6h6z"

#: By verdict, in the order of the legend.
SIGNS = {
    "hidden_place": Sign("#d55e00", _UP),
    "hidden_group": Sign("#cc79a7", _DIAMOND),
    "undercount": Sign("#e69f00", _SQUARE),
    "needs_review": Sign("#f0e442", _STAR),
    "stale_official": Sign("#56b4e9", _DOWN),
    "consistent": Sign("#009e73", _CIRCLE),
    "not_assessable": Sign("#999999", _CROSS),
    "insufficient_evidence": Sign("#ffffff", _PLUS),
}

#: An entry of an official list: a ring, where what citizens say is filled.
OFFICIAL = Sign("#0072b2", _CIRCLE)
