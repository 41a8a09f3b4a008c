"""Tables of counts that leave: which cells are withheld so that nobody can be counted out, and how others are rounded.

`table` is what is to be told, `primary` says which cells are sensitive by themselves, `attack` plays a reader with a
computer and `asking` questions it, `pattern` withholds what that reader would need, `rounding` blurs the rest,
`protect` does it all in order.
"""

from __future__ import annotations

from service.disclosure.tables.asking import intervals
from service.disclosure.tables.attack import Attacker
from service.disclosure.tables.cube import Dimension, cube
from service.disclosure.tables.protect import Protected, protect
from service.disclosure.tables.rounding import Rounder
from service.disclosure.tables.table import Sum, Table, Unsolvable

__all__ = [
    "Attacker",
    "Dimension",
    "Protected",
    "Rounder",
    "Sum",
    "Table",
    "Unsolvable",
    "cube",
    "intervals",
    "protect",
]
