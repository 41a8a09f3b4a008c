"""What agreement of administrative units says: the finest unit that both sides name under the same header."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from geodata.index import PlaceIndex
from geodata.index.admin import AdminKey
from geodata.kernels.arrays import fixed, real, whole
from geodata.kernels.jit import COMPILED
from geodata.numbering import Numbering
from geodata.texts import Texts
from matchers.pairs import Feature, Floats, Pairs, Rows, log2
from matchers.parameters import Geography
from matchers.records import Records

LEVELS = ("not_available", "same", "sibling", "different")


@dataclass(frozen=True)
class Units:
    """One administrative column of the list: each row's value by number, and how much of the list each value holds."""

    column: str
    value: Rows  # by row; -1 where the row does not say
    number: Numbering
    share: Floats  # by number of the value

    @classmethod
    def all_of(cls, index: PlaceIndex) -> tuple[Units, ...]:
        """Return the columns of a list, the finest (most distinct values) first."""
        keys, groups = index.admin.keys, index.admin.groups
        begin = [at for at, key in enumerate(keys) if not at or keys[at - 1].column != key.column]
        units = []
        for first, last in pairwise([*begin, len(keys)]):
            values = np.full(len(index.places), -1, np.int64)
            held = slice(groups.start[first], groups.start[last])
            values[groups.rows[held]] = np.repeat(np.arange(last - first), groups.sizes[first:last])
            said = np.bincount(values[values >= 0], minlength=last - first)
            number = Numbering.of(Texts.of([key.value for key in keys[first:last]]))
            units.append(cls(keys[first].column, values, number, said / max(int(said.sum()), 1)))
        return tuple(sorted(units, key=lambda unit: (-len(unit.number), unit.column)))


def compare_admin(pairs: Pairs, said: Rows, units: tuple[Units, ...], geography: Geography) -> Feature:
    """Weigh the finest unit both sides name; where it differs, a coarser one that agrees makes them siblings.

    A column with one value throughout the list tells its places no better apart, and only a difference in it counts.
    `said` is what `said_units` returns.
    """
    weighed = _compiled if COMPILED else _plain
    level, ratio = weighed(pairs, said, units, geography)
    return Feature("admin", LEVELS, level, log2(ratio))


def _compiled(pairs: Pairs, said: Rows, units: tuple[Units, ...], geography: Geography) -> tuple[Rows, Floats]:
    from matchers.kernels.evidence import Unit, weigh_unit  # noqa: PLC0415 - loads numba, which takes half a second

    found = np.zeros(len(pairs), np.int64), np.ones(len(pairs))
    for unit, value in zip(units, said, strict=True):
        if (value == _SILENT).all():
            continue
        telling = len(unit.number) > 1
        worth = geography.admin_same if telling else 1.0, geography.admin_sibling, geography.admin_different
        of = Unit(whole(value), fixed(unit.value), real(unit.share), worth, _LEAST, telling)
        weigh_unit(whole(pairs.record), whole(pairs.row), of, found)
    return found


def worth_of(said: Rows, unit: Units, geography: Geography) -> tuple[Floats, Floats, Floats]:
    """Return by record the likelihood ratio of its unit in a column: of the same, of a sibling's, of another.

    `said` is what records say in that column. 0 where a sibling's cannot tell places apart.
    """
    share = np.where(said >= 0, unit.share[np.maximum(said, 0)], 0.0)
    telling, listed = len(unit.number) > 1, np.where(said >= 0, share, 1.0)
    return (
        (geography.admin_same if telling else 1.0) / listed,
        (geography.admin_sibling if telling else 0.0) / listed,
        geography.admin_different / np.maximum(1 - share, _LEAST),
    )


def _plain(pairs: Pairs, said: Rows, units: tuple[Units, ...], geography: Geography) -> tuple[Rows, Floats]:
    """Return level and likelihood ratio of each pair without compiled code."""
    level, ratio = np.zeros(len(pairs), np.int64), np.ones(len(pairs))
    for unit, value in zip(units, said, strict=True):
        mine, theirs = value[pairs.record], unit.value[pairs.row]
        known = (mine != _SILENT) & (theirs >= 0)
        same, telling = known & (mine == theirs), len(unit.number) > 1
        share = np.where(mine >= 0, unit.share[np.maximum(mine, 0)], 0.0)
        first, later = known & (level == 0), same & (level == _DIFFERENT) & telling
        agreed = np.where(same, geography.admin_same if telling else 1.0, 0.0) / np.where(same, share, 1.0)
        ratio = np.where(
            first, np.where(same, agreed, geography.admin_different / np.maximum(1 - share, _LEAST)), ratio
        )
        ratio = np.where(later, geography.admin_sibling / np.where(later, share, 1.0), ratio)
        level = np.where(first, np.where(same, _SAME, _DIFFERENT), np.where(later, _SIBLING, level))
    return level, ratio


_SAME, _SIBLING, _DIFFERENT = 1, 2, 3
_SILENT, _UNLISTED = -1, -2
_LEAST = 0.05  # share of the list taken to lie outside the largest of units


def said_units(records: Records, units: tuple[Units, ...]) -> Rows:
    """Return what each record says in each column of the list, columns x records.

    Values are by number, -1 where the record says none, -2 where the list lacks the unit.
    """
    said = np.full((len(units), len(records.places)), _SILENT, np.int64)
    position = {unit.column: at for at, unit in enumerate(units)}
    known: dict[AdminKey, int] = {}  # few units recur in many records
    for key, row in zip(records.admin, records.admin_rows.tolist(), strict=True):
        at = position.get(key.column)
        if at is not None:
            if key not in known:
                number = int(units[at].number.numbers([key.value])[0])
                known[key] = number if number >= 0 else _UNLISTED
            said[at, row] = known[key]
    return said
